//! The engine: the world in memory, kept at the head of the change feed.
//!
//! Readers take an immutable snapshot and are never in anybody's way. A change made on this replica is published before
//! its answer goes out; changes of others arrive with the feed. The engine knows how fresh it is, and says so rather
//! than answer from an old truth.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use rolecall_core::{Change, Error, Result, Revision, Timestamp, World};
use rolecall_store::Store;
use tokio::sync::watch;

/// How many revisions are read from the feed at a time.
const BATCH: usize = 1000;

/// How long a request that names a revision waits for it.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// The world in memory.
#[derive(Debug)]
pub struct Engine {
    world: ArcSwap<World>,
    published: watch::Sender<Revision>,
    /// When this replica last knew that it was at the head, in milliseconds.
    confirmed: AtomicI64,
    max_staleness: Duration,
}

impl Engine {
    /// Loads the world from the store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn load(store: &Store, now: Timestamp, max_staleness: Duration) -> Result<Self> {
        let world = store.load_world().await?;
        let (published, _) = watch::channel(world.revision());
        Ok(Self {
            world: ArcSwap::from_pointee(world),
            published,
            confirmed: AtomicI64::new(now.millis()),
            max_staleness,
        })
    }

    /// The newest world that this replica knows.
    #[must_use]
    pub fn world(&self) -> Arc<World> {
        self.world.load_full()
    }

    /// Makes a world the current one, unless a newer one is already there.
    pub fn publish(&self, world: World) {
        let world = Arc::new(world);
        self.world.rcu(|current| if current.revision() < world.revision() { world.clone() } else { current.clone() });
        self.published.send_if_modified(|revision| {
            let newer = *revision < world.revision();
            if newer {
                *revision = world.revision();
            }
            newer
        });
    }

    /// Follows the feed up to its head and notes that this replica is fresh at `now`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn catch_up(&self, store: &Store, now: Timestamp) -> Result<Arc<World>> {
        // The head is read first, so that what is confirmed is a state that was true at `now` or later.
        let head = store.head().await?;
        loop {
            let world = self.world();
            if world.revision() >= head {
                self.confirm(now);
                return Ok(world);
            }
            let feed = store.changes_after(world.revision(), BATCH).await?;
            if feed.is_empty() {
                return Err(Error::internal(format!("the feed ends at {} and the head is {head}", world.revision())));
            }
            self.publish(replay(&world, &feed));
        }
    }

    fn confirm(&self, now: Timestamp) {
        self.confirmed.fetch_max(now.millis(), Ordering::SeqCst);
    }

    /// How long ago this replica was last known to be at the head.
    #[must_use]
    pub fn staleness(&self, now: Timestamp) -> Duration {
        now.since(Timestamp::from_millis(self.confirmed.load(Ordering::SeqCst)))
    }

    /// Refuses to answer from a world that may be older than is allowed.
    ///
    /// # Errors
    /// Overloaded.
    pub fn ensure_fresh(&self, now: Timestamp) -> Result<()> {
        if self.staleness(now) <= self.max_staleness {
            return Ok(());
        }
        Err(Error::overloaded(
            "the database has not answered for too long; rather than decide by old rules, this server waits for it",
            Duration::from_secs(1),
        ))
    }

    /// Waits until the world is at least at `revision`.
    ///
    /// # Errors
    /// Invalid when there is no such revision yet; overloaded when it does not arrive in time.
    pub async fn wait_for(&self, store: &Store, revision: Revision, now: Timestamp) -> Result<Arc<World>> {
        let world = self.world();
        if world.revision() >= revision {
            return Ok(world);
        }
        let world = self.catch_up(store, now).await?;
        if world.revision() >= revision {
            return Ok(world);
        }
        if store.head().await? < revision {
            return Err(Error::invalid(format!(
                "Rolecall-Revision: {revision} does not exist yet; the newest is {}",
                world.revision()
            )));
        }
        let mut published = self.published.subscribe();
        match tokio::time::timeout(LONGEST_WAIT, published.wait_for(|newest| *newest >= revision)).await {
            Ok(Ok(_)) => Ok(self.world()),
            _ => Err(Error::overloaded(
                format!("revision {revision} has not arrived here yet; try again"),
                Duration::from_secs(1),
            )),
        }
    }
}

/// The world after the revisions of a piece of the feed.
#[must_use]
pub fn replay(world: &World, feed: &[(Revision, Vec<Change>)]) -> World {
    feed.iter().fold(world.clone(), |world, (revision, changes)| world.apply(*revision, changes))
}
