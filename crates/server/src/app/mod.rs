//! The use cases: everything between a parsed request and the store.
//!
//! Every change takes the same way: [`Call::open_change`] takes the revision, [`OpenChange::authorize`] decides at it,
//! a store function writes with the permit, and [`OpenChange::commit`] runs the lockout check, commits and publishes.
//! No HTTP here.

pub mod bootstrap;
mod call;
mod change;
pub mod decisions;
pub mod doctor;
pub mod exports;
pub mod hashing;
mod host;
pub mod identity_providers;
pub mod impact;
pub mod jobs;
pub mod org;
pub mod recovery;
pub mod roles;
pub mod rules;
pub mod searches;
pub mod service_accounts;
pub mod sessions;
pub mod sso;
mod turns;
pub mod users;
pub mod vault;

use std::sync::Arc;

use rolecall_core::Result;
use rolecall_store::Store;

use crate::clock::Clock;
use crate::config::{Lifetimes, PublicUrl};
use crate::engine::Engine;
use crate::outbound::Outbound;
use crate::random::Random;

pub use call::{Call, RequestInfo};
pub use change::{Changed, OpenChange};
pub use turns::Turn;
pub use vault::Vault;

/// The parts of a running server. One for each process; nothing in it is global.
#[derive(Debug)]
pub struct App {
    /// The database.
    pub store: Store,
    /// The world in memory.
    pub engine: Engine,
    /// The clock.
    pub clock: Clock,
    /// The source of randomness.
    pub random: Random,
    /// Password hashing, on dedicated threads.
    pub hashing: hashing::HashingPool,
    /// Exports of whole lists.
    pub exports: exports::Exports,
    /// Searches through names, on dedicated threads.
    pub searches: searches::Searches,
    /// Reads, a few at a time for each caller.
    pub reads: turns::Turns,
    /// Changes, a few at a time for each caller.
    pub changes: turns::Turns,
    /// Large bodies in memory, a few at a time for each caller.
    pub large_bodies: turns::Turns,
    /// The secrets in the database.
    pub vault: Vault,
    /// The keys of access tokens, and recently verified tokens.
    pub token_keys: sessions::TokenKeys,
    /// The newest session, to notice when the database has lost it.
    pub newest_session: sessions::NewestSession,
    /// Delays and limits of sign-ins.
    pub guard: sessions::SignInGuard,
    /// Sign-ins with identity providers.
    pub sso: sso::Sso,
    /// Lifetimes and time-outs.
    pub lifetimes: Lifetimes,
    /// The server's public URL: the issuer of tokens.
    pub public_url: PublicUrl,
}

impl App {
    /// Creates a server around an open store.
    ///
    /// # Errors
    /// When the world or the keys cannot be read from the store.
    pub async fn start(
        store: Store,
        clock: Clock,
        random: Random,
        vault: Vault,
        outbound: Outbound,
        public_url: PublicUrl,
        lifetimes: Lifetimes,
    ) -> Result<Arc<Self>> {
        let engine = Engine::load(&store, clock.clone(), lifetimes.max_staleness).await?;
        let token_keys = sessions::TokenKeys::open(&store, &vault, &random, clock.now()).await?;
        let guard = sessions::SignInGuard::open(&store, &vault, &random, clock.now()).await?;
        let sso = sso::Sso::open(&store, &vault, &random, clock.now(), outbound).await?;
        let hashing = hashing::HashingPool::start()?;
        let (exports, searches) = (exports::Exports::default(), searches::Searches::default());
        let app = Arc::new(Self {
            store,
            engine,
            clock,
            random,
            hashing,
            exports,
            searches,
            reads: turns::Turns::of_reads(),
            changes: turns::Turns::of_changes(),
            large_bodies: turns::Turns::of_large_bodies(),
            vault,
            token_keys,
            newest_session: sessions::NewestSession::default(),
            guard,
            sso,
            lifetimes,
            public_url,
        });
        roles::bring_up_to_date(&app).await?;
        Ok(app)
    }

    /// Starts over with the database's current history, after it lost the previous one.
    ///
    /// # Errors
    /// When the store cannot be read, or its database cannot be written or is incomplete.
    pub async fn begin_anew(self: &Arc<Self>) -> Result<()> {
        // Before it is loaded, so that the confirmed state was true then or later.
        let (now, elapsed) = (self.clock.now(), self.clock.elapsed());
        let world = self.engine.load_afresh(&self.store).await?;
        // INVARIANT: everything verified in the lost history is dropped before any answer from the next one.
        self.token_keys.begin_anew(&self.store, &self.vault, &self.random, now).await?;
        self.guard.begin_anew(&self.store, &self.vault, &self.random, now).await?;
        self.sso.begin_anew(&self.store, &self.vault, &self.random, now).await?;
        self.engine.begin_anew(world, now, elapsed);
        roles::bring_up_to_date(self).await
    }
}
