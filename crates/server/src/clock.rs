//! The only reader of the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rolecall_core::Timestamp;

/// A clock: the machine's, or one that a test sets.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Held(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock fixed at `at` until [`Clock::advance`] moves it. Clones move together.
    #[must_use]
    pub fn held_at(at: Timestamp) -> Self {
        Self(Source::Held(Arc::new(AtomicI64::new(at.millis()))))
    }

    /// The current time.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Source::Held(millis) => Timestamp::from_millis(millis.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fixed clock forward; has no effect on the machine's.
    pub fn advance(&self, by: Duration) {
        if let Source::Held(millis) = &self.0 {
            millis.fetch_add(i64::try_from(by.as_millis()).unwrap_or(0), Ordering::SeqCst);
        }
    }
}
