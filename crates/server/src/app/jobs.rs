//! What a server does without being asked: following the change feed, forgetting old sessions.

use std::sync::Arc;
use std::time::Duration;

use rolecall_core::{Error, Result};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::App;

/// How often the feed is asked for changes that others made.
const FOLLOW_EVERY: Duration = Duration::from_millis(250);

/// How long the follower waits at most after failures. Shorter than `max-staleness` is by default.
const FOLLOW_AT_LEAST_EVERY: Duration = Duration::from_secs(4);

/// How long following may take at a time. What was read by then is kept; a connection that was lost without a word would be
/// waited for without end, and `max-staleness` leaves room for a second try on another one.
const FOLLOW_WITHIN: Duration = Duration::from_secs(5);

/// How often old sessions are forgotten, and how long after their end.
const FORGET_EVERY: Duration = Duration::from_secs(60 * 60);
const FORGET_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// How long forgetting may take at a time; what is left is forgotten the next time.
const FORGET_WITHIN: Duration = Duration::from_secs(10 * 60);

/// The jobs of a running server.
#[derive(Debug)]
pub struct Jobs {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Jobs {
    /// Starts them.
    #[must_use]
    pub fn start(app: &Arc<App>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(until(stopped.clone(), follow(app.clone())));
        tasks.spawn(until(stopped, forget(app.clone())));
        Self { stop, tasks }
    }

    /// Ends them, each where it waits; returns when all have ended.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Runs a job that has no end of its own. It is dropped at whatever it waits for, which both jobs bear: they read, or
/// make one change that is whole or not at all.
async fn until(mut stopped: watch::Receiver<bool>, job: impl Future<Output = ()>) {
    tokio::select! {
        _ = stopped.wait_for(|stop| *stop) => {}
        () = job => {}
    }
}

/// Gives up work that takes too long, wherever it is. It must bear that, as both jobs do.
async fn in_time<T>(longest: Duration, work: impl Future<Output = Result<T>>) -> Result<T> {
    let late = |_| Error::overloaded("the database did not answer in time", Duration::from_secs(1));
    timeout(longest, work).await.map_err(late)?
}

/// Follows the feed. What goes wrong shows in the engine's staleness, too: past its limit the server answers 503.
async fn follow(app: Arc<App>) {
    let mut wait = FOLLOW_EVERY;
    loop {
        sleep(wait).await;
        match in_time(FOLLOW_WITHIN, app.engine.catch_up(&app.store, app.clock.now())).await {
            Ok(_) => {
                if wait > FOLLOW_EVERY {
                    tracing::info!("the change feed answers again");
                }
                wait = FOLLOW_EVERY;
            }
            Err(error) => {
                tracing::warn!(%error, "the change feed could not be followed");
                wait = wait.saturating_mul(2).min(FOLLOW_AT_LEAST_EVERY);
            }
        }
    }
}

async fn forget(app: Arc<App>) {
    loop {
        match in_time(FORGET_WITHIN, app.store.forget_old(app.clock.now().minus(FORGET_AFTER))).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "old sessions were forgotten"),
            Err(error) => tracing::warn!(%error, "old sessions could not be forgotten"),
        }
        sleep(FORGET_EVERY).await;
    }
}
