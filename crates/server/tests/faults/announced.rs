//! Change notifications between servers, and what happens when the listening connection is lost.
//!
//! The listening server polls only once an hour here: what it sees was announced.

use std::sync::Arc;
use std::time::Duration;

use rolecall::app::App;
use rolecall::app::jobs::Jobs;
use rolecall::clock::Clock;
use rolecall::random::Random;
use rolecall_store::{Database, Store};
use tokio::time::timeout;
use tokio_postgres::NoTls;

use crate::harness::{Server, with_postgres};
use crate::proxy::{Proxy, Road};
use crate::until::{SOON, until};

const HARDLY_EVER: Duration = Duration::from_secs(60 * 60);
/// Nothing depends on luck: the first change may be found by the poll that follows the start of listening.
const CHANGES: usize = 4;

/// A server that follows the changes of another.
struct Follower {
    app: Arc<App>,
    jobs: Jobs,
}

impl Follower {
    async fn start(database: &Database, of: &Server) -> Self {
        let store = Store::open(database).await.unwrap();
        let mut lifetimes = of.app.lifetimes.clone();
        lifetimes.follow_every = HARDLY_EVER;
        let app = App::start(
            store,
            Clock::held_at(of.clock.now()),
            Random::seeded(9),
            Server::vault(),
            Server::outbound(),
            of.app.public_url.clone(),
            lifetimes,
        )
        .await
        .unwrap();
        Self { jobs: Jobs::start(&app), app }
    }

    /// Asserts that it sees the other server's changes from now on.
    async fn ensure_it_hears(&self, server: &Server, round: &str) {
        for change in 0..CHANGES {
            server.user(&format!("{round}-{change}@example.com")).await;
            let head = server.head().await;
            let seen = || async { (self.app.engine.world().revision() >= head).then_some(()) };
            until(&format!("change {change} is seen {round}"), seen).await;
        }
    }

    async fn stop(self) {
        timeout(SOON, self.jobs.stop()).await.expect("it stops, whatever it waits for");
    }
}

#[tokio::test]
async fn a_change_is_seen_because_it_was_announced() {
    with_postgres(|database| async move {
        let server = Server::start(&database).await;
        let follower = Follower::start(&database, &server).await;
        follower.ensure_it_hears(&server, "at-once").await;
        follower.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_lost_connection_that_listened_is_replaced() {
    with_postgres(|database| async move {
        let server = Server::start(&database).await;
        let follower = Follower::start(&database, &server).await;
        for round in ["after-one-loss", "after-two"] {
            until("it listens, and is cut off", || async { (end_listening(&database).await > 0).then_some(()) }).await;
            follower.ensure_it_hears(&server, round).await;
        }
        follower.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_listens_and_is_silent_is_replaced() {
    with_postgres(|database| async move {
        let server = Server::start(&database).await;
        let proxy = Proxy::before(&database).await;
        let follower = Follower::start(&proxy.database, &server).await;
        follower.ensure_it_hears(&server, "before").await;
        proxy.set(Road::Swallowing);
        server.user("amid-silence@example.com").await;
        // Old connections stay silent; new ones get through.
        proxy.set(Road::Open);
        follower.ensure_it_hears(&server, "after-silence").await;
        // It can be stopped while it waits for a silent one.
        proxy.set(Road::Swallowing);
        follower.stop().await;
    })
    .await;
}

/// Ends all listening connections; returns how many.
async fn end_listening(database: &Database) -> usize {
    let Database::Postgres { url } = database else { panic!("{database:?} announces nothing") };
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    let ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE datname = current_database() AND query = 'LISTEN rolecall_changes'";
    let ended = client.query(ended, &[]).await.unwrap().len();
    drop(client);
    connection.await.unwrap().unwrap();
    ended
}
