//! Questions about others: where a caller may ask, and which parts of the answer they may see.
//!
//! A rule is visible to its subject, to members of its group, and to callers who may read access rules in its scope.
//! Answers to questions leave out anything else here.

use super::Principal;
use super::principal::AppliedRule;
use crate::catalogue::{Action, Permission, PermissionSet, ResourceType};
use crate::error::{Error, Result};
use crate::identity::{GroupName, Subject};
use crate::org::Scope;
use crate::world::{Held, IndexPath};

const READ_RULES: Permission = Permission::new(ResourceType::AccessRules, Action::Read);

/// The caller's permissions at the scope of a question. Found once for each question.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    path: IndexPath,
    pub(super) held: PermissionSet,
    /// Depth below the account from which the caller reads access rules on the path to the scope; they do in everything
    /// below that.
    reads_rules_from: Option<usize>,
}

impl Standing {
    /// Whether the caller reads the access rules of the scope.
    pub(super) const fn reads_rules(&self) -> bool {
        self.reads_rules_from.is_some()
    }

    /// Whether the caller reads the access rules in the scope of a rule that applies here.
    pub(super) fn reads(&self, rule: &Held) -> bool {
        match (self.reads_rules_from, self.path.depth(rule.scope_index)) {
            (Some(from), Some(depth)) => from <= depth,
            _ => false,
        }
    }
}

impl Principal<'_> {
    /// Whether the caller may ask about others here. False where the caller sees no such scope: they get the same
    /// answer as for a scope that does not exist.
    ///
    /// # Errors
    /// `Forbidden` where the caller sees the scope but may not read its access rules.
    pub fn may_ask_at(&self, scope: Scope) -> Result<bool> {
        if self.reads_rules_in(scope) {
            return Ok(true);
        }
        match self.sight(scope) {
            None => Ok(false),
            Some(_) => Err(Error::forbidden(format!(
                "asking about others needs {READ_RULES} in {}; you can always ask about yourself",
                self.world().described(scope)
            ))),
        }
    }

    /// Whether the caller asks about themselves.
    pub(super) fn is_self(&self, caller: &Principal<'_>) -> bool {
        self.subject() == caller.subject()
    }

    /// The caller's permissions at a scope.
    pub(super) fn standing(&self, path: IndexPath) -> Standing {
        let none = Standing { path, held: PermissionSet::EMPTY, reads_rules_from: None };
        self.applied_rules_at(path).fold(none, |standing, applied| {
            let depth = path.depth(applied.rule.scope_index).filter(|_| applied.role.permissions.contains(READ_RULES));
            Standing {
                held: standing.held.union(applied.role.permissions),
                reads_rules_from: standing.reads_rules_from.into_iter().chain(depth).min(),
                ..standing
            }
        })
    }

    /// Whether the caller is a subject of a rule that applies to `subject`.
    pub(super) fn is_meant_by(&self, subject: &Subject, applied: &AppliedRule<'_>) -> bool {
        match (applied.group, subject) {
            (Some(group), _) | (None, Subject::Group(group)) => self.is_in(group),
            (None, subject) => self.subject() == subject,
        }
    }

    /// Whether the caller may know that this subject is disabled: they may if they can read the subject's kind.
    pub(super) fn learns_who_is_disabled(&self, subject: &Subject) -> bool {
        let resource_type = match subject {
            Subject::User(_) => ResourceType::Users,
            Subject::ServiceAccount(_) => ResourceType::ServiceAccount,
            // A group is never disabled.
            Subject::Group(_) => return true,
        };
        self.may_somewhere(Permission::new(resource_type, Action::Read))
    }

    fn is_in(&self, group: &GroupName) -> bool {
        self.groups().contains(group)
    }
}
