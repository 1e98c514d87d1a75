//! Explanations: why a subject is allowed, by every rule that the caller may see; or why it is denied, and the smallest
//! changes that would allow it.
//!
//! It decides nothing: [`Principal`](super::Principal) says what is allowed, `authorize` what the caller could change,
//! and `asking` what the caller may see.

use std::ptr;
use std::sync::Arc;

use super::asking::Standing;
use super::principal::AppliedRule;
use super::{Directory, Principal, Role, RuleId};
use crate::catalogue::{Permission, PermissionSet};
use crate::error::Result;
use crate::identity::GroupName;
use crate::org::Scope;
use crate::world::IndexPath;

/// Why a subject is allowed or denied.
#[derive(Debug)]
pub enum Explanation<'w> {
    /// Allowed, in these ways.
    Allowed(Ways<'w>),
    /// Denied.
    Denied(Denial<'w>),
}

/// The ways in which a subject has a permission: at least one, shown or not.
#[derive(Debug, Default)]
pub struct Ways<'w> {
    /// Those whose rules the caller sees, oldest rule first.
    pub shown: Vec<Way<'w>>,
    /// Number of others.
    pub hidden: usize,
}

/// One way to a permission: rule, role, scope, and the group unless the rule names the subject itself.
#[derive(Debug, Clone)]
pub struct Way<'w> {
    applied: AppliedRule<'w>,
    here: bool,
}

impl<'w> Way<'w> {
    /// The rule.
    #[must_use]
    pub fn rule(&self) -> RuleId {
        self.applied.rule.id
    }

    /// Its role, which includes the permission.
    #[must_use]
    pub fn role(&self) -> &'w Role {
        &self.applied.role.role
    }

    /// Its scope: the scope in question, or one above it.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.applied.scope()
    }

    /// Whether the rule's scope is above the scope in question.
    #[must_use]
    pub fn is_inherited(&self) -> bool {
        !self.here
    }

    /// The group in the rule; `None` when the rule names the subject itself.
    #[must_use]
    pub fn group(&self) -> Option<&'w GroupName> {
        self.applied.group
    }
}

/// What is missing.
#[derive(Debug)]
pub enum Denial<'w> {
    /// The caller sees no such scope.
    NoSuchScope,
    /// Only that the subject is disabled: if it were enabled, these ways would allow it.
    Disabled(Ways<'w>),
    /// The reason is hidden from the caller, who sees a rule that would allow it.
    Withheld,
    /// A rule: none that applies permits it there.
    NoRule {
        /// Whether the subject is disabled as well and has to be enabled too. Also false when the caller may not know.
        disabled: bool,
        /// The smallest sufficient rules, by the id of their roles; each is enough. Empty when no role has the
        /// permission.
        fixes: Vec<Fix<'w>>,
    },
}

/// A missing rule: the subject with this role in the scope in question. No role with the permission has fewer
/// permissions, and no lower scope is enough.
#[derive(Debug, Clone, Copy)]
pub struct Fix<'w> {
    /// The role.
    pub role: &'w Role,
    /// Whether the caller could create it.
    pub yours: bool,
}

impl<'w> Principal<'w> {
    /// Explains to `caller` the result of [`decide`](crate::World::decide) for this principal.
    ///
    /// A caller may ask about themselves in every scope, and about others where they may read access rules; elsewhere
    /// they learn nothing about others.
    ///
    /// # Errors
    /// `Forbidden` where the caller sees the scope but may not ask about others there.
    pub fn explain_to(&self, caller: &Principal<'w>, permission: Permission, scope: Scope) -> Result<Explanation<'w>> {
        // INVARIANT: both belong to one world. Scope indexes have another meaning in another world.
        if !ptr::eq(self.world(), caller.world()) {
            return Ok(Explanation::Denied(Denial::NoSuchScope));
        }
        let is_own = self.is_self(caller);
        // Found once: a question has one scope, and walking its path is most of the work.
        let path = self.world().index_path(scope);
        let standing = path.map(|path| caller.standing(path));
        let reads_rules = standing.is_some_and(|standing| standing.reads_rules());
        if !is_own && !reads_rules && !caller.may_ask_at(scope)? {
            return Ok(Explanation::Denied(Denial::NoSuchScope));
        }
        let ways = path.zip(standing).map(|(path, standing)| self.ways(caller, permission, path, standing));
        let ways = ways.unwrap_or_default();
        let (exist, disabled) = (!ways.shown.is_empty() || ways.hidden > 0, self.is_disabled());
        if exist && !disabled {
            return Ok(Explanation::Allowed(ways));
        }
        // A permission in a scope reveals that the scope exists; the lack of permissions must not.
        if is_own && !reads_rules && caller.sight(scope).is_none() {
            return Ok(Explanation::Denied(Denial::NoSuchScope));
        }
        let disabled = disabled && caller.learns_who_is_disabled(self.subject());
        Ok(Explanation::Denied(if exist && disabled {
            Denial::Disabled(ways)
        } else if !ways.shown.is_empty() {
            Denial::Withheld
        } else {
            let held = standing.map_or(PermissionSet::EMPTY, |standing| standing.held);
            let may_grant = self.world().can_be_named(self.subject()) && caller.may_grant_some(scope, held);
            let mut least = self.world().least_roles(permission);
            // Roles of the organization's own are told to those who may read roles.
            if least.iter().any(|role| role.custom) && !caller.reads(Directory::Roles) {
                least = self.world().least_predefined_roles(permission);
            }
            let fix = |role: &'w Arc<Role>| Fix { role, yours: may_grant && role.permissions().minus(held).is_empty() };
            Denial::NoRule { disabled, fixes: least.iter().map(fix).collect() }
        }))
    }

    /// Every way to the permission in a scope where the caller may ask, whether the subject is disabled or not.
    fn ways(&self, caller: &Principal<'w>, permission: Permission, path: IndexPath, standing: Standing) -> Ways<'w> {
        let here = path.here();
        let allowing = self.allowing_at(permission, path);
        let mut ways: Vec<Way<'w>> =
            allowing.map(|applied| Way { here: applied.rule.scope_index == here, applied }).collect();
        // By id and without duplicates: a user may be in a group twice.
        ways.sort_unstable_by_key(Way::rule);
        ways.dedup_by_key(|way| way.rule());
        let all = ways.len();
        if !self.is_self(caller) {
            ways.retain(|way| standing.reads(way.applied.rule) || caller.is_meant_by(self.subject(), &way.applied));
        }
        Ways { hidden: all.saturating_sub(ways.len()), shown: ways }
    }
}
