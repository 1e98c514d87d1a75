//! Exports: streams of whole lists. Limits how many run at once, with one for each caller.
//!
//! Each holds a snapshot for as long as its reader takes: of the database, with a connection, or of the world.

use std::collections::BTreeSet;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::{Stream as Records, StreamExt, stream};
use rolecall_core::access::Actor;
use rolecall_core::{Error, Result};
use rolecall_store::Stream;

use super::Call;

/// Maximum concurrent exports of all callers: PostgreSQL's connections are few.
const MOST: usize = 4;
/// `Retry-After` of a refused export.
pub(super) const LATER: Duration = Duration::from_secs(10);

/// Maximum duration. A reader may be slow, but others cannot use what it holds.
const LONGEST: Duration = Duration::from_secs(30 * 60);

/// An export in progress.
pub struct Export<R> {
    call: Call,
    records: Pin<Box<dyn Records<Item = Result<Vec<R>>> + Send>>,
    /// What had elapsed on the clock.
    began: Duration,
}

impl<R> fmt::Debug for Export<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Export").field("call", &self.call).field("began", &self.began).finish_non_exhaustive()
    }
}

impl<R: Send + 'static> Export<R> {
    /// What the request of that call asked for, in parts of at most a thousand records.
    pub(super) fn new(call: &Call, records: impl Records<Item = Result<Vec<R>>> + Send + 'static) -> Self {
        Self { call: call.clone(), records: Box::pin(records), began: call.app.clock.elapsed() }
    }

    /// The same from the database.
    pub(super) fn stored(call: &Call, records: Stream<R>) -> Self {
        let parts =
            stream::try_unfold(
                records,
                |mut records| async move { Ok(records.next().await?.map(|part| (part, records))) },
            );
        Self::new(call, parts)
    }

    /// The next records, at most a few hundred; `None` at the end.
    ///
    /// # Errors
    /// `Unauthenticated` when the session has ended; `Overloaded` when the export took too long or the world is out of
    /// date; and errors of the stream.
    pub async fn next(&mut self) -> Result<Option<Vec<R>>> {
        let app = &self.call.app;
        let now = app.clock.now();
        app.engine.current(now)?.principal(&self.call.actor)?;
        if app.clock.elapsed().saturating_sub(self.began) > LONGEST {
            let message = format!("the export took longer than {} minutes; filter the list", LONGEST.as_secs() / 60);
            return Err(Error::overloaded(message, LATER));
        }
        self.records.next().await.transpose()
    }
}

type Names = Mutex<BTreeSet<(&'static str, String)>>;

/// Callers with an export in progress.
#[derive(Debug, Default)]
pub struct Exports(Arc<Names>);

/// A running export's slot. The reader of the database drops it, not the receiver of the response, which may leave, or
/// stay and take nothing.
#[derive(Debug)]
pub struct UnderWay {
    all: Arc<Names>,
    who: (&'static str, String),
}

impl Exports {
    /// Takes a slot.
    ///
    /// # Errors
    /// `Overloaded` when the caller has one already, or too many are taken.
    pub fn begin(&self, actor: &Actor) -> Result<UnderWay> {
        let who = (actor.kind(), actor.name().to_owned());
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.contains(&who) {
            let message = "you already have an export running; wait for it or cancel it";
            return Err(Error::overloaded(message, LATER));
        }
        if all.len() >= MOST {
            let message = format!("{MOST} exports are running, which is the limit; try again later");
            return Err(Error::overloaded(message, LATER));
        }
        all.insert(who.clone());
        Ok(UnderWay { all: self.0.clone(), who })
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.who);
    }
}

#[cfg(test)]
mod tests {
    use rolecall_core::identity::{Email, SessionId, UserId};
    use uuid::Uuid;

    use super::*;

    fn user(n: u128) -> Actor {
        let email = Email::parse("email", &format!("user{n}@example.com")).unwrap();
        Actor::User { email, id: UserId::new(Uuid::from_u128(n)), session: SessionId::new(Uuid::from_u128(n)) }
    }

    #[test]
    fn there_is_one_for_each_and_few_for_all() {
        let exports = Exports::default();
        let first = exports.begin(&user(1)).unwrap();
        assert!(exports.begin(&user(1)).unwrap_err().message.contains("already have an export"));
        let others: Vec<_> = (2..=4).map(|n| exports.begin(&user(n)).unwrap()).collect();
        let refused = exports.begin(&user(5)).unwrap_err();
        assert!(refused.message.starts_with("4 exports") && refused.retry_after.is_some(), "{refused:?}");
        drop(first);
        let again = exports.begin(&user(1)).unwrap();
        drop((others, again));
        assert!((1..=4).map(|n| exports.begin(&user(n))).collect::<Result<Vec<_>>>().is_ok());
    }
}
