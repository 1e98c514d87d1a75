//! Access: rules, decisions, and the guards that no change gets past.
//!
//! Everything here is a function of a [`World`](crate::world::World). Deny by default: what no rule permits is denied,
//! and the permissions of several rules add up.

mod act;
mod authorize;
mod containment;
mod lockout;
mod permit;
mod principal;
mod reach;
mod rule;

pub use act::{Act, Entity, EntityKind};
pub use permit::Permit;
pub use principal::{Actor, Principal};
pub use reach::{Reach, Sight};
pub use rule::{Rule, RuleId};
