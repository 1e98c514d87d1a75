//! The server is killed during an export: its reader does not take the part for the whole.

use rolecall_core::catalogue::RoleId;
use rolecall_store::Database;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::time::timeout;

use crate::harness::{Options, ROOT, ROOTS_PASSWORD, Server, on_both_databases};
use crate::process::Rolecall;
use crate::until::SOON;

on_both_databases!(databases: what_was_sent_when_it_was_killed_does_not_look_whole);

const MANY: usize = 40_000;
/// The end marker of a complete response with unknown length.
const END: &[u8] = b"0\r\n\r\n";

async fn what_was_sent_when_it_was_killed_does_not_look_whole(database: Database) {
    let rules = (0..MANY).map(|n| (format!("user{n:05}@example.com"), RoleId::new(7))).collect();
    let bootstrapped = Server::start_with(&database, Options { rules, ..Options::default() }).await;
    bootstrapped.app.store.clone().close().await;
    drop(bootstrapped);
    let mut server = Rolecall::start(&database).await;
    let root = server.client.sign_in(ROOT, ROOTS_PASSWORD).await;

    // A window so small that the response cannot be in transit as a whole.
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16 * 1024).unwrap();
    let mut reader = socket.connect(server.client.address()).await.unwrap();
    let path = "/api/v1/authorization/access-rules/export";
    let asked = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\r\n", root.0);
    reader.write_all(asked.as_bytes()).await.unwrap();
    let mut got = vec![0; 4096];
    timeout(SOON, reader.read_exact(&mut got)).await.expect("it begins").unwrap();
    server.kill();
    // A connection that ends, or one that is reset.
    let _ = timeout(SOON, reader.read_to_end(&mut got)).await.expect("it ends");

    let text = String::from_utf8_lossy(&got).to_lowercase();
    let (head, _) = text.split_once("\r\n\r\n").expect("headers");
    assert!(head.starts_with("http/1.1 200 ok\r\n") && head.contains("\r\ntransfer-encoding: chunked"), "{head}");
    assert!(!head.contains("\r\ncontent-length:"));
    assert!(text.matches("@example.com").count() < MANY, "all of it was on its way already");
    assert!(!got.ends_with(END), "it looks whole");
}
