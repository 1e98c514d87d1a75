//! Background jobs: following the change feed, listening for notifications, deleting old sessions, reading the metadata of providers.

use std::sync::Arc;
use std::time::Duration;

use rolecall_core::{Error, Result};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::{App, sessions, sso};

/// Maximum pause of the follower after failures. Shorter than the default of `max-staleness`.
const FOLLOW_AT_LEAST_EVERY: Duration = Duration::from_secs(4);

/// Maximum time for one round of following. Revisions read by then are kept. A silently lost connection would block
/// without end, and `max-staleness` leaves time for a second try on another connection.
const FOLLOW_WITHIN: Duration = Duration::from_secs(5);

/// Maximum time to reload the world: the largest installations need minutes.
const LOAD_WITHIN: Duration = Duration::from_secs(30 * 60);

/// Pause before a lost listening connection is replaced; each failure doubles it.
const LISTEN_AGAIN_AFTER: Duration = Duration::from_millis(100);
const LISTEN_AGAIN_AFTER_AT_MOST: Duration = Duration::from_secs(4);

/// Interval at which groups that are too old are forgotten.
const FORGET_GROUPS_EVERY: Duration = Duration::from_secs(60);

/// Interval at which the age of the metadata of SAML providers is looked at.
const READ_METADATA_EVERY: Duration = Duration::from_secs(10 * 60);

/// Interval of the deletion of old sessions, and how long after their end they are deleted.
const FORGET_EVERY: Duration = Duration::from_secs(60 * 60);
const FORGET_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Maximum time of one deletion; the next one continues.
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
        tasks.spawn(until(stopped.clone(), forget(app.clone())));
        tasks.spawn(until(stopped.clone(), forget_groups(app.clone())));
        tasks.spawn(until(stopped, read_metadata(app.clone())));
        Self { stop, tasks }
    }

    /// Stops them at their next await; returns when all have stopped.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Runs a job. It may be dropped at any await, which all jobs tolerate: they read, or make one change that is whole or
/// not at all.
async fn until(mut stopped: watch::Receiver<bool>, job: impl Future<Output = ()>) {
    tokio::select! {
        _ = stopped.wait_for(|stop| *stop) => {}
        () = job => {}
    }
}

/// Abandons work that takes too long, at any await. All jobs tolerate that.
async fn in_time<T>(longest: Duration, work: impl Future<Output = Result<T>>) -> Result<T> {
    let late = |_| Error::overloaded("the database did not answer in time", Duration::from_secs(1));
    timeout(longest, work).await.map_err(late)?
}

/// Follows the feed: on notification, and periodically. Only reading the feed makes the world fresh, so lost
/// notifications do not matter. Failures also show in the engine's staleness: past its limit the server answers 503.
async fn follow(app: Arc<App>, news: Arc<Notify>) {
    let every = app.lifetimes.follow_every;
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

/// Follows the feed to its head, notices lost sessions, and checks whether an unwritable database has become writable.
async fn follow_once(app: &App) -> Result<()> {
    app.engine.catch_up(&app.store, app.clock.now()).await?;
    sessions::notice_lost(app).await?;
    app.store.try_writing().await
}

/// Forwards notifications until the database has none. A lost connection is replaced; the follower polls then, since
/// notifications may have been missed.
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
                tracing::warn!(%error, "no change notifications at the moment; the change feed is polled");
            }
            Err(error) => {
                tracing::debug!(%error, "listening for changes failed");
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
            Ok(count) => tracing::info!(count, "old sessions were deleted"),
            Err(error) => tracing::warn!(%error, "old sessions could not be deleted"),
        }
        if let Err(error) = in_time(FORGET_WITHIN, app.store.forget_saml(app.clock.now())).await {
            tracing::warn!(%error, "old answers of identity providers could not be deleted");
        }
        if let Err(error) = in_time(FORGET_WITHIN, app.store.forget_sign_ins(app.clock.now())).await {
            tracing::warn!(%error, "old sign-ins could not be deleted");
        }
        sleep(FORGET_EVERY).await;
    }
}

async fn forget_groups(app: Arc<App>) {
    loop {
        match in_time(FORGET_WITHIN, sso::forget_old_groups(&app)).await {
            Ok(0) => {}
            Ok(count) => tracing::warn!(
                count,
                "groups of users were forgotten: their identity provider has said nothing about them for too long (groups-lifetime)"
            ),
            Err(error) => tracing::warn!(%error, "groups that are too old could not be forgotten"),
        }
        sleep(FORGET_GROUPS_EVERY).await;
    }
}

async fn read_metadata(app: Arc<App>) {
    loop {
        if let Err(error) = sso::read_metadata(&app).await {
            tracing::warn!(%error, "the metadata of identity providers could not be read");
        }
        sleep(READ_METADATA_EVERY).await;
    }
}
