//! The listener over real sockets, with short timeouts.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::middleware::from_fn;
use axum::routing::get;
use hyper::Request;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::certificate::Certificate;
use super::{Listener, Patience};
use crate::config::{self, TlsFiles};
use crate::http::layers::unread_is_bounded;

/// Far longer than anything here takes.
const SOON: Duration = Duration::from_secs(20);
const IDLE: Duration = Duration::from_millis(300);

/// More than all buffers between client and server hold.
const LARGE: usize = 32 * 1024 * 1024;

/// As large as an answer may be.
const PAGE: usize = 2 * 1024 * 1024;

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<rolecall_core::Result<()>>,
}

impl Running {
    async fn start(settings: &[&str], idle: Duration) -> Self {
        Self::start_with(settings, Patience { idle, farewell: IDLE, ..Patience::default() }).await
    }

    async fn start_with(settings: &[&str], patience: Patience) -> Self {
        let settings = config::parse([&["rolecall", "--listen", "127.0.0.1:0"], settings].concat()).unwrap();
        let mut listener = Listener::bind(&settings).await.unwrap();
        listener.patience = patience;
        let router = Router::new()
            .route("/", get(async || "here"))
            .route("/slow", get(async || sleep(4 * IDLE).await))
            .route("/large", get(async || vec![0_u8; LARGE]))
            .route("/page", get(async || vec![0_u8; PAGE]))
            .layer(from_fn(unread_is_bounded));
        let address = listener.address;
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(listener.serve(router, async move { drop(stopped.await) }));
        Self { address, stop, served }
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        timeout(SOON, self.served).await.expect("it stops").unwrap().unwrap();
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }
}

fn ask(path: &str) -> Request<Body> {
    Request::builder().uri(path).header("host", "localhost").body(Body::empty()).unwrap()
}

