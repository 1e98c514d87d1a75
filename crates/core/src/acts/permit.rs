//! Permits: proof that an act was authorized. Every store function that changes data takes one.

use super::{Act, EndedSessions, Entity};
use crate::access::Actor;
use crate::error::{Error, Result};
use crate::world::{Change, Revision, RevisionStamp, World};

/// Proof that `actor` may do `act` in the world of one revision, and in no other.
// INVARIANT: only `World::authorize` creates one; there is no other constructor, no default and no deserialization.
#[derive(Debug)]
pub struct Permit<A> {
    stamp: RevisionStamp,
    actor: Actor,
    act: A,
    entity: Entity,
}

impl<A: Act> Permit<A> {
    pub(super) const fn new(stamp: RevisionStamp, actor: Actor, act: A, entity: Entity) -> Self {
        Self { stamp, actor, act, entity }
    }

    /// The revision at which it was issued; the permitted change is the next one.
    #[must_use]
    pub const fn revision(&self) -> Revision {
        self.stamp.revision
    }

    /// That revision with its id.
    #[must_use]
    pub const fn stamp(&self) -> RevisionStamp {
        self.stamp
    }

    /// The permitted actor.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The permitted act.
    #[must_use]
    pub const fn act(&self) -> &A {
        &self.act
    }

    /// What the act does in the world in which it was permitted.
    ///
    /// # Errors
    /// `Internal` for another world.
    pub fn effects(&self, world: &World, new: A::New) -> Result<Vec<Change>> {
        if world.stamp() == self.stamp {
            return Ok(self.act.effects(world, &self.actor, new));
        }
        Err(Error::internal(format!("a permit of revision {} was used in a world of {}", self.stamp, world.stamp())))
    }

    /// Which open sessions end with the act, once it has these effects.
    #[must_use]
    pub fn ends_sessions(&self, effects: &[Change]) -> Option<EndedSessions> {
        self.act.ends_sessions(&self.actor, effects)
    }

    /// The entity of the act, as the audit log records it.
    #[must_use]
    pub const fn entity(&self) -> &Entity {
        &self.entity
    }
}
