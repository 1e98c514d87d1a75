//! Permits: proof that an act was authorized. Every store function that changes data takes one.

use super::{Act, Entity};
use crate::access::Actor;
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

    /// What the act does. `world` is the one in which it was permitted.
    #[must_use]
    pub fn effects(&self, world: &World, new: A::New) -> Vec<Change> {
        self.act.effects(world, &self.actor, new)
    }

    /// The entity of the act, as the audit log records it.
    #[must_use]
    pub const fn entity(&self) -> &Entity {
        &self.entity
    }
}
