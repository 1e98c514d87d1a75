//! Access: rules, decisions, and the checks that every change passes.
//!
//! Everything here is a function of a [`World`](crate::world::World). Deny by default: what no rule permits is denied,
//! and the permissions of several rules add up.

mod act;
mod admission;
mod asking;
mod authorize;
mod containment;
mod decision;
mod explain;
mod lockout;
mod permit;
mod principal;
mod providers;
mod reach;
mod rebinding;
mod rule;
mod what_can;
mod where_can;
mod who_can;

pub use act::{Act, Entity, EntityKind};
pub use admission::Admission;
pub use decision::{AtLeastOne, Decision};
pub use explain::{Denial, Explanation, Fix, Way, Ways};
pub use permit::Permit;
pub use principal::{Actor, Principal};
pub use providers::{MAX_PROVIDERS, READ_PROVIDERS};
pub use reach::{Reach, Sight};
pub use rule::{Rule, RuleId};
pub use what_can::WhatCan;
pub use where_can::WhereCan;
pub use who_can::WhoCan;
