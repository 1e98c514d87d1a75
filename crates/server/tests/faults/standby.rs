//! A primary and a standby: Rolecall is connected to the standby, and the standby takes over without the last changes.

use std::time::Duration;

use serde_json::json;

use crate::harness::{ROOT, ROOTS_PASSWORD, RULES};
use crate::pair::{Pair, postgres};
use crate::process::Rolecall;
use crate::proxy::Proxy;
use crate::truth::{Ana, ensure_in_agreement, ensure_refused, root_when_ready, until_not_ready};
use crate::until::until;
use crate::whole::ensure_whole;

/// How long a server may answer without its database in these tests, with a reserve for a busy machine.
const MAX_STALENESS: Duration = Duration::from_secs(2);
const A_MOMENT: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_standby_that_stands_still_is_not_believed() {
    let pair = Pair::start().await;
    let proxy = Proxy::before(&pair.primary).await;
    let (other, root) = Rolecall::start_signed_in(&pair.primary).await;
    let process = Rolecall::start_with(&proxy.database, &["--max-staleness", "2s"]).await;
    let (other, server) = (other.client, process.client);
    let ana = Ana::hired(other, &root).await;
    let rule = Ana::allowed(other, &root).await.created()["id"].clone();
    ana.until_allowed(server).await;
    pair.follow().await;
    postgres(&pair.standby, "SELECT pg_wal_replay_pause()").await;

    let watch = ana.watch(server);
    proxy.lead_to(&pair.standby);
    other.delete(&root, &format!("{RULES}/{rule}")).await.gone();
    until_not_ready(server, "it is a standby").await;
    until("it answers no more", || async { (ana.reads(server).await.status == 503).then_some(()) }).await;
    for refused in [
        server.sign_in_request(ROOT, ROOTS_PASSWORD).send().await,
        server.post(&root, "/api/v1/users", json!({ "email": "late@example.com" })).await,
    ] {
        refused.refused(503);
        assert!(refused.header("retry-after").is_some(), "{}", refused.asked);
    }

    proxy.lead_to(&pair.primary);
    root_when_ready(server).await;
    ana.reads(server).await.denied();
    let allowed_for = watch.end().await;
    assert!(allowed_for <= MAX_STALENESS + A_MOMENT, "an old truth for {allowed_for:?}");
    assert!(!process.log().contains("access rules were reloaded"), "a standby that lags is not another history");
    ensure_in_agreement(&[other, server], &root).await;

    // Existing sessions are used only as long as they can write. New ones, where one was lost, are refused likewise.
    set_read_only(&pair, "on").await;
    for server in [other, server] {
        until_not_ready(server, "read-only").await;
        let refused = server.post(&root, "/api/v1/users", json!({ "email": "late@example.com" })).await;
        refused.refused(503).names("cannot be written");
    }
    set_read_only(&pair, "off").await;
    root_when_ready(other).await;
    root_when_ready(server).await;
    let told = ensure_whole(&pair.primary).await;
    assert!(!told.world.users().any(|user| user.email.as_str() == "late@example.com"));
}

/// Whether the server accepts no writes, also from existing sessions.
async fn set_read_only(pair: &Pair, is: &str) {
    postgres(&pair.primary, &format!("ALTER SYSTEM SET default_transaction_read_only = {is}")).await;
    postgres(&pair.primary, "SELECT pg_reload_conf()").await;
}

#[tokio::test]
async fn a_standby_that_takes_over_without_the_last_changes_is_followed() {
    let mut pair = Pair::start().await;
    let proxy = Proxy::before(&pair.primary).await;
    let (one, root) = Rolecall::start_signed_in(&proxy.database).await;
    let other = Rolecall::start(&proxy.database).await;
    let servers = [one.client, other.client];
    let ana = Ana::hired(one.client, &root).await;
    pair.cut_off().await;
    let lost = Ana::allowed(one.client, &root).await;
    let lost = lost.header("rolecall-revision").unwrap();
    for server in servers {
        ana.until_allowed(server).await;
    }

    let watches = servers.map(|server| ana.watch(server));
    pair.stop_primary();
    pair.promote();
    proxy.lead_to(&pair.standby);
    for process in [&one, &other] {
        process.until_logged("all access rules were reloaded").await;
        process.until_logged(lost).await;
    }
    let root = root_when_ready(one.client).await;
    root_when_ready(other.client).await;
    for server in servers {
        ana.again(server).await.reads(server).await.denied();
        ensure_refused(server, &root, lost).await;
    }
    ensure_in_agreement(&servers, &root).await;
    for watch in watches {
        watch.end().await;
    }
    ensure_whole(&pair.standby).await;
}
