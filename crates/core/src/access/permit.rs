//! Permits: the proof that an act was permitted, which every store function that changes something asks for.

use super::{Act, Actor, Entity};
use crate::world::{Revision, RevisionStamp};

/// Proof that `actor` may do `act` in the world of one revision, and in no other.
// INVARIANT: only `World::authorize` makes one; there is no other way, no default and no deserialisation.
#[derive(Debug)]
pub struct Permit {
    stamp: RevisionStamp,
    actor: Actor,
    act: Act,
    entity: Entity,
}

impl Permit {
    pub(super) fn new(stamp: RevisionStamp, actor: Actor, act: Act, entity: Entity) -> Self {
        Self { stamp, actor, act, entity }
    }

    /// The revision at which it was given; the change it permits is the next one.
    #[must_use]
    pub const fn revision(&self) -> Revision {
        self.stamp.revision
    }

    /// That revision with its id.
    #[must_use]
    pub const fn stamp(&self) -> RevisionStamp {
        self.stamp
    }

    /// Who may.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What.
    #[must_use]
    pub const fn act(&self) -> &Act {
        &self.act
    }

    /// About what, as the audit log tells it.
    #[must_use]
    pub const fn entity(&self) -> &Entity {
        &self.entity
    }
}
