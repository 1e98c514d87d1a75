//! The engine: the world in memory, kept at the head of the change feed.
//!
//! Readers take an immutable snapshot and are never in anybody's way. A change made on this replica is published before
//! its answer goes out; changes of others arrive with the feed. The engine knows how fresh it is, and says so rather
//! than answer from an old truth. When the database has lost what the world knows, the world is given up and loaded afresh.

mod named;

use std::num::NonZeroU64;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use moka::sync::Cache;
use rolecall_core::{Error, Result, Revision, RevisionId, Timestamp, World};
use rolecall_store::{Feed, GoneHistory, Store};
use tokio::sync::Notify;

pub use named::NamedRevision;

/// How many revisions are read from the feed at a time.
const BATCH: usize = 1000;

/// How many revisions' ids are remembered, so that a request that names one needs no database.
const REMEMBERED: u64 = 10_000;

/// In place of the time of the last confirmation: there is no world.
const NEVER: i64 = i64::MIN;

/// A history that this process has followed, by its number. Another one begins when the database has lost it.
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
    /// When this replica last knew that it was at the head, in milliseconds; [`NEVER`] while there is no world.
    confirmed: AtomicI64,
    // INVARIANT: `world` and `confirmed` are written by the holder of this lock only, which is never held across an await.
    state: Mutex<State>,
    /// Notified when the world has to be loaded.
    lost: Notify,
    /// The ids of revisions, by history.
    ids: Cache<(History, Revision), RevisionId>,
    max_staleness: Duration,
}

#[derive(Debug)]
struct State {
    history: History,
    /// The history is gone, and the next one's world is not loaded yet.
    is_lost: bool,
}

/// A world, and the history that it belongs to.
#[derive(Debug, Clone)]
pub struct Known {
    /// The history.
    pub history: History,
    /// The newest world of it.
    pub world: Arc<World>,
}

impl Engine {
    /// Loads the world from the store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn load(store: &Store, now: Timestamp, max_staleness: Duration) -> Result<Self> {
        let world = store.load_world().await?;
        Ok(Self {
            world: ArcSwap::from_pointee(world),
            confirmed: AtomicI64::new(now.millis()),
            state: Mutex::new(State { history: History::FIRST, is_lost: false }),
            lost: Notify::new(),
            ids: Cache::new(REMEMBERED),
            max_staleness,
        })
    }

    /// The newest world that this replica knows, however old; an empty one while it knows none.
    #[must_use]
    pub fn world(&self) -> Arc<World> {
        self.world.load_full()
    }

    /// The newest world, to decide in: one that is not older than is allowed.
    ///
    /// # Errors
    /// Overloaded when there is none.
    pub fn current(&self, now: Timestamp) -> Result<Arc<World>> {
        let world = self.world();
        match self.staleness(now) {
            // The world may have been taken just before it was given up, or just before another one took its place.
            Some(staleness) if staleness <= self.max_staleness && world.revision() > Revision::ZERO => Ok(world),
            Some(staleness) if staleness > self.max_staleness => Err(Error::overloaded(
                "the database has not answered for too long, so this server's access rules may be out of date; try again",
                Duration::from_secs(1),
            )),
            _ => Err(lost()),
        }
    }

    /// How long ago this replica was last known to be at the head; none while it has no world.
    #[must_use]
    pub fn staleness(&self, now: Timestamp) -> Option<Duration> {
        let confirmed = self.confirmed.load(Ordering::SeqCst);
        (confirmed != NEVER).then(|| now.since(Timestamp::from_millis(confirmed)))
    }

    /// The newest world with its history, to begin a change with.
    ///
    /// # Errors
    /// Overloaded while there is none.
    pub fn known(&self) -> Result<Known> {
        let state = self.state();
        if state.is_lost {
            return Err(lost());
        }
        Ok(Known { history: state.history, world: self.world() })
    }

    /// Makes a world the current one, unless a newer one is already there; returns the newest. It counts only in the history
    /// that it belongs to.
    ///
    /// # Errors
    /// Overloaded when that history is gone by now.
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

    /// Follows the feed up to its head and notes that this replica is fresh at `now`.
    ///
    /// # Errors
    /// When the store cannot be read, or its database cannot be written; overloaded when it has lost what is known here.
    pub async fn catch_up(&self, store: &Store, now: Timestamp) -> Result<Arc<World>> {
        let Known { history, mut world } = self.known()?;
        loop {
            let feed = match store.follow(world.stamp(), BATCH).await? {
                Ok(feed) => feed,
                Err(gone) => return Err(self.lose(history, &gone)),
            };
            // The head was read after `now`, so what is confirmed is a state that was true then or later.
            let is_head = feed.len() < BATCH;
            if !feed.is_empty() {
                world = self.publish(history, replay(&world, &feed))?;
            }
            if is_head {
                return self.confirm(history, now).map(|()| world);
            }
        }
    }

    fn confirm(&self, history: History, now: Timestamp) -> Result<()> {
        let state = self.state();
        if state.is_lost || state.history != history {
            return Err(lost());
        }
        self.confirmed.fetch_max(now.millis(), Ordering::SeqCst);
        Ok(())
    }

    /// Gives the world up, since the database has another history; returns what to tell callers until it is loaded afresh.
    pub fn lose(&self, history: History, gone: &GoneHistory) -> Error {
        let mut state = self.state();
        // Others may have noticed it as well.
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

    /// Whether the world is to be loaded afresh.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.state().is_lost
    }

    /// Waits until the world is to be loaded afresh. For one task.
    pub async fn lost(&self) {
        self.lost.notified().await;
    }

    /// Loads the world afresh, up to the head of the history that the database has now. It does not count yet.
    ///
    /// # Errors
    /// When the store cannot be read, or its database cannot be written or is only half there.
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

    /// Makes a world that was loaded afresh the current one; it was at the head at `now` or later.
    pub fn begin_anew(&self, world: World, now: Timestamp) {
        let mut state = self.state();
        let stamp = world.stamp();
        self.world.store(Arc::new(world));
        self.confirmed.store(now.millis(), Ordering::SeqCst);
        state.is_lost = false;
        tracing::info!(revision = %stamp, "all access rules were reloaded");
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What callers are told while there is no world.
fn lost() -> Error {
    Error::overloaded(
        "the database was restored or failed over and lost changes; access rules are being reloaded, try again in a moment",
        Duration::from_secs(1),
    )
}

/// The world after the revisions of a piece of the feed.
#[must_use]
pub fn replay(world: &World, feed: &Feed) -> World {
    feed.iter().fold(world.clone(), |world, (at, changes)| world.apply(at.revision, changes).identified(at.id))
}
