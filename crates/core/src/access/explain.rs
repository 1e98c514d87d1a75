//! Explanations: why somebody may, by every rule of which whoever asks may know; why he may not, and the smallest changes
//! after which he could.
//!
//! It decides nothing: what allows is what [`Principal`](super::Principal) says, and what the asker could do about it is
//! what he is told when he does it. What he may not see, `asking` says.

use std::ptr;
use std::sync::LazyLock;

use super::asking::Standing;
use super::principal::Grant;
use super::{Principal, RuleId};
use crate::catalogue::{Permission, PermissionSet, Role};
use crate::error::Result;
use crate::identity::GroupName;
use crate::org::Scope;
use crate::world::Ancestry;

/// Why somebody may or may not.
#[derive(Debug)]
pub enum Explanation<'w> {
    /// He may, in these ways.
    Allowed(Ways<'w>),
    /// He may not.
    Denied(Denial<'w>),
}

/// The ways in which a permission comes to somebody: at least one, shown or not.
#[derive(Debug, Default)]
pub struct Ways<'w> {
    /// Those by rules that the asker sees, oldest rule first.
    pub shown: Vec<Way<'w>>,
    /// How many more there are.
    pub hidden: usize,
}

/// A way in which a permission comes to somebody: rule, role, scope, and the group where it is not by his own name.
#[derive(Debug, Clone)]
pub struct Way<'w> {
    grant: Grant<'w>,
    here: bool,
}

impl<'w> Way<'w> {
    /// The rule.
    #[must_use]
    pub fn rule(&self) -> RuleId {
        self.grant.rule.id
    }

    /// Its role, which has the permission.
    #[must_use]
    pub fn role(&self) -> &'static Role {
        self.grant.role
    }

    /// Its scope, which is the one that was asked about or above it.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.grant.scope()
    }

    /// Whether its scope is above the one that was asked about.
    #[must_use]
    pub fn is_inherited(&self) -> bool {
        !self.here
    }

    /// The group it came through; `None` when the rule names the subject itself.
    #[must_use]
    pub fn group(&self) -> Option<&'w GroupName> {
        self.grant.group
    }
}

/// What is missing.
#[derive(Debug)]
pub enum Denial<'w> {
    /// There is no such scope for whoever asks.
    NoSuchScope,
    /// Only that the subject is disabled: enabled, it would be allowed in these ways.
    Disabled(Ways<'w>),
    /// It is denied for a reason that the asker may not know, although he sees a rule that would allow it.
    Withheld,
    /// A rule: none that counts permits it there.
    NoRule {
        /// Whether the subject is disabled too, and would have to be enabled beside. False also when the asker may not know.
        disabled: bool,
        /// The smallest rules that permit it, by the id of their roles; each of them is enough. Empty when no role has the
        /// permission.
        fixes: Vec<Fix>,
    },
}

/// A rule that is missing: the subject that was asked about is a role in the scope that was asked about. No role with the
/// permission has fewer, and no scope that would do is lower.
#[derive(Debug, Clone, Copy)]
pub struct Fix {
    /// What it would permit.
    pub role: &'static Role,
    /// Whether whoever asks could make it himself.
    pub yours: bool,
}

impl<'w> Principal<'w> {
    /// Explains to `asker` what [`decide`](crate::World::decide) says of this principal.
    ///
    /// About himself everybody may ask everywhere, and about others where he may read access rules; elsewhere he is told
    /// nothing of them.
    ///
    /// # Errors
    /// Forbidden where the asker sees the scope and may not ask there about others.
    pub fn explain_to(&self, asker: &Principal<'w>, permission: Permission, scope: Scope) -> Result<Explanation<'w>> {
        // INVARIANT: both are in one world. The numbers of places mean something else in another one.
        if !ptr::eq(self.world(), asker.world()) {
            return Ok(Explanation::Denied(Denial::NoSuchScope));
        }
        let himself = self.is_himself(asker);
        // Found once: a question has one place, and the way up to it is most of the work.
        let place = self.world().ancestry(scope);
        let standing = place.map(|place| asker.standing(place));
        let reads_rules = standing.is_some_and(|standing| standing.reads_rules());
        if !himself && !reads_rules && !asker.may_ask_at(scope)? {
            return Ok(Explanation::Denied(Denial::NoSuchScope));
        }
        let ways = place.zip(standing).map(|(place, standing)| self.ways(asker, permission, place, standing));
        let ways = ways.unwrap_or_default();
        let (exist, disabled) = (!ways.shown.is_empty() || ways.hidden > 0, self.is_disabled());
        if exist && !disabled {
            return Ok(Explanation::Allowed(ways));
        }
        // What he holds in a scope tells somebody that it is there; that he holds nothing in it must not.
        if himself && !reads_rules && asker.sight(scope).is_none() {
            return Ok(Explanation::Denied(Denial::NoSuchScope));
        }
        let disabled = disabled && asker.learns_who_is_disabled(self.subject());
        Ok(Explanation::Denied(if exist && disabled {
            Denial::Disabled(ways)
        } else if !ways.shown.is_empty() {
            Denial::Withheld
        } else {
            let held = standing.map_or(PermissionSet::EMPTY, |standing| standing.held);
            let grants = self.world().can_be_named(self.subject()) && asker.may_grant_some(scope, held);
            let fix = |role: &&'static Role| Fix { role, yours: grants && role.permissions.minus(held).is_empty() };
            Denial::NoRule { disabled, fixes: least_roles(permission).iter().map(fix).collect() }
        }))
    }

    /// Every way in which it comes to him at a place where the asker may ask, whether he is disabled or not.
    fn ways(&self, asker: &Principal<'w>, permission: Permission, place: Ancestry, standing: Standing) -> Ways<'w> {
        let here = place.here();
        let allowing = self.allowing_at(permission, place);
        let mut ways: Vec<Way<'w>> = allowing.map(|grant| Way { here: grant.rule.place == here, grant }).collect();
        // By id, and each once: somebody may be in a group twice.
        ways.sort_unstable_by_key(Way::rule);
        ways.dedup_by_key(|way| way.rule());
        let all = ways.len();
        if !self.is_himself(asker) {
            ways.retain(|way| standing.reads(way.grant.rule) || asker.is_meant_by(self.subject(), &way.grant));
        }
        Ways { hidden: all.saturating_sub(ways.len()), shown: ways }
    }
}

/// The roles that have a permission and as few others as any, by id.
fn least_roles(permission: Permission) -> &'static [&'static Role] {
    static LEAST: LazyLock<Vec<Vec<&'static Role>>> = LazyLock::new(|| {
        let mut least: Vec<Vec<&'static Role>> = vec![Vec::new(); Permission::COUNT];
        for role in Role::all() {
            for permission in role.permissions.iter() {
                let Some(roles) = least.get_mut(permission.index()) else { continue };
                let fewest = roles.first().map_or(u32::MAX, |it| it.permissions.count());
                if role.permissions.count() < fewest {
                    roles.clear();
                }
                if role.permissions.count() <= fewest {
                    roles.push(role);
                }
            }
        }
        least
    });
    LEAST.get(permission.index()).map_or(&[], Vec::as_slice)
}
