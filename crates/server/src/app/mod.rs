//! The use cases: what happens between a parsed request and the store.
//!
//! A change goes one way: [`Call::open_change`] takes the revision, [`OpenChange::authorize`] decides at it, a store
//! function writes with the permit, [`OpenChange::commit`] lets the guards look, commits and publishes. No HTTP here.

pub mod ask;
mod call;
mod change;
pub mod doctor;
pub mod exports;
pub mod founding;
pub mod hashing;
mod host;
pub mod jobs;
pub mod org;
pub mod recovery;
pub mod rules;
pub mod searches;
pub mod service_accounts;
pub mod sessions;
pub mod users;

use std::sync::Arc;
use std::time::Duration;

use rolecall_core::Result;
use rolecall_store::Store;

use crate::clock::Clock;
use crate::engine::Engine;
use crate::random::Random;

pub use call::{Call, RequestInfo};
pub use change::{Changed, OpenChange};

/// What a running server consists of. One for each process; nothing of it is global.
#[derive(Debug)]
pub struct App {
    /// The database.
    pub store: Store,
    /// The world in memory.
    pub engine: Engine,
    /// What time it is.
    pub clock: Clock,
    /// Where randomness comes from.
    pub random: Random,
    /// Password hashing, on threads of its own.
    pub hashing: hashing::HashingPool,
    /// Whole lists on their way out.
    pub exports: exports::Exports,
    /// Searches through names, on threads of their own.
    pub searches: searches::Searches,
    /// The keys of access tokens, and the tokens that were verified lately.
    pub token_keys: sessions::TokenKeys,
    /// Which sign-ins wait or are refused.
    pub guard: sessions::SignInGuard,
    /// How long things last.
    pub policy: Policy,
}

/// How long things last, and how the world reaches this server.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Where people and clients reach this server: the issuer of tokens. Without a slash at the end.
    pub public_url: String,
    /// How long an access token is good.
    pub access_token_life: Duration,
    /// How long a session lasts at most, and with it its refresh tokens.
    pub session_life: Duration,
    /// How long after its first use a refresh token may be used again; zero: never.
    pub refresh_reuse_grace: Duration,
    /// How long a browser's session lasts without a request.
    pub session_idle: Duration,
    /// How long a temporary password is good.
    pub temporary_password_life: Duration,
    /// How long this server may answer without having confirmed that it is at the head of the feed.
    pub max_staleness: Duration,
    /// How often the feed is asked for changes that others made and nobody announced.
    pub follow_every: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            public_url: "http://localhost:8080".to_owned(),
            access_token_life: Duration::from_secs(60 * 60),
            session_life: Duration::from_secs(12 * 60 * 60),
            refresh_reuse_grace: Duration::from_secs(30),
            session_idle: Duration::from_secs(60 * 60),
            temporary_password_life: Duration::from_secs(7 * 24 * 60 * 60),
            max_staleness: Duration::from_secs(10),
            follow_every: Duration::from_millis(250),
        }
    }
}

impl Policy {
    /// Whether browsers reach this server by TLS, so that cookies are for TLS only.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

impl App {
    /// Puts a server together around an open store.
    ///
    /// # Errors
    /// When the store cannot be read, or its keys cannot.
    pub async fn start(store: Store, clock: Clock, random: Random, policy: Policy) -> Result<Arc<Self>> {
        let engine = Engine::load(&store, clock.now(), policy.max_staleness).await?;
        let token_keys = sessions::TokenKeys::open(&store, clock.now()).await?;
        let guard = sessions::SignInGuard::open(&store, &random, clock.now()).await?;
        let hashing = hashing::HashingPool::start()?;
        let (exports, searches) = (exports::Exports::default(), searches::Searches::default());
        Ok(Arc::new(Self { store, engine, clock, random, hashing, exports, searches, token_keys, guard, policy }))
    }

    /// Begins anew with the history that the database has now, once it has lost the one that was followed.
    ///
    /// # Errors
    /// When the store cannot be read, or its database cannot be written or is only half there.
    pub async fn begin_anew(&self) -> Result<()> {
        // Before it is loaded, so that what is confirmed was true then or later.
        let now = self.clock.now();
        let world = self.engine.load_afresh(&self.store).await?;
        // INVARIANT: what was verified in the history that is gone is forgotten before anybody is answered from the next one.
        self.token_keys.begin_anew(&self.store, now).await?;
        self.guard.begin_anew(&self.store, &self.random, now).await?;
        self.engine.begin_anew(world, now);
        Ok(())
    }
}
