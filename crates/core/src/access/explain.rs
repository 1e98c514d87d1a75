//! Explanations: why somebody may, by every path; why he may not, and the smallest changes after which he could.
//!
//! It decides nothing: what allows is what [`Principal`](super::Principal) says, and whether the asker could make a
//! rule himself is what [`World::authorize`] says.

use super::principal::Grant;
use super::{Act, Actor, AtLeastOne, Principal, Rule};
use crate::catalogue::{Permission, Role};
use crate::error::Error;
use crate::identity::{GroupName, Subject};
use crate::org::Scope;
use crate::world::World;

/// Why somebody may or may not.
#[derive(Debug)]
pub enum Explanation {
    /// He may: every way in which it comes to him, oldest rule first.
    Allowed(AtLeastOne<Path>),
    /// He may not.
    Denied(Denial),
}

/// A way in which a permission comes to somebody: rule, role, scope, and the group where it is not by his own name.
#[derive(Debug, Clone)]
pub struct Path {
    rule: Rule,
    role: &'static Role,
    by_group: bool,
    here: bool,
}

impl Path {
    /// The rule.
    #[must_use]
    pub const fn rule(&self) -> &Rule {
        &self.rule
    }

    /// Its role, which has the permission.
    #[must_use]
    pub const fn role(&self) -> &'static Role {
        self.role
    }

    /// The scope above that it is inherited from; `None` when the rule is for the very scope.
    #[must_use]
    pub fn inherited_from(&self) -> Option<Scope> {
        (!self.here).then_some(self.rule.scope)
    }

    /// The group it came through; `None` when the rule names the subject itself.
    #[must_use]
    pub const fn group(&self) -> Option<&GroupName> {
        match &self.rule.subject {
            Subject::Group(group) if self.by_group => Some(group),
            _ => None,
        }
    }
}

/// What is missing.
#[derive(Debug)]
pub enum Denial {
    /// There is no such scope, so nobody may do anything there.
    NoSuchScope,
    /// Only that the subject is disabled: enabled, it would be allowed by these.
    Disabled(AtLeastOne<Path>),
    /// A rule: none that counts permits it there.
    NoRule {
        /// Whether the subject is disabled too, and would have to be enabled beside.
        disabled: bool,
        /// The smallest rules that permit it, by the id of their roles; each of them is enough. Empty when no role has the
        /// permission.
        fixes: Vec<Fix>,
    },
}

/// A rule that is missing: `<subject> is a <role> in <scope>`. No role with the permission has fewer, and no scope that
/// would do is lower.
#[derive(Debug)]
pub struct Fix {
    /// Whom it would be about: the subject that was asked about.
    pub subject: Subject,
    /// What it would permit.
    pub role: &'static Role,
    /// Where.
    pub scope: Scope,
    /// Why whoever asks could not make it himself; `None` when he could.
    pub refusal: Option<Error>,
}

impl World {
    /// Explains what [`World::decide`] says of the same question. `asker` is whose rules the fixes would have to be.
    #[must_use]
    pub fn explain(&self, subject: &Subject, permission: Permission, scope: Scope, asker: &Actor) -> Explanation {
        if self.lineage(scope).is_none() {
            return Explanation::Denied(Denial::NoSuchScope);
        }
        let principal = self.principal_of(subject);
        let disabled = principal.is_disabled();
        match principal.paths(permission, scope) {
            Some(paths) if disabled => Explanation::Denied(Denial::Disabled(paths)),
            Some(paths) => Explanation::Allowed(paths),
            None => {
                let fixes = least_roles(permission).map(|role| self.fix(subject, role, scope, asker)).collect();
                Explanation::Denied(Denial::NoRule { disabled, fixes })
            }
        }
    }

    fn fix(&self, subject: &Subject, role: &'static Role, scope: Scope, asker: &Actor) -> Fix {
        let act = Act::CreateRule { subject: subject.clone(), role: role.id, scope };
        Fix { subject: subject.clone(), role, scope, refusal: self.authorize(asker, act).err() }
    }
}

impl Principal<'_> {
    fn paths(&self, permission: Permission, scope: Scope) -> Option<AtLeastOne<Path>> {
        let path = |it: Grant<'_>| Path {
            rule: match it.group {
                Some(group) => it.rule.rule(&Subject::Group(group.clone())),
                None => it.rule.rule(self.subject()),
            },
            role: it.role,
            by_group: it.group.is_some(),
            here: it.rule.scope() == scope,
        };
        let mut paths: Vec<Path> = self.allowing(permission, scope).map(path).collect();
        paths.sort_unstable_by_key(|path| path.rule.id);
        paths.dedup_by_key(|path| path.rule.id);
        AtLeastOne::of(paths)
    }
}

/// The roles that have a permission and as few others as any, by id.
fn least_roles(permission: Permission) -> impl Iterator<Item = &'static Role> {
    let having = move || Role::all().iter().filter(move |role| role.permissions.contains(permission));
    let fewest = having().map(|role| role.permissions.count()).min();
    having().filter(move |role| Some(role.permissions.count()) == fewest)
}
