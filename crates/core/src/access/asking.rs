//! Asking about others: where somebody may, and what of the answer he may see.
//!
//! A rule is seen by whoever it is about, in person or by his group, and by whoever may read access rules in its scope. What an
//! answer holds of anything else is left out here; nobody else decides that.

use super::principal::Grant;
use super::{Principal, Reach};
use crate::catalogue::{Action, Permission, ResourceType};
use crate::error::{Error, Result};
use crate::identity::{GroupName, Subject};
use crate::org::Scope;

pub(super) const READ_RULES: Permission = Permission::new(ResourceType::AccessRules, Action::Read);

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
                "asking about others needs {READ_RULES} in {}, which you do not hold; about yourself you may ask",
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

    pub(super) fn reads_rules_at(&self, scope: Scope) -> bool {
        self.may(READ_RULES, scope)
    }

    /// Whether he sees a rule by which `subject` holds something.
    pub(super) fn sees_rule(&self, subject: &Subject, grant: &Grant<'_>) -> bool {
        let is_his = match (grant.group, subject) {
            (Some(group), _) | (None, Subject::Group(group)) => self.is_in(group),
            (None, subject) => self.subject() == subject,
        };
        is_his || self.reads_rules_at(grant.scope())
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
