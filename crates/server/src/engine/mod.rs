//! The engine: the world in memory, kept at the head of the change feed.
//!
//! Readers take an immutable snapshot and never wait. A change of this replica is published before its response is
//! sent; changes of others arrive with the feed. The engine knows how fresh it is, and refuses to answer when it is out
//! of date. When the database has lost revisions of the world, the world is dropped and loaded again.

mod named_revision;

use std::num::NonZeroU64;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use moka::sync::Cache;
use rolecall_core::{Error, Result, Revision, RevisionId, Timestamp, World};
use rolecall_store::{GoneHistory, Store, replay};
use tokio::sync::Notify;

use crate::clock::Clock;
pub use named_revision::NamedRevision;

/// Revisions read from the feed at a time.
const BATCH: usize = 1000;

/// Maximum cached ids of revisions, so that a request with a revision needs no database.
const REMEMBERED: u64 = 10_000;

/// Instead of the time of the last confirmation: there is no world.
const NEVER: i64 = i64::MIN;

/// A history that this process follows, by number. A new one starts when the database has lost the previous one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct History(NonZeroU64);

impl History {
    const FIRST: Self = Self(NonZeroU64::MIN);

    const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// The world in memory.
#[derive(Debug)]
pub struct Engine {
    world: ArcSwap<World>,
    clock: Clock,
    /// When this replica was last known to be at the head, in milliseconds; [`NEVER`] without a world.
    confirmed: AtomicI64,
    /// The same by what had elapsed on the clock, which nobody sets back.
    confirmed_elapsed: AtomicU64,
    // INVARIANT: only the holder of this lock writes `world` and what is confirmed. The lock is never held across an await.
    state: Mutex<State>,
    /// Notified when the world must be loaded.
    lost: Notify,
    /// The ids of revisions, by history.
    ids: Cache<(History, Revision), RevisionId>,
    max_staleness: Duration,
}

#[derive(Debug)]
struct State {
    history: History,
    /// The history is lost, and the world of the next one is not loaded yet.
    is_lost: bool,
}

/// A world with its history.
#[derive(Debug, Clone)]
pub struct Known {
    /// The history.
    pub history: History,
    /// Its newest world.
    pub world: Arc<World>,
}

impl Engine {
    /// Loads the world from the store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn load(store: &Store, clock: Clock, max_staleness: Duration) -> Result<Self> {
        let (now, elapsed) = (clock.now(), clock.elapsed());
        let world = store.load_world().await?;
        Ok(Self {
            world: ArcSwap::from_pointee(world),
            clock,
            confirmed: AtomicI64::new(now.millis()),
            confirmed_elapsed: AtomicU64::new(millis(elapsed)),
            state: Mutex::new(State { history: History::FIRST, is_lost: false }),
            lost: Notify::new(),
            ids: Cache::new(REMEMBERED),
            max_staleness,
        })
    }

    /// The newest world of this replica, however old; empty while there is none.
    #[must_use]
    pub fn world(&self) -> Arc<World> {
        self.world.load_full()
    }

    /// The newest world for decisions, within the allowed staleness.
    ///
    /// # Errors
    /// `Overloaded` when there is none.
    pub fn current(&self, now: Timestamp) -> Result<Arc<World>> {
        let world = self.world();
        match self.staleness(now) {
            // The world may have been read just before it was dropped or replaced.
            Some(staleness) if staleness <= self.max_staleness && world.revision() > Revision::ZERO => Ok(world),
            Some(staleness) if staleness > self.max_staleness => Err(Error::overloaded(
                "the database has not answered for too long, so this server's access rules may be out of date; try again",
                Duration::from_secs(1),
            )),
            _ => Err(lost()),
        }
    }

    /// Time since this replica was last known to be at the head; `None` without a world.
    #[must_use]
    pub fn staleness(&self, now: Timestamp) -> Option<Duration> {
        let confirmed = self.confirmed.load(Ordering::SeqCst);
        // INVARIANT: the longer of the two. A clock that was set back must not make an old world fresh, and what elapses
        // may leave out the time in which the machine slept.
        let elapsed = millis(self.clock.elapsed()).saturating_sub(self.confirmed_elapsed.load(Ordering::SeqCst));
        (confirmed != NEVER).then(|| now.since(Timestamp::from_millis(confirmed)).max(Duration::from_millis(elapsed)))
    }

    /// The newest world with its history, to begin a change.
    ///
    /// # Errors
    /// `Overloaded` while there is none.
    pub fn known(&self) -> Result<Known> {
        let state = self.state();
        if state.is_lost {
            return Err(lost());
        }
        Ok(Known { history: state.history, world: self.world() })
    }

