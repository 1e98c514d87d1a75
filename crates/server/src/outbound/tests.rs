//! Requests to servers on loopback that behave well, and to others.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::Redirect;
use axum::routing::{get, post};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::*;

fn loopback() -> Outbound {
    Outbound::new(&["127.0.0.0/8".parse().unwrap()], None).unwrap()
}

fn address(of: SocketAddr, path: &str) -> Address {
    Address::parse("address", &format!("http://{of}{path}")).unwrap()
}

fn json() -> Ask<'static> {
    Ask { accept: "application/json", ..Ask::default() }
}

async fn serve() -> SocketAddr {
    let router = Router::new()
        .route(
            "/document",
            get(async || {
                ([(CONTENT_TYPE, "Application/JSON; charset=utf-8"), (CACHE_CONTROL, "public, max-age=60")], "{}")
            }),
        )
        .route("/moved", get(async || Redirect::to("https://elsewhere.example/")))
        .route("/large", get(async || vec![0_u8; LARGEST + 1]))
        .route("/whole", get(async || vec![0_u8; LARGEST]))
        .route("/wrong", get(async || (StatusCode::BAD_REQUEST, "no")))
        .route("/slow", get(async || tokio::time::sleep(Duration::from_secs(60)).await))
        .route(
            "/echo",
            post(async |headers: HeaderMap, body: String| {
                format!("{} {body}", headers[AUTHORIZATION].to_str().unwrap())
            }),
        )
        .route(
            "/head",
            get(async |headers: HeaderMap| {
                format!("{} {}", headers[HOST].to_str().unwrap(), headers[ACCEPT].to_str().unwrap())
            }),
        );
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(socket, router).await });
    address
}

#[tokio::test]
async fn a_document_is_read_with_its_type_and_how_long_it_may_be_kept() {
    let server = serve().await;
    let answer = loopback().send(&address(server, "/document?x=1"), json()).await.unwrap();
    assert_eq!((answer.status, &answer.body[..]), (StatusCode::OK, &b"{}"[..]));
    assert_eq!(answer.content_type.as_deref(), Some("application/json"));
    assert_eq!(answer.max_age, Some(Duration::from_secs(60)));
    let head = loopback().send(&address(server, "/head"), json()).await.unwrap();
    assert_eq!(String::from_utf8_lossy(&head.body), format!("{server} application/json"));
    assert_eq!(loopback().send(&address(server, "/wrong"), json()).await.unwrap().status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_form_is_posted_with_an_authorization() {
    let server = serve().await;
    let (form, basic) = (Secret::from("client_secret=a%26b&code=x"), Secret::from("Basic eA=="));
    let ask = Ask { form: Some(&form), authorization: Some(&basic), ..json() };
    let answer = loopback().send(&address(server, "/echo"), ask).await.unwrap();
    assert_eq!(String::from_utf8_lossy(&answer.body), "Basic eA== client_secret=a%26b&code=x");
    let evil = Secret::from("a\r\nx: y");
    let ask = Ask { authorization: Some(&evil), ..json() };
    let refused = loopback().send(&address(server, "/head"), ask).await.unwrap_err();
    assert!(matches!(refused, OutboundError::Unsendable { .. }), "{refused}");
}

#[tokio::test]
async fn a_redirect_is_told_and_not_followed() {
    let server = serve().await;
    let refused = loopback().send(&address(server, "/moved"), json()).await.unwrap_err();
    assert!(refused.to_string().contains("redirects to https://elsewhere.example/"), "{refused}");
}

#[tokio::test]
async fn a_response_has_limits_in_size_and_time() {
    let server = serve().await;
    assert_eq!(loopback().send(&address(server, "/whole"), json()).await.unwrap().body.len(), LARGEST);
    let refused = loopback().send(&address(server, "/large"), json()).await.unwrap_err();
    assert!(matches!(refused, OutboundError::TooLarge { .. }), "{refused}");
    let hasty = Outbound { longest: Duration::from_millis(100), ..loopback() };
    let refused = hasty.send(&address(server, "/slow"), json()).await.unwrap_err();
    assert!(matches!(refused, OutboundError::TimedOut { .. }), "{refused}");
}

#[tokio::test]
async fn an_endless_head_and_another_protocol_are_refused() {
    for (text, repeated) in [("HTTP/1.1 200 OK\r\n", true), ("SSH-2.0-OpenSSH\r\n", false)] {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = socket.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = socket.accept().await.unwrap();
            let _ = stream.read(&mut [0; 1024]).await;
            let _ = stream.write_all(text.as_bytes()).await;
            while repeated
                && stream
                    .write_all(b"x: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n")
                    .await
                    .is_ok()
            {}
        });
        let refused = loopback().send(&address(server, "/"), json()).await.unwrap_err();
        assert!(matches!(refused, OutboundError::Broken { .. }), "{refused}");
    }
}

