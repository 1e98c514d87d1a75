//! Acts on access rules: nobody gives or takes more than they have.

use super::{Act, Entity, EntityKind};
use crate::access::{Actor, Principal, Rule, RuleId, require};
use crate::catalogue::{Action, ResourceType, RoleId};
use crate::error::{Error, Result};
use crate::identity::Subject;
use crate::org::Scope;
use crate::text::quoted;
use crate::world::{Change, World};

/// Create a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateRule {
    /// The subject.
    pub subject: Subject,
    /// The role.
    pub role: RoleId,
    /// The scope.
    pub scope: Scope,
}

/// Delete a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteRule(pub RuleId);

impl Act for CreateRule {
    const ACTION: &'static str = "create";
    type New = RuleId;

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        let (world, Self { subject, role, scope }) = (caller.world(), self);
        caller.ensure_may_make_rules(*scope)?;
        let role = world.role(*role).ok_or_else(|| {
            Error::invalid(format!("roleId: there is no role {}; see GET /api/v1/authorization/roles", role.number()))
        })?;
        caller.ensure_contains(role, *scope)?;
        if !role.enabled {
            return Err(Error::conflict(format!("roleId: {} is disabled; enable it first", role.name())));
        }
        // Checked last: whether such a service account exists is not public.
        if !world.can_be_named(subject) {
            return Err(Error::not_found(format!("there is no {} {}", subject.kind().noun(), quoted(subject.name()))));
        }
        if world.rules_of(subject).any(|rule| rule.role == role.id && rule.scope == *scope) {
            return Err(Error::conflict(format!(
                "{subject} already has {} in {}: this access rule already exists",
                role.name(),
                world.described(*scope)
            )));
        }
        Ok(Entity::new(EntityKind::AccessRule, &world.sentence(subject, role.id, *scope)))
    }

    fn effects(&self, _: &World, _: &Actor, id: RuleId) -> Vec<Change> {
        let Self { subject, role, scope } = self.clone();
        vec![Change::RuleSet(Rule { id, subject, role, scope })]
    }
}

impl Act for DeleteRule {
    const ACTION: &'static str = "delete";
    type New = ();

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        let (world, Self(id)) = (caller.world(), self);
        let unknown = || caller.no_rule(*id);
        let rule = world.rule(*id).ok_or_else(unknown)?;
        if !caller.reads_rule(&rule) {
            return Err(unknown());
        }
        require(caller, ResourceType::AccessRules, Action::Delete, rule.scope)?;
        // A role that this version does not know permits nothing, so the caller needs no permissions for it.
        if let Some(role) = world.role(rule.role) {
            caller.ensure_contains(role, rule.scope)?;
        }
        let sentence = world.sentence(&rule.subject, rule.role, rule.scope);
        Ok(Entity { id: id.to_string(), ..Entity::new(EntityKind::AccessRule, &sentence) })
    }

    fn effects(&self, _: &World, _: &Actor, (): ()) -> Vec<Change> {
        vec![Change::RuleGone { id: self.0 }]
    }
}

impl World {
    /// A rule as the audit log names it: subject, role and scope path.
    #[must_use]
    pub fn sentence(&self, subject: &Subject, role: RoleId, scope: Scope) -> String {
        let path = self.path_of(scope).unwrap_or_default();
        match self.role(role) {
            Some(role) => format!("{subject} has {} in {path}", role.name()),
            None => format!("{subject} has role {} in {path}", role.number()),
        }
    }
}

/// Without these rules.
pub(super) fn gone(rules: impl Iterator<Item = Rule>) -> Vec<Change> {
    rules.map(|rule| Change::RuleGone { id: rule.id }).collect()
}
