//! Whole lists on their way out: how many at once, and one for each caller.
//!
//! Each keeps a snapshot of the database open and a connection of its own, for as long as its reader takes.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rolecall_core::access::Actor;
use rolecall_core::time::Timestamp;
use rolecall_core::{Error, Result};
use rolecall_store::Stream;

use super::Call;

/// The most at once, whoever they are for: PostgreSQL's connections are few.
const MOST: usize = 4;
/// When to come back.
const LATER: Duration = Duration::from_secs(10);

/// How long one may take, from its beginning. A reader may be slow, but what he keeps open others cannot have.
const LONGEST: Duration = Duration::from_secs(30 * 60);

/// A whole list on its way to somebody.
#[derive(Debug)]
pub struct Export<R> {
    call: Call,
    records: Stream<R>,
    began: Timestamp,
}

impl<R> Export<R> {
    /// What was asked for in that call.
    pub(super) fn new(call: &Call, records: Stream<R>) -> Self {
        Self { call: call.clone(), records, began: call.app.clock.now() }
    }

    /// The next records, a few hundred at most; none at the end.
    ///
    /// # Errors
    /// `Unauthenticated` when the session has ended, `Overloaded` when the export took too long or the world is too old, and errors of the stream.
    pub async fn next(&mut self) -> Result<Option<Vec<R>>> {
        let app = &self.call.app;
        let now = app.clock.now();
        app.engine.current(now)?.principal(&self.call.actor)?;
        if now.since(self.began) > LONGEST {
            let message = format!("the export took longer than {} minutes; filter the list", LONGEST.as_secs() / 60);
            return Err(Error::overloaded(message, LATER));
        }
        self.records.next().await
    }
}

type Names = Mutex<BTreeSet<(&'static str, String)>>;

/// Who has an export under way.
#[derive(Debug, Default)]
pub struct Exports(Arc<Names>);

/// An export that is under way, until it is dropped: by whoever reads the database for it, and not by whoever takes the answer,
/// who may leave, or stay and take nothing.
#[derive(Debug)]
pub struct UnderWay {
    all: Arc<Names>,
    who: (&'static str, String),
}

impl Exports {
    /// Begins one.
    ///
    /// # Errors
    /// Overloaded when he has one already, or when there are too many.
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