async fn text(answer: hyper::Response<hyper::body::Incoming>) -> String {
    let body = to_bytes(Body::new(answer.into_body()), usize::MAX).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

/// Waits until the peer has closed the connection.
async fn closed(stream: &mut TcpStream) {
    let mut rest = Vec::new();
    let ended = timeout(SOON, stream.read_to_end(&mut rest)).await;
    // Unread bytes at the server make it a reset.
    let _ = ended.expect("the connection stays open");
}

#[tokio::test]
async fn an_idle_http2_connection_ends_and_a_busy_one_does_not() {
    let server = Running::start(&[], IDLE).await;
    let io = TokioIo::new(server.connect().await);
    let (mut client, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
    let connection = tokio::spawn(connection);
    assert_eq!(client.send_request(ask("/slow")).await.unwrap().status(), 200);
    assert_eq!(text(client.send_request(ask("/")).await.unwrap()).await, "here");
    // The server announces the close, so that no request is lost.
    timeout(SOON, connection).await.expect("the connection stays open").unwrap().unwrap();
    server.stop().await;
}

#[tokio::test]
async fn pings_keep_no_http2_connection() {
    let server = Running::start(&[], IDLE).await;
    let stream = server.connect().await;
    let (mut read, mut write) = stream.into_split();
    // RFC 9113: the preface and an empty SETTINGS frame; then PING frames, for as long as the server reads.
    write.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
    let pinging = tokio::spawn(async move {
        while write.write_all(b"\0\0\x08\x06\0\0\0\0\0rolecall").await.is_ok() {
            sleep(IDLE / 20).await;
        }
    });
    let mut told = Vec::new();
    let _ = timeout(SOON, read.read_to_end(&mut told)).await.expect("the connection stays open");
    assert!(told.windows(8).any(|bytes| bytes == b"rolecall"), "pings were answered meanwhile");
    pinging.abort();
    server.stop().await;
}

#[tokio::test]
async fn who_says_nothing_or_takes_nothing_is_let_go() {
    let server = Running::start(&[], IDLE).await;
    closed(&mut server.connect().await).await;

    let mut half = server.connect().await;
    half.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    closed(&mut half).await;

    let mut kept = server.connect().await;
    kept.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    closed(&mut kept).await;

    let mut deaf = server.connect().await;
    deaf.write_all(b"GET /large HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    // It reads only after the server has given up.
    sleep(8 * IDLE).await;
    let mut taken = Vec::new();
    let _ = timeout(SOON, deaf.read_to_end(&mut taken)).await.expect("the connection stays open");
    assert!(taken.len() < LARGE, "{} bytes were kept for a client that took none", taken.len());
    server.stop().await;
}

#[tokio::test]
async fn who_takes_a_large_answer_slowly_gets_all_of_it() {
    let server = Running::start(&[], IDLE).await;
    let mut slow = server.connect().await;
    slow.write_all(b"GET /large HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut taken = 0;
    // Several times the idle timeout.
    let mut pieces = vec![0; LARGE / 32];
    while let Ok(length) = timeout(SOON, slow.read(&mut pieces)).await.expect("it stalls") {
        if length == 0 {
            break;
        }
        taken += length;
        if taken % (LARGE / 32) < length {
            sleep(IDLE / 6).await;
        }
    }
    assert!(taken > LARGE, "{taken} bytes");
    server.stop().await;
}

#[tokio::test]
async fn who_reads_none_of_many_answers_gets_no_more_until_they_are_read() {
    let server = Running::start(&[], SOON).await;
    let io = TokioIo::new(server.connect().await);
    // It accepts little that it does not read.
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder.initial_stream_window_size(65_535).initial_connection_window_size(65_535);
    let (mut client, connection) = builder.handshake(io).await.unwrap();
    let connection = tokio::spawn(connection);
    let mut unread = Vec::new();
    let refused = loop {
        let answer = client.send_request(ask("/page")).await.unwrap();
        if answer.status() != 200 {
            break answer;
        }
        unread.push(answer);
    };
    assert_eq!((unread.len(), refused.status().as_u16()), (8, 503));
    assert!(refused.headers().contains_key("retry-after"));
    // All at once, since they share what the client accepts unread.
    let read: Vec<_> = unread.into_iter().map(|answer| tokio::spawn(text(answer))).collect();
    for answer in read {
        assert_eq!(answer.await.unwrap().len(), PAGE);
    }
    assert!(text(refused).await.contains("read them first"));
    let answer = client.send_request(ask("/page")).await.unwrap();
    assert_eq!(text(answer).await.len(), PAGE);
    drop(client);
    let _ = connection.await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn one_connection_more_than_there_may_be_waits_for_another_to_end() {
    let server = Running::start(&["--max-connections", "1"], SOON).await;
    let (mut first, connection) = http1::handshake(TokioIo::new(server.connect().await)).await.unwrap();
    let connection = tokio::spawn(connection);
    assert_eq!(text(first.send_request(ask("/")).await.unwrap()).await, "here");

    let mut second = server.connect().await;
    second.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    assert_eq!(text(first.send_request(ask("/")).await.unwrap()).await, "here");
    let nothing = second.try_read(&mut [0; 1]).unwrap_err();
    assert_eq!(nothing.kind(), std::io::ErrorKind::WouldBlock);

    drop(first);
    connection.await.unwrap().unwrap();
    let mut answer = String::new();
    timeout(SOON, second.read_to_string(&mut answer)).await.expect("it waits for ever").unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("here"), "{answer}");
    server.stop().await;
}

#[tokio::test]
async fn a_request_that_is_under_way_is_answered_before_the_server_stops() {
    let server = Running::start(&[], SOON).await;
    let (mut client, connection) = http1::handshake(TokioIo::new(server.connect().await)).await.unwrap();
    let connection = tokio::spawn(connection);
    let idle = server.connect().await;
    let mut answer = std::pin::pin!(client.send_request(ask("/slow")));
    // After some time without an answer the request has arrived.
    assert!(timeout(IDLE, &mut answer).await.is_err());
    let stopping = tokio::spawn(server.stop());
    assert_eq!(answer.await.unwrap().status(), 200);
    stopping.await.unwrap();
    drop(idle);
    let _ = connection.await.unwrap();
}

/// An authority, and the files of its certificates.
struct Authority {
    signs: CertifiedIssuer<'static, KeyPair>,
    folder: tempfile::TempDir,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let signs = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        Self { signs, folder: tempfile::tempdir().unwrap() }
    }

    /// Writes a new certificate and its key into a new directory; returns both files and the certificate.
    fn issue(&self, folder: &str) -> (PathBuf, CertificateDer<'static>) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.signs).unwrap();
        let folder = self.folder.path().join(folder);
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("tls.crt"), certificate.pem()).unwrap();
        std::fs::write(folder.join("tls.key"), key.serialize_pem()).unwrap();
        (folder, certificate.der().clone())
    }

    /// Retargets the link that the server reads through, as a mounted Kubernetes secret does.
    fn turn(&self, to: &Path) -> PathBuf {
        let (data, next) = (self.folder.path().join("data"), self.folder.path().join("next"));
        std::os::unix::fs::symlink(to, &next).unwrap();
        std::fs::rename(&next, &data).unwrap();
        data
    }

    async fn shake_hands(&self, server: &Running) -> (TlsStream<TcpStream>, CertificateDer<'static>) {
        let mut roots = RootCertStore::empty();
        roots.add(self.signs.der().clone()).unwrap();
        let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_root_certificates(roots).with_no_client_auth();
        let name = ServerName::try_from("localhost").unwrap();
        let stream = TlsConnector::from(Arc::new(config)).connect(name, server.connect().await).await.unwrap();
        let shown = stream.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned();
        (stream, shown)
    }
}

/// A server with this interval of certificate checks.
async fn with_certificate(data: &Path, renewal: Duration) -> Running {
    let (certificate, key) = (data.join("tls.crt"), data.join("tls.key"));
    let files = ["--tls-cert", certificate.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
    Running::start_with(&files, Patience { renewal, ..Patience::default() }).await
}

#[tokio::test]
async fn a_renewed_certificate_is_for_new_connections_and_the_others_go_on() {
    let authority = Authority::new();
    let (folder, first) = authority.issue("first");
    let server = with_certificate(&authority.turn(&folder), Duration::from_millis(20)).await;
    let (stream, shown) = authority.shake_hands(&server).await;
    assert_eq!(shown, first);
    let (mut client, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);

    // A certificate with another key cannot be used: the first stays.
    let (broken, _) = authority.issue("broken");
    let (second_folder, second) = authority.issue("second");
    std::fs::copy(second_folder.join("tls.key"), broken.join("tls.key")).unwrap();
    authority.turn(&broken);
    let began = Instant::now();
    while began.elapsed() < IDLE {
        assert_eq!(authority.shake_hands(&server).await.1, first);
    }

    authority.turn(&second_folder);
    let renewed = async { while authority.shake_hands(&server).await.1 != second {} };
    timeout(SOON, renewed).await.expect("the new certificate is never shown");
    assert_eq!(text(client.send_request(ask("/")).await.unwrap()).await, "here");
    drop(client);
    let _ = connection.await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_named_with_the_reason() {
    let authority = Authority::new();
    let (folder, _) = authority.issue("one");
    let (other, _) = authority.issue("other");
    let (certificate, key) = (folder.join("tls.crt"), folder.join("tls.key"));
    let read = async |certificate: &Path, key: &Path| {
        let files = TlsFiles { certificate: certificate.to_owned(), key: key.to_owned() };
        Certificate::read(files).await.map(|_| ()).unwrap_err().message
    };
    let pipe = folder.join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for (message, setting, path, reason) in [
        (read(&pipe, &key).await, "tls-cert", pipe.clone(), "cannot be read: it is not a file"),
        (read(&certificate, &pipe).await, "tls-key", pipe.clone(), "cannot be read: it is not a file"),
        (read(&folder.join("none"), &key).await, "tls-cert", folder.join("none"), "cannot be read: "),
        (read(&key, &key).await, "tls-cert", key.clone(), "has no readable certificate in PEM form"),
        (read(&certificate, &certificate).await, "tls-key", certificate.clone(), "has no readable private key"),
        (read(&certificate, &other.join("tls.key")).await, "tls-key", other.join("tls.key"), "is not the key of the"),
    ] {
        assert!(message.starts_with(&format!("{setting}: {} {reason}", path.display())), "{message}");
    }
}

#[tokio::test]
async fn sighup_reads_the_certificate_at_once() {
    let authority = Authority::new();
    let (folder, first) = authority.issue("first");
    let server = with_certificate(&authority.turn(&folder), Duration::from_secs(3600)).await;
    assert_eq!(authority.shake_hands(&server).await.1, first);
    let (second_folder, second) = authority.issue("second");
    authority.turn(&second_folder);
    assert_eq!(authority.shake_hands(&server).await.1, first);
    rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::HUP).unwrap();
    let renewed = async { while authority.shake_hands(&server).await.1 != second {} };
    timeout(SOON, renewed).await.expect("the new certificate is never shown");
    server.stop().await;
}
