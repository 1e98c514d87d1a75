//! Access: roles, rules, decisions, and the checks that every change passes. What is changed are [acts](crate::acts).
//!
//! Everything here is a function of a [`World`](crate::world::World). Deny by default: what no rule permits is denied,
//! and the permissions of several rules add up.

mod asking;
mod containment;
mod decision;
mod ensure;
mod explain;
mod impact;
mod known_impact;
mod lockout;
mod principal;
mod role;
mod rule;
mod subtrees;
mod visibility;
mod what_can;
mod where_can;
mod who_can;

pub use decision::{AtLeastOne, Decision};
pub(crate) use ensure::{require, require_over};
pub use explain::{Denial, Explanation, Fix, Way, Ways};
pub use impact::{Impact, ScopeImpact, SubjectImpact};
pub use known_impact::KnownImpact;
pub use principal::{Actor, Principal};
pub use role::{Role, RoleDefinition, RoleName};
pub use rule::{Rule, RuleId};
pub use subtrees::{Sight, Subtrees};
pub use visibility::Directory;
pub use what_can::WhatCan;
pub use where_can::WhereCan;
pub use who_can::WhoCan;
