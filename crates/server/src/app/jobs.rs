//! What a server does without being asked: following the change feed, listening for news of it, forgetting old sessions.

use std::sync::Arc;
use std::time::Duration;

use rolecall_core::{Error, Result};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::App;

/// How long the follower waits at most after failures. Shorter than `max-staleness` is by default.
const FOLLOW_AT_LEAST_EVERY: Duration = Duration::from_secs(4);

/// How long following may take at a time. What was read by then is kept; a connection that was lost without a word would be
/// waited for without end, and `max-staleness` leaves room for a second try on another one.
const FOLLOW_WITHIN: Duration = Duration::from_secs(5);

/// How long loading the world afresh may take: the largest installations need minutes.
const LOAD_WITHIN: Duration = Duration::from_secs(30 * 60);

/// How soon a lost connection that listened is replaced; each failure doubles it.
const LISTEN_AGAIN_AFTER: Duration = Duration::from_millis(100);
const LISTEN_AGAIN_AFTER_AT_MOST: Duration = Duration::from_secs(4);

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
        let news = Arc::new(Notify::new());
        tasks.spawn(until(stopped.clone(), follow(app.clone(), news.clone())));
        tasks.spawn(until(stopped.clone(), listen(app.clone(), news)));
        tasks.spawn(until(stopped, forget(app.clone())));
        Self { stop, tasks }
    }

    /// Ends them, each where it waits; returns when all have ended.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Runs a job. It is dropped at whatever it waits for, which all jobs bear: they read, or make one change that is whole or
/// not at all.
async fn until(mut stopped: watch::Receiver<bool>, job: impl Future<Output = ()>) {
    tokio::select! {
        _ = stopped.wait_for(|stop| *stop) => {}
        () = job => {}
    }
}

/// Gives up work that takes too long, wherever it is. It must bear that, as all jobs do.
async fn in_time<T>(longest: Duration, work: impl Future<Output = Result<T>>) -> Result<T> {
    let late = |_| Error::overloaded("the database did not answer in time", Duration::from_secs(1));
    timeout(longest, work).await.map_err(late)?
}

/// Follows the feed: when there is news, and now and then in any case. Only what was read from the feed makes the world
/// fresh, so it does not matter whether news arrives. What goes wrong shows in the engine's staleness, too: past its limit the
/// server answers 503.
async fn follow(app: Arc<App>, news: Arc<Notify>) {
    let every = app.policy.follow_every;
    let mut wait = every;
    let mut failing = false;
    loop {
        tokio::select! {
            () = sleep(wait) => {}
            () = news.notified() => {}
            () = app.engine.lost() => {}
        }
        let followed = if app.engine.is_lost() {
            in_time(LOAD_WITHIN, app.begin_anew()).await
        } else {
            in_time(FOLLOW_WITHIN, follow_once(&app)).await
        };
        match followed {
            Ok(()) => {
                if failing {
                    tracing::info!("the change feed answers again");
                }
                (wait, failing) = (every, false);
            }
            Err(error) => {
                tracing::warn!(%error, "the change feed could not be followed");
                (wait, failing) = (wait.saturating_mul(2).min(FOLLOW_AT_LEAST_EVERY), true);
            }
        }
    }
}

/// Follows the feed to its head, and finds out whether a database that could not be written can be by now.
async fn follow_once(app: &App) -> Result<()> {
    app.engine.catch_up(&app.store, app.clock.now()).await?;
    app.store.try_writing().await
}

/// Passes on that there is news, until there is nothing to listen to. A lost connection is replaced; whoever follows looks
/// then, since nobody heard what was announced meanwhile.
async fn listen(app: Arc<App>, news: Arc<Notify>) {
    let mut wait = LISTEN_AGAIN_AFTER;
    loop {
        match app.store.announcements().await {
            Ok(None) => return,
            Ok(Some(mut announcements)) => {
                wait = LISTEN_AGAIN_AFTER;
                let error = loop {
                    news.notify_one();
                    if let Err(error) = announcements.next().await {
                        break error;
                    }
                };
                tracing::warn!(%error, "changes are not announced for the moment; the change feed is followed all the same");
            }
            Err(error) => {
                tracing::debug!(%error, "changes cannot be listened for");
                wait = wait.saturating_mul(2).min(LISTEN_AGAIN_AFTER_AT_MOST);
            }
        }
        sleep(wait).await;
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
