//! Reaching PostgreSQL: with TLS in every mode, with client certificates, and over several hosts.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on must fail"
)]

#[path = "../common/mod.rs"]
mod common;
mod server;

use std::net::TcpListener;
use std::time::{Duration, Instant};

use common::people::{bootstrapped, sample};
use common::{postgres, with_postgres};
use rolecall_core::access::Subtrees;
use rolecall_core::{Error, ErrorKind};
use rolecall_store::{Database, Page, RuleQuery, Store, Visibility};
use server::{Authority, Server};
use tokio::time::timeout;

/// Longer than anything here takes, unless it hangs.
const SOON: Duration = Duration::from_secs(10);

/// Every client may connect, with TLS or in the clear.
const ANYHOW: &str = "host all all 127.0.0.1/32 trust\n";

/// Whether each of our sessions is encrypted.
const ENCRYPTED: &str = "SELECT DISTINCT ssl::text FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                         WHERE application_name = 'rolecall'";

fn at(url: String) -> Database {
    Database::Postgres { url }
}

async fn refused(url: String) -> Error {
    match timeout(SOON, Store::open(&at(url.clone()))).await.expect("an answer, whichever") {
        Ok(_) => panic!("{url} lets in"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn each_mode_verifies_what_it_says() {
    let (ours, other) = (Authority::named("ours"), Authority::named("other"));
    let server = Server::with_tls(
        &ours,
        &ours.certify("db", &["localhost"]),
        &format!("hostnossl strict all 127.0.0.1/32 reject\nhostssl clear all 127.0.0.1/32 reject\n{ANYHOW}"),
    )
    .await;
    let ours = format!("sslrootcert={}", server.write("ours.pem", &ours.pem()).display());
    let other = format!("sslrootcert={}", server.write("other.pem", &other.pem()).display());

    for (host, parameters, encrypted) in [
        ("127.0.0.1", "sslmode=disable".to_owned(), "false"),
        ("127.0.0.1", String::new(), "true"),
        ("127.0.0.1", "sslmode=prefer".to_owned(), "true"),
        ("127.0.0.1", "sslmode=require".to_owned(), "true"),
        ("127.0.0.1", format!("sslmode=require&{ours}"), "true"),
        ("127.0.0.1", format!("sslmode=verify-ca&{ours}"), "true"),
        ("localhost", format!("sslmode=verify-full&{ours}"), "true"),
        ("localhost", format!("sslmode=verify-full&{ours}&hostaddr=127.0.0.1"), "true"),
    ] {
        let store = Store::open(&at(server.url(host, &parameters))).await.unwrap();
        // The listening connection is a separate one.
        let listening = store.announcements().await.unwrap().unwrap();
        assert_eq!(server.answer(ENCRYPTED).await, [encrypted], "{parameters}");
        drop(listening);
        store.close().await;
        let gone = async { while !server.answer(ENCRYPTED).await.is_empty() {} };
        timeout(SOON, gone).await.expect("a session that nobody has still lives");
    }

    for (host, parameters, words) in [
        ("127.0.0.1", format!("sslmode=verify-full&{ours}"), "127.0.0.1"),
        ("localhost", format!("sslmode=verify-full&{other}"), "none of these authorities"),
        ("localhost", "sslmode=verify-full".to_owned(), "authorities"),
        ("127.0.0.1", format!("sslmode=verify-ca&{other}"), "other.pem"),
        ("127.0.0.1", format!("sslmode=require&{other}"), "other.pem"),
    ] {
        let error = refused(server.url(host, &parameters)).await;
        assert_eq!(error.kind, ErrorKind::Invalid, "{error:?}");
        assert!(error.message.contains(words), "{parameters}: {}", error.message);
    }
    server.run("CREATE DATABASE strict").await;
    let strict = |mode| server.url("127.0.0.1", &format!("dbname=strict&sslmode={mode}"));
    assert!(refused(strict("disable")).await.message.contains("no encryption"));
    Store::open(&at(strict("prefer"))).await.unwrap().close().await;
    server.run("CREATE DATABASE clear").await;
    Store::open(&at(server.url("127.0.0.1", "dbname=clear"))).await.unwrap().close().await;
}

#[tokio::test]
async fn an_expired_certificate_is_refused_and_so_is_an_authority_that_serves() {
    let ours = Authority::named("ours");
    let root = |server: &Server| format!("sslrootcert={}", server.write("ours.pem", &ours.pem()).display());
    let expired = ours.certify_long_ago("db", &["localhost"]);
    let server = Server::with_tls(&ours, &expired, ANYHOW).await;
    let verified = server.url("localhost", &format!("sslmode=verify-full&{}", root(&server)));
    let error = refused(verified.clone()).await;
    assert!(error.message.contains("expired"), "{}", error.message);
    Store::open(&at(server.url("localhost", "sslmode=require"))).await.unwrap().close().await;

    let itself = ours.itself();
    server.write("server.key", &itself.key);
    server.write("server.pem", &itself.certificate);
    server.run("SELECT pg_reload_conf()").await;
    let refused_as_authority = async { while !refused(verified.clone()).await.message.contains("CA:TRUE") {} };
    timeout(SOON, refused_as_authority).await.expect("an authority's own certificate is refused with words");
}

#[tokio::test]
async fn a_server_without_tls_serves_who_only_prefers_it() {
    with_postgres(|database| async move {
        let Database::Postgres { url } = database else { panic!("{database:?}") };
        Store::open(&at(format!("{url}?sslmode=prefer"))).await.unwrap().close().await;
        for mode in ["require", "verify-full"] {
            let error = refused(format!("{url}?sslmode={mode}")).await;
            assert_eq!(error.kind, ErrorKind::Invalid);
            assert!(error.message.contains("offers no TLS"), "{}", error.message);
        }
    })
    .await;
}

#[tokio::test]
async fn a_client_shows_its_certificate_and_the_newest_one() {
    let (ours, other) = (Authority::named("ours"), Authority::named("other"));
    let who = format!("hostssl all robot 127.0.0.1/32 cert\n{ANYHOW}");
    let server = Server::with_tls(&ours, &ours.certify("db", &["localhost"]), &who).await;
    server.run("CREATE ROLE robot SUPERUSER LOGIN").await;
    let show = |certificate: &server::Certificate| {
        let file = server.write("robot.pem", &certificate.certificate);
        let key = server.write("robot.key", &certificate.key);
        format!("user=robot&sslmode=require&sslcert={}&sslkey={}", file.display(), key.display())
    };

    let error = refused(server.url("127.0.0.1", "user=robot&sslmode=require")).await;
    assert!(error.message.contains("client certificate"), "{}", error.message);
    for (stranger, words) in [(other.certify("robot", &[]), "sslcert"), (ours.certify("postgres", &[]), "robot")] {
        let error = refused(server.url("127.0.0.1", &show(&stranger))).await;
        assert_eq!(error.kind, ErrorKind::Invalid, "{error:?}");
        assert!(error.message.contains(words), "{}", error.message);
    }

    let store = Store::open(&at(server.url("127.0.0.1", &show(&ours.certify("robot", &[]))))).await.unwrap();
    let shown = "SELECT client_serial::text FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                 WHERE application_name = 'rolecall' ORDER BY backend_start DESC LIMIT 1";
    let _first = store.announcements().await.unwrap().unwrap();
    let serial = server.answer(shown).await;
    // An incomplete renewal changes nothing; a complete one applies to new connections.
    server.write("robot.pem", "half");
    let _second = store.announcements().await.unwrap().unwrap();
    assert_eq!(server.answer(shown).await, serial);
    show(&ours.certify("robot", &[]));
    let _third = store.announcements().await.unwrap().unwrap();
    assert_ne!(server.answer(shown).await, serial);
    store.close().await;
}

#[tokio::test]
async fn a_password_is_bound_to_the_channel() {
    let ours = Authority::named("ours");
    let who = format!("hostssl all robot 127.0.0.1/32 scram-sha-256\n{ANYHOW}");
    let server = Server::with_tls(&ours, &ours.certify("db", &["localhost"]), &who).await;
    server.run("CREATE ROLE robot SUPERUSER LOGIN PASSWORD 'hush%1'").await;
    let url = |password: &str, mode: &str| {
        format!(
            "postgres://robot:{password}@127.0.0.1:{}/postgres?channel_binding=require&sslmode={mode}",
            server.port()
        )
    };
    Store::open(&at(url("hush%251", "require"))).await.unwrap().close().await;
    let error = refused(url("hash%251", "require")).await;
    assert!(error.message.contains("password authentication failed"), "{}", error.message);
    assert!(!format!("{error:?}").contains("hash"), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_abandoned_query_is_canceled_over_tls() {
    let ours = Authority::named("ours");
    let server = Server::with_tls(&ours, &ours.certify("db", &["localhost"]), ANYHOW).await;
    let root = server.write("ours.pem", &ours.pem());
    let parameters = format!("sslmode=verify-full&sslrootcert={}", root.display());
    let store = Store::open(&at(server.url("localhost", &parameters))).await.unwrap();
    bootstrapped(&store, &sample()).await;
    let (other, connection) =
        tokio_postgres::connect(&server.url("127.0.0.1", ""), tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    other.batch_execute("BEGIN; LOCK TABLE access_rules IN ACCESS EXCLUSIVE MODE").await.unwrap();

    let everything =
        RuleQuery::all(Visibility { own: Vec::new(), subtrees: Subtrees::Everything }, Page { offset: 0, limit: 0 });
    let rules = store.all_rules(&everything, Box::new(())).await.unwrap();
    let waiting = "SELECT query FROM pg_stat_activity WHERE application_name = 'rolecall' AND wait_event_type = 'Lock'";
    timeout(SOON, async { while server.answer(waiting).await.is_empty() {} }).await.expect("it waits for the table");
    drop(rules);
    // Its statement would wait ten seconds for the lock.
    timeout(SOON / 2, async { while !server.answer(waiting).await.is_empty() {} }).await.expect("it still waits");
    drop(other);
    connection.await.unwrap().unwrap();
    store.close().await;
}

#[tokio::test]
async fn of_several_hosts_the_one_that_takes_changes_is_found() {
    let read_only = Server::start("default_transaction_read_only = on\n", ANYHOW, &[]).await;
    // It accepts connections, and never answers.
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let silent = silent.local_addr().unwrap().port();
    with_postgres(|database| async move {
        let Database::Postgres { url } = database else { panic!("{database:?}") };
        let (_, primary) = url.split_once('@').unwrap();
        let (primary, name) = primary.split_once('/').unwrap();
        postgres(
            &read_only.url("127.0.0.1", "options=-c%20default_transaction_read_only%3Doff"),
            &format!("CREATE DATABASE {name}"),
        )
        .await;

        let standby = format!("127.0.0.1:{}", read_only.port());
        let started = Instant::now();
        let hosts = format!("postgres://postgres@127.0.0.1:{silent},{standby},{primary}/{name}");
        let store = Store::open(&at(hosts)).await.unwrap();
        bootstrapped(&store, &sample()).await;
        store.close().await;
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());

        let alone = format!("postgres://postgres@{standby}/{name}");
        let error = refused(alone.clone()).await;
        assert_eq!(error.kind, ErrorKind::Overloaded);
        assert!(error.message.contains("standby"), "{}", error.message);
        assert!(refused(format!("{alone}?target_session_attrs=any")).await.message.contains("target_session_attrs"));
        // A doctor only reads.
        let writable = at(format!("{alone}?options=-c%20default_transaction_read_only%3Doff"));
        Store::open(&writable).await.unwrap().close().await;
        Store::open_to_read(&at(alone)).await.unwrap().close().await;
    })
    .await;
}
