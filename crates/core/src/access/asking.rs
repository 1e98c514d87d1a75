//! Asking about others: where somebody may, and what of the answer he may see.
//!
//! A rule is seen by whoever it is about, in person or by his group, and by whoever may read access rules in its scope. What an
//! answer holds of anything else is left out here; nobody else decides that.

use super::principal::Grant;
use super::{Principal, Reach};
use crate::catalogue::{Action, Permission, PermissionSet, ResourceType};
use crate::error::{Error, Result};
use crate::identity::{GroupName, Subject};
use crate::org::Scope;
use crate::world::{Ancestry, Held};

const READ_RULES: Permission = Permission::new(ResourceType::AccessRules, Action::Read);

/// What whoever asks holds at the place that a question is about. Found once for a question, for all that depends on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    place: Ancestry,
    pub(super) held: PermissionSet,
    /// How far below the account he begins to read access rules on the way to the place; he does so in all that is below.
    reads_rules_from: Option<usize>,
}

impl Standing {
    /// Whether he reads the access rules of the place.
    pub(super) const fn reads_rules(&self) -> bool {
        self.reads_rules_from.is_some()
    }

    /// Whether he reads the access rules in the scope of one that holds at the place.
    pub(super) fn reads(&self, rule: &Held) -> bool {
        match (self.reads_rules_from, self.place.depth(rule.place)) {
            (Some(from), Some(depth)) => from <= depth,
            _ => false,
        }
    }
}

impl Principal<'_> {
    /// Whether he may ask about anybody there. False where there is no such scope for him: whoever asks is told then what
    /// he would be told of one that does not exist.
    ///
    /// # Errors
    /// Forbidden where he sees the scope and may not read the access rules that hold in it.
    pub fn may_ask_at(&self, scope: Scope) -> Result<bool> {
        if self.reads_rules_at(scope) {
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

    /// Whether this is the one who asks, asking about himself.
    pub(super) fn is_himself(&self, asker: &Principal<'_>) -> bool {
        self.subject() == asker.subject()
    }

    /// Where he may ask about anybody.
    pub(super) fn reach_of_rules(&self) -> Reach {
        self.reach(READ_RULES)
    }

    fn reads_rules_at(&self, scope: Scope) -> bool {
        self.may(READ_RULES, scope)
    }

    /// What he holds at a place.
    pub(super) fn standing(&self, place: Ancestry) -> Standing {
        let none = Standing { place, held: PermissionSet::EMPTY, reads_rules_from: None };
        self.grants_at(place).fold(none, |standing, grant| {
            let depth = place.depth(grant.rule.place).filter(|_| grant.role.permissions.contains(READ_RULES));
            Standing {
                held: standing.held.union(grant.role.permissions),
                reads_rules_from: standing.reads_rules_from.into_iter().chain(depth).min(),
                ..standing
            }
        })
    }

    /// Whether a rule by which `subject` holds something is about him, too.
    pub(super) fn is_meant_by(&self, subject: &Subject, grant: &Grant<'_>) -> bool {
        match (grant.group, subject) {
            (Some(group), _) | (None, Subject::Group(group)) => self.is_in(group),
            (None, subject) => self.subject() == subject,
        }
    }

    /// Whether he may know that somebody of that name is disabled: if he may see those who have one.
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