#[tokio::test]
async fn a_name_is_judged_by_the_address_that_it_stands_for() {
    let server = serve().await;
    let guarded = Outbound::new(&[], None).unwrap();
    for host in ["localhost", "127.0.0.1", "[::ffff:127.0.0.1]", "2130706433"] {
        let to = Address::parse("address", &format!("https://{host}:{}/", server.port())).unwrap();
        match guarded.send(&to, json()).await.unwrap_err() {
            OutboundError::Refused { address, .. } => assert!(address.to_canonical().is_loopback(), "{address}"),
            // Not every resolver reads a number as an address.
            OutboundError::NoSuchHost { .. } if host == "2130706433" => {}
            other => panic!("{host}: {other}"),
        }
    }
    let refused = guarded.send(&Address::parse("address", "http://10.255.255.1/").unwrap(), json()).await.unwrap_err();
    assert!(matches!(refused, OutboundError::InTheClear { .. }), "{refused}");
    let nowhere = Address::parse("address", "https://nowhere.invalid/").unwrap();
    let refused = guarded.send(&nowhere, json()).await.unwrap_err();
    assert!(matches!(refused, OutboundError::NoSuchHost { .. }), "{refused}");
}

#[tokio::test]
async fn a_server_is_authenticated_by_the_operators_authority_and_its_name() {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, authority.pem()).unwrap();

    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let private = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], private).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = socket.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = socket.accept().await.unwrap();
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let _ = stream.read(&mut [0; 1024]).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await;
                let _ = stream.shutdown().await;
            }
        }
    });

    let networks = ["127.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
    let trusting = Outbound::new(&networks, Some(&file)).unwrap();
    let to = |host: &str| Address::parse("address", &format!("https://{host}:{port}/")).unwrap();
    assert_eq!(&trusting.send(&to("localhost"), json()).await.unwrap().body[..], b"{}");
    for (outbound, host) in [(&trusting, "127.0.0.1"), (&Outbound::new(&networks, None).unwrap(), "localhost")] {
        let refused = outbound.send(&to(host), json()).await.unwrap_err();
        assert!(matches!(refused, OutboundError::Tls { .. }), "{host}: {refused}");
    }
    std::fs::write(&file, "no certificate").unwrap();
    let refused = Outbound::new(&networks, Some(&file)).unwrap_err();
    assert!(refused.message.starts_with("outbound-ca-file: "), "{refused}");
}

#[test]
fn an_address_is_absolute_and_says_all_that_is_needed() {
    for (text, host, port, secure, path) in [
        ("https://id.example.com", "id.example.com", 443, true, "/"),
        ("id.example.com/realms/main", "id.example.com", 443, true, "/realms/main"),
        ("HTTPS://ID.Example.com:8443/a?b=c", "id.example.com", 8443, true, "/a?b=c"),
        ("http://127.0.0.1:9000/", "127.0.0.1", 9000, false, "/"),
        ("https://[2001:db8::1]:8443/x", "[2001:db8::1]", 8443, true, "/x"),
    ] {
        let address = Address::parse("address", text).unwrap();
        let found = (address.host(), address.port(), address.is_secure(), address.path());
        assert_eq!(found, (host, port, secure, path), "{text}");
    }
    for text in [
        "",
        "https://",
        "ftp://id.example.com",
        "https://user@id.example.com",
        "https://a:b@id.example.com/",
        "https://id.example.com/#x",
        "https://id.example.com:99999/",
        "https://id.example.com:0/",
        "https://id.example.com:/",
        "https://id.example.com\\@evil.com/",
        "https://id example.com",
        "https://bücher.example",
        "file:///etc/passwd",
        "https://id.example.com/\r\nHost: x",
        &format!("https://id.example.com/{}", "a".repeat(3000)),
    ] {
        let refused = Address::parse("discoverDocumentUrl", text).unwrap_err();
        assert!(refused.message.starts_with("discoverDocumentUrl: "), "{refused}");
    }
}
