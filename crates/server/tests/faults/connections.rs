//! The sockets of the real program: the connection limit, and the required host of a request.

use axum::body::Body;
use hyper::Request;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::with_sqlite;
use crate::process::Rolecall;

async fn say(stream: &mut TcpStream, request: &str) {
    stream.write_all(request.as_bytes()).await.unwrap();
}

async fn answer(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn the_log_says_that_there_are_as_many_connections_as_there_may_be() {
    with_sqlite(|database| async move {
        let server = Rolecall::start_with(&database, &["--max-connections", "2"]).await;
        let connect = || TcpStream::connect(server.client.address());
        let held = [connect().await.unwrap(), connect().await.unwrap()];
        server.until_logged("all --max-connections connections are in use").await;

        let mut waiting = connect().await.unwrap();
        say(&mut waiting, "GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await;
        drop(held);
        assert!(answer(waiting).await.starts_with("HTTP/1.1 200"));
    })
    .await;
}

#[tokio::test]
async fn a_request_names_one_host() {
    with_sqlite(|database| async move {
        let server = Rolecall::start(&database).await;
        let ask = async |head: &str| {
            let mut stream = TcpStream::connect(server.client.address()).await.unwrap();
            say(&mut stream, &format!("{head}connection: close\r\n\r\n")).await;
            answer(stream).await
        };
        let fine = ask("GET /healthz HTTP/1.1\r\nhost: a\r\n").await;
        assert!(fine.starts_with("HTTP/1.1 200"), "{fine}");
        let old = ask("GET /healthz HTTP/1.0\r\n").await;
        assert!(old.contains(" 200 "), "{old}");
        for head in ["GET /healthz HTTP/1.1\r\n", "GET /healthz HTTP/1.1\r\nhost: a\r\nhost: b\r\n"] {
            let refused = ask(head).await;
            assert!(refused.starts_with("HTTP/1.1 400") && refused.contains("\"code\":400"), "{refused}");
        }

        let stream = TcpStream::connect(server.client.address()).await.unwrap();
        let (mut client, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let request = Request::builder().uri("http://localhost/healthz").body(Body::empty()).unwrap();
        assert_eq!(client.send_request(request).await.unwrap().status(), 200);
    })
    .await;
}
