//! Several rules in one request. Each is a change of its own, decided at its own revision, with its own audit row; one
//! that is refused is no hindrance to the others.

use std::sync::Arc;
use std::time::Duration;

use rolecall_core::access::{Actor, RuleId};
use rolecall_core::{Error, ErrorKind, Result, RevisionStamp, World};
use rolecall_store::RuleRecord;

use super::NewRule;
use super::create::create_answering;
use super::delete::{delete_answering, rehearse};
use super::own_last::own_last;
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
    pub revision: Option<RevisionStamp>,
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

impl<S, T> Outcomes<(usize, S), T> {
    /// Back in the order of the request.
    fn in_given_order(mut self) -> Outcomes<S, T> {
        self.succeeded.sort_by_key(|((place, _), _)| *place);
        self.failed.sort_by_key(|((place, _), _)| *place);
        Outcomes {
            succeeded: self.succeeded.into_iter().map(|((_, said), value)| (said, value)).collect(),
            failed: self.failed.into_iter().map(|((_, said), error)| (said, error)).collect(),
            revision: self.revision,
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

/// Deletes rules in this order, but the caller's own last (`own_last`).
pub async fn delete_all<S>(call: &Call, items: Vec<Item<S, RuleId>>) -> Outcomes<S, ()> {
    let mut outcomes = Outcomes::new();
    // Only the order depends on this world: each deletion is decided in the newest. A database that does not answer is told per rule.
    let world = match newest(call).await {
        Ok(world) => world,
        Err(_) => Arc::clone(&call.world),
    };
    for (place, (said, wanted)) in in_order(&world, &call.actor, items) {
        let outcome = match outcomes.next(wanted) {
            Ok(id) => delete_answering(call, id, STATUS).await,
            Err(error) => Err(error),
        };
        outcomes.note((place, said), outcome);
    }
    outcomes.in_given_order()
}

/// What [`delete_all`] would say, without deleting anything: the same order, decisions and guards, each in the world that the
/// deletions before it would leave.
///
/// # Errors
/// When the database does not answer.
pub async fn rehearse_delete_all<S>(call: &Call, items: Vec<Item<S, RuleId>>) -> Result<Outcomes<S, ()>> {
    let mut outcomes = Outcomes::new();
    let mut world = World::clone(newest(call).await?.as_ref());
    for (place, (said, wanted)) in in_order(&world, &call.actor, items) {
        match wanted.and_then(|id| rehearse(&world, &call.actor, id)) {
            Ok(after) => {
                outcomes.succeeded.push(((place, said), ()));
                world = after;
            }
            Err(error) => outcomes.failed.push(((place, said), error)),
        }
    }
    Ok(outcomes.in_given_order())
}

/// Deleting decides in the newest world, and this replica may not have heard of it yet.
async fn newest(call: &Call) -> Result<Arc<World>> {
    call.app.engine.catch_up(&call.app.store, call.app.clock.now()).await
}

/// The items in the order in which they are deleted, each with its place in the request.
fn in_order<S>(world: &World, actor: &Actor, items: Vec<Item<S, RuleId>>) -> Vec<(usize, Item<S, RuleId>)> {
    let mut placed: Vec<_> = items.into_iter().enumerate().collect();
    own_last(world, actor, &mut placed, |(_, (_, wanted))| wanted.as_ref().ok().copied());
    placed
}
