//! The only reader of the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rolecall_core::Timestamp;

/// A clock: the machine's, or one that a test sets.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System { began: Instant },
    Held(Arc<Held>),
}

/// A time in milliseconds, and what has elapsed.
#[derive(Debug)]
struct Held {
    now: AtomicI64,
    elapsed: AtomicU64,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System { began: Instant::now() })
    }

    /// A clock fixed at `at` until [`Clock::advance`] moves it. Clones move together.
    #[must_use]
    pub fn held_at(at: Timestamp) -> Self {
        Self(Source::Held(Arc::new(Held { now: AtomicI64::new(at.millis()), elapsed: AtomicU64::new(0) })))
    }

    /// The current time.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System { .. } => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Source::Held(held) => Timestamp::from_millis(held.now.load(Ordering::SeqCst)),
        }
    }

    /// The time since this clock was made, whatever is set meanwhile: it never goes back.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        match &self.0 {
            Source::System { began } => began.elapsed(),
            Source::Held(held) => Duration::from_millis(held.elapsed.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fixed clock forward; has no effect on the machine's.
    pub fn advance(&self, by: Duration) {
        if let Source::Held(held) = &self.0 {
            held.elapsed.fetch_add(u64::try_from(by.as_millis()).unwrap_or(0), Ordering::SeqCst);
            held.now.fetch_add(i64::try_from(by.as_millis()).unwrap_or(0), Ordering::SeqCst);
        }
    }

    /// Sets a fixed clock back, while time goes on; has no effect on the machine's.
    pub fn set_back(&self, by: Duration) {
        if let Source::Held(held) = &self.0 {
            held.now.fetch_sub(i64::try_from(by.as_millis()).unwrap_or(0), Ordering::SeqCst);
        }
    }
}
