//! Several rules in one request. Each is a separate change, decided at its own revision, with its own audit row. A
//! refused one does not stop the others.

use std::sync::Arc;
use std::time::Duration;

use rolecall_core::access::{Actor, RuleId};
use rolecall_core::{Error, ErrorKind, Result, RevisionStamp, World};
use rolecall_store::RuleRecord;

use super::NewRule;
use super::create::create;
use super::delete::{delete, rehearse};
use super::own_last::own_last;
use crate::app::{Call, Changed};

/// One item: the caller's words, and their meaning if they have one.
pub type Item<S, T> = (S, Result<T>);

/// The results, each list in the order of the request.
#[derive(Debug)]
pub struct Outcomes<S, T> {
    /// The caller's words, and the result.
    pub succeeded: Vec<(S, T)>,
    /// The caller's words, and the reason of the refusal.
    pub failed: Vec<(S, Error)>,
    /// The last revision, if any.
    pub revision: Option<RevisionStamp>,
}

impl<S, T> Outcomes<S, T> {
    const fn new() -> Self {
        Self { succeeded: Vec::new(), failed: Vec::new(), revision: None }
    }

    /// The meaning of the next item, if it has one and trying makes sense.
    fn next<W>(&self, wanted: Result<W>) -> Result<W> {
        let wanted = wanted?;
        // Each further attempt would wait for a database that does not answer, and the caller with it.
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
        self.succeeded.sort_by_key(|((index, _), _)| *index);
        self.failed.sort_by_key(|((index, _), _)| *index);
        Outcomes {
            succeeded: self.succeeded.into_iter().map(|((_, said), value)| (said, value)).collect(),
            failed: self.failed.into_iter().map(|((_, said), error)| (said, error)).collect(),
            revision: self.revision,
        }
    }
}

/// Creates rules, in this order.
pub async fn create_all<S>(call: &Call, items: Vec<Item<S, NewRule>>) -> Outcomes<S, RuleRecord> {
    let mut outcomes = Outcomes::new();
    for (said, wanted) in items {
        let outcome = match outcomes.next(wanted) {
            Ok(new) => create(call, &new).await,
            Err(error) => Err(error),
        };
        outcomes.note(said, outcome);
    }
    outcomes
}

/// Deletes rules in this order, but the caller's own last (`own_last`).
pub async fn delete_all<S>(call: &Call, items: Vec<Item<S, RuleId>>) -> Outcomes<S, ()> {
    let mut outcomes = Outcomes::new();
    // Only the order depends on this world: each deletion is decided in the newest one. Database errors are reported
    // per rule.
    let world = match newest(call).await {
        Ok(world) => world,
        Err(_) => Arc::clone(&call.world),
    };
    for (index, (said, wanted)) in in_order(&world, &call.actor, items) {
        let outcome = match outcomes.next(wanted) {
            Ok(id) => delete(call, id).await,
            Err(error) => Err(error),
        };
        outcomes.note((index, said), outcome);
    }
    outcomes.in_given_order()
}

/// The result of [`delete_all`] without deleting: the same order, decisions and checks, each in the world after the
/// preceding deletions.
///
/// # Errors
/// When the database does not answer.
pub async fn rehearse_delete_all<S>(call: &Call, items: Vec<Item<S, RuleId>>) -> Result<Outcomes<S, ()>> {
    let mut outcomes = Outcomes::new();
    let mut world = World::clone(newest(call).await?.as_ref());
    for (index, (said, wanted)) in in_order(&world, &call.actor, items) {
        match wanted.and_then(|id| rehearse(&world, &call.actor, id)) {
            Ok(after) => {
                outcomes.succeeded.push(((index, said), ()));
                world = after;
            }
            Err(error) => outcomes.failed.push(((index, said), error)),
        }
    }
    Ok(outcomes.in_given_order())
}

/// Deletions are decided in the newest world, which this replica may not know yet.
async fn newest(call: &Call) -> Result<Arc<World>> {
    call.app.engine.catch_up(&call.app.store, call.app.clock.now()).await
}

/// The items in the order of deletion, each with its index in the request.
fn in_order<S>(world: &World, actor: &Actor, items: Vec<Item<S, RuleId>>) -> Vec<(usize, Item<S, RuleId>)> {
    let mut placed: Vec<_> = items.into_iter().enumerate().collect();
    own_last(world, actor, &mut placed, |(_, (_, wanted))| wanted.as_ref().ok().copied());
    placed
}
