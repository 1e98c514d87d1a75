//! Turns of callers: how many requests of one caller may use the database or a processor at once, so that a caller with
//! many requests waits for their own, and others do not wait for all of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rolecall_core::access::Actor;
use rolecall_core::{Error, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// Maximum reads of one caller in progress. SQLite has four readers, one of which stays free for others.
const READS: usize = 3;
/// Maximum changes of one caller in progress, each of which may be a batch. All changes wait for one another, so more
/// would only make others wait.
const CHANGES: usize = 3;
/// Maximum large bodies of one caller in memory.
const LARGE_BODIES: usize = 8;
/// Maximum wait for a turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// The turns of all callers.
#[derive(Debug)]
pub struct Turns {
    /// What a caller has a limited number of, for messages.
    what: &'static str,
    each: usize,
    callers: Mutex<BTreeMap<(&'static str, String), Arc<Semaphore>>>,
}

/// A turn; it ends when this is dropped.
pub type Turn = OwnedSemaphorePermit;

impl Turns {
    /// That many of these at once for each caller.
    #[must_use]
    pub fn new(what: &'static str, each: usize) -> Self {
        Self { what, each, callers: Mutex::default() }
    }

    /// For reads.
    #[must_use]
    pub fn of_reads() -> Self {
        Self::new("reads", READS)
    }

    /// For changes.
    #[must_use]
    pub fn of_changes() -> Self {
        Self::new("changes", CHANGES)
    }

    /// For large bodies.
    #[must_use]
    pub fn of_large_bodies() -> Self {
        Self::new("large requests", LARGE_BODIES)
    }

    /// Waits for a turn of the caller.
    ///
    /// # Errors
    /// `TooMany` when it does not come soon.
    pub async fn turn(&self, actor: &Actor) -> Result<Turn> {
        let turn = timeout(PATIENCE, self.of(actor).acquire_owned()).await.map_err(|_| {
            let Self { what, each, .. } = self;
            let message = format!("too many {what} of yours at once; each caller has {each} in progress; try again");
            Error::too_many(message, Duration::from_secs(1))
        })?;
        turn.map_err(Error::internal)
    }

    /// The turns of a caller. They are forgotten when no request of theirs has one or waits.
    pub(super) fn of(&self, actor: &Actor) -> Arc<Semaphore> {
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        callers.retain(|_, turns| Arc::strong_count(turns) > 1);
        let who = (actor.kind(), actor.name().to_owned());
        callers.entry(who).or_insert_with(|| Arc::new(Semaphore::new(self.each))).clone()
    }

    #[cfg(test)]
    pub(super) fn callers(&self) -> usize {
        self.callers.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Poll;

    use rolecall_core::identity::{Email, SessionId, UserId};
    use uuid::Uuid;

    use super::*;

    fn user(n: u128) -> Actor {
        let email = Email::parse("email", &format!("user{n}@example.com")).unwrap();
        Actor::User { email, id: UserId::new(Uuid::from_u128(n)), session: SessionId::new(Uuid::from_u128(n)) }
    }

    #[tokio::test]
    async fn a_caller_with_many_reads_waits_and_others_do_not() {
        let turns = Turns::of_reads();
        let (greedy, other) = (user(1), user(2));
        let mut held = Vec::new();
        for _ in 0..READS {
            held.push(turns.turn(&greedy).await.unwrap());
        }
        let mut next = pin!(turns.turn(&greedy));
        assert!(poll_fn(|context| Poll::Ready(next.as_mut().poll(context).is_pending())).await);
        drop(turns.turn(&other).await.unwrap());
        held.pop();
        drop(next.await.unwrap());
        drop(held);
        drop(turns.turn(&other).await.unwrap());
        assert_eq!(turns.callers(), 1, "a caller without a read is forgotten");
    }
}