    /// Publishes a world, unless a newer one is current; returns the newest. It counts only in its own history.
    ///
    /// # Errors
    /// `Overloaded` when that history is lost.
    pub fn publish(&self, history: History, world: World) -> Result<Arc<World>> {
        let mut state = self.state();
        if state.is_lost || state.history != history {
            return Err(lost());
        }
        let current = self.world();
        let (known, new) = (current.stamp(), world.stamp());
        if known.revision == new.revision && known.id != new.id {
            return Err(self.lose_locked(&mut state, &GoneHistory { known, found: Some(new) }));
        }
        self.ids.insert((history, new.revision), new.id);
        if known.revision >= new.revision {
            return Ok(current);
        }
        let world = Arc::new(world);
        self.world.store(Arc::clone(&world));
        Ok(world)
    }

    /// Follows the feed to its head and records that this replica is fresh at `now`.
    ///
    /// # Errors
    /// When the store cannot be read, or its database cannot be written; `Overloaded` when it has lost known revisions.
    pub async fn catch_up(&self, store: &Store, now: Timestamp) -> Result<Arc<World>> {
        let Known { history, mut world } = self.known()?;
        let elapsed = self.clock.elapsed();
        loop {
            let feed = match store.follow(world.stamp(), BATCH).await? {
                Ok(feed) => feed,
                Err(gone) => return Err(self.lose(history, &gone)),
            };
            // The head was read after `now`, so the confirmed state was true then or later.
            let is_head = feed.len() < BATCH;
            if !feed.is_empty() {
                world = self.publish(history, replay(&world, &feed))?;
            }
            if is_head {
                return self.confirm(history, now, elapsed).map(|()| world);
            }
        }
    }

    fn confirm(&self, history: History, now: Timestamp, elapsed: Duration) -> Result<()> {
        let state = self.state();
        if state.is_lost || state.history != history {
            return Err(lost());
        }
        self.confirmed.fetch_max(now.millis(), Ordering::SeqCst);
        self.confirmed_elapsed.fetch_max(millis(elapsed), Ordering::SeqCst);
        Ok(())
    }

    /// Drops the world because the database has another history; returns the error for callers until the reload.
    pub fn lose(&self, history: History, gone: &GoneHistory) -> Error {
        let mut state = self.state();
        // Another task may have noticed it as well.
        if state.history == history { self.lose_locked(&mut state, gone) } else { lost() }
    }

    fn lose_locked(&self, state: &mut State, gone: &GoneHistory) -> Error {
        if !state.is_lost {
            tracing::error!(
                known = %gone.known,
                found = gone.found.map(tracing::field::display),
                "{gone}: the database was restored, or failed over to a server without the latest changes; reloading all access \
                 rules, requests get 503 until then"
            );
            *state = State { history: state.history.next(), is_lost: true };
            self.confirmed.store(NEVER, Ordering::SeqCst);
            let account = self.world().account().clone();
            self.world.store(Arc::new(World::empty(account)));
            self.lost.notify_one();
        }
        lost()
    }

    /// Whether the world must be loaded again.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.state().is_lost
    }

    /// Waits until the world must be loaded again. For one task.
    pub async fn lost(&self) {
        self.lost.notified().await;
    }

    /// Loads the world at the head of the database's current history. It is not published yet.
    ///
    /// # Errors
    /// When the store cannot be read, or its database cannot be written or is incomplete.
    pub async fn load_afresh(&self, store: &Store) -> Result<World> {
        let mut world = store.load_world().await?;
        // A database that is being restored table by table has no users until the end.
        if world.ways_in().next().is_none() {
            return Err(Error::overloaded(
                "the database has no administrator who can sign in; it may be in the middle of a restore",
                Duration::from_secs(1),
            ));
        }
        loop {
            let feed = store.follow(world.stamp(), BATCH).await?.map_err(|gone| lost().with_cause(gone))?;
            world = replay(&world, &feed);
            if feed.len() < BATCH {
                return Ok(world);
            }
        }
    }

    /// Publishes a reloaded world, which was at the head at `now` or later, when that much had elapsed.
    pub fn begin_anew(&self, world: World, now: Timestamp, elapsed: Duration) {
        let mut state = self.state();
        let stamp = world.stamp();
        self.world.store(Arc::new(world));
        self.confirmed_elapsed.store(millis(elapsed), Ordering::SeqCst);
        self.confirmed.store(now.millis(), Ordering::SeqCst);
        state.is_lost = false;
        tracing::info!(revision = %stamp, "all access rules were reloaded");
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn millis(elapsed: Duration) -> u64 {
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}

/// The error for callers while there is no world.
fn lost() -> Error {
    Error::overloaded(
        "the database was restored or failed over and lost changes; access rules are being reloaded, try again in a moment",
        Duration::from_secs(1),
    )
}
