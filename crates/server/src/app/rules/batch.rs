//! Several rules in one request. Each is a change of its own, decided at its own revision, with its own audit row; one
//! that is refused is no hindrance to the others.

use std::time::Duration;

use rolecall_core::access::RuleId;
use rolecall_core::{Error, ErrorKind, Result, Revision, World};
use rolecall_store::RuleRecord;

use super::NewRule;
use super::create::create_answering;
use super::delete::{delete_answering, rehearse};
use crate::app::{Call, Changed};

/// The status of the whole answer, which the audit rows note.
const STATUS: u16 = 200;

/// One of several: what the caller wrote, and what it means, unless it means nothing.
pub type Item<S, T> = (S, Result<T>);

/// What came of several, each list in the order in which they were given.
#[derive(Debug)]
pub struct Outcomes<S, T> {
    /// What the caller wrote, and what came of it.
    pub succeeded: Vec<(S, T)>,
    /// What the caller wrote, and why it was refused.
    pub failed: Vec<(S, Error)>,
    /// The last revision that was made, if any.
    pub revision: Option<Revision>,
}

impl<S, T> Outcomes<S, T> {
    const fn new() -> Self {
        Self { succeeded: Vec::new(), failed: Vec::new(), revision: None }
    }

    /// What the next item means, if it means something and trying makes sense.
    fn next<W>(&self, wanted: Result<W>) -> Result<W> {
        let wanted = wanted?;
        // Each further try would wait for a database that does not answer, and the caller with it.
        if self.failed.iter().any(|(_, error)| error.kind == ErrorKind::Overloaded) {
            let message = "not tried, because the database did not answer before; try again";
            return Err(Error::overloaded(message, Duration::from_secs(1)));
        }
        Ok(wanted)
    }

    fn note(&mut self, said: S, outcome: Result<Changed<T>>) {
        match outcome {
            Ok(Changed { value, revision }) => {
                self.succeeded.push((said, value));
                self.revision = Some(revision);
            }
            Err(error) => self.failed.push((said, error)),
        }
    }
}

/// Makes rules, in this order.
pub async fn create_all<S>(call: &Call, items: Vec<Item<S, NewRule>>) -> Outcomes<S, RuleRecord> {
    let mut outcomes = Outcomes::new();
    for (said, wanted) in items {
        let outcome = match outcomes.next(wanted) {
            Ok(new) => create_answering(call, &new, STATUS).await,
            Err(error) => Err(error),
        };
        outcomes.note(said, outcome);
    }
    outcomes
}

/// Removes rules, in this order.
pub async fn delete_all<S>(call: &Call, items: Vec<Item<S, RuleId>>) -> Outcomes<S, ()> {
    let mut outcomes = Outcomes::new();
    for (said, wanted) in items {
        let outcome = match outcomes.next(wanted) {
            Ok(id) => delete_answering(call, id, STATUS).await,
            Err(error) => Err(error),
        };
        outcomes.note(said, outcome);
    }
    outcomes
}

/// What [`delete_all`] would say, without removing anything: the same decisions and guards, one after another.
///
/// # Errors
/// When the database does not answer.
pub async fn rehearse_delete_all<S>(call: &Call, items: Vec<Item<S, RuleId>>) -> Result<Outcomes<S, ()>> {
    let mut outcomes = Outcomes::new();
    // Deleting decides in the newest world, and this replica may not have heard of it yet.
    let newest = call.app.engine.catch_up(&call.app.store, call.app.clock.now()).await?;
    let mut world = World::clone(&newest);
    for (said, wanted) in items {
        match wanted.and_then(|id| rehearse(&world, &call.actor, id)) {
            Ok(after) => {
                outcomes.succeeded.push((said, ()));
                world = after;
            }
            Err(error) => outcomes.failed.push((said, error)),
        }
    }
    Ok(outcomes)
}
