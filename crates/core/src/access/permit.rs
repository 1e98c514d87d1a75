//! Permits: the proof that an act was permitted, which every store function that changes something asks for.

use super::{Act, Actor, Entity};
use crate::world::Revision;

/// Proof that `actor` may do `act` in the world of `revision`, and in no other.
// INVARIANT: only `World::authorize` makes one; there is no other way, no default and no deserialisation.
#[derive(Debug)]
pub struct Permit {
    revision: Revision,
    actor: Actor,
    act: Act,
    entity: Entity,
}

impl Permit {
    pub(super) fn new(revision: Revision, actor: Actor, act: Act, entity: Entity) -> Self {
        Self { revision, actor, act, entity }
    }

    /// The revision at which it was given; the change it permits is the next one.
    #[must_use]
    pub const fn revision(&self) -> Revision {
        self.revision
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
