//! The sockets of the real program: the connection limit, and the required host of a request.

use std::time::Duration;

use axum::body::Body;
use hyper::Request;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

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

/// Two clients hold all connections, and ask every second, so that neither is ever idle for long.
#[tokio::test]
async fn nobody_holds_all_connections() {
    with_sqlite(|database| async move {
        let server = Rolecall::start_with(&database, &["--max-connections", "2"]).await;
        let address = server.client.address();
        let (answered, mut answers) = mpsc::unbounded_channel();
        let mut held = JoinSet::new();
        for _ in 0..2 {
            let answered = answered.clone();
            held.spawn(async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                let mut buffer = [0; 4096];
                while stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").await.is_ok() {
                    if stream.read(&mut buffer).await.unwrap_or(0) == 0 {
                        break;
                    }
                    let _ = answered.send(());
                    sleep(Duration::from_secs(1)).await;
                }
            });
            answers.recv().await.unwrap();
        }

        let mut waiting = TcpStream::connect(address).await.unwrap();
        say(&mut waiting, "GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await;
        let answered = timeout(Duration::from_secs(20), answer(waiting)).await;
        assert!(answered.expect("an answer").starts_with("HTTP/1.1 200"));
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
        let same = ask("GET http://a.example/healthz HTTP/1.1\r\nhost: A.example\r\n").await;
        assert!(same.starts_with("HTTP/1.1 200"), "{same}");
        for head in [
            "GET /healthz HTTP/1.1\r\n",
            "GET /healthz HTTP/1.1\r\nhost: a\r\nhost: b\r\n",
            "GET http://a.example/healthz HTTP/1.1\r\nhost: b.example\r\n",
        ] {
            let refused = ask(head).await;
            assert!(refused.starts_with("HTTP/1.1 400") && refused.contains("\"code\":400"), "{refused}");
        }

        let stream = TcpStream::connect(server.client.address()).await.unwrap();
        let (mut client, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        for (host, status) in [(None, 200), (Some("localhost"), 200), (Some("evil.example"), 400)] {
            let mut request = Request::builder().uri("http://localhost/healthz");
            if let Some(host) = host {
                request = request.header("host", host);
            }
            let answer = client.send_request(request.body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(answer.status(), status, "{host:?} beside :authority localhost");
        }
    })
    .await;
}

/// In kilobytes.
fn resident(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// A few bytes ask for 200 MB. The files are shared by all responses, so that nothing is held for those who read nothing.
#[tokio::test]
async fn large_files_that_nobody_reads_take_no_memory() {
    const CONNECTIONS: usize = 4;
    const STREAMS: usize = 32;
    with_sqlite(|database| async move {
        let server = Rolecall::start(&database).await;
        let mut held = Vec::new();
        let mut before = 0;
        for number in 0..=CONNECTIONS {
            let stream = TcpStream::connect(server.client.address()).await.unwrap();
            let mut unread = http2::Builder::new(TokioExecutor::new());
            unread.initial_stream_window_size(0);
            let (mut client, connection) = unread.handshake(TokioIo::new(stream)).await.unwrap();
            tokio::spawn(connection);
            for path in ["docs/swagger-ui-bundle.js", "docs/swagger-ui-bundle.js", "openapi.json"]
                .into_iter()
                .cycle()
                .take(STREAMS)
            {
                let uri = format!("http://localhost/api/{path}");
                let request = Request::builder().uri(uri).body(Body::empty()).unwrap();
                let response = client.send_request(request).await.unwrap();
                assert_eq!(response.status(), 200, "{path}");
                held.push(response);
            }
            // The first connection loads the files.
            if number == 0 {
                before = resident(server.id());
            }
        }
        let grown = resident(server.id()).saturating_sub(before);
        assert!(grown < 40 * 1024, "{} responses hold {grown} kB", held.len());
    })
    .await;
}
