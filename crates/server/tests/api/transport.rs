//! HTTP properties of the transport to this server.

use crate::harness::{Options, Server, with_sqlite};

#[tokio::test]
async fn behind_https_browsers_stay_with_it_for_subdomains_too() {
    with_sqlite(|database| async move {
        let public_url = "https://rolecall.example.com".parse().unwrap();
        let server = Server::start_with(&database, Options { public_url, ..Options::default() }).await;
        let answer = server.ask("GET", "/healthz").send().await;
        assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000; includeSubDomains"));
        server.app.store.clone().close().await;
    })
    .await;
}

#[tokio::test]
async fn in_the_clear_nothing_is_said_about_https() {
    with_sqlite(|database| async move {
        let server = Server::start(&database).await;
        assert_eq!(server.ask("GET", "/healthz").send().await.header("strict-transport-security"), None);
        server.app.store.clone().close().await;
    })
    .await;
}
