//! Acts of an operator with a shell on the host.

use super::users::changed;
use super::{Act, EndedSessions, Entity, EntityKind};
use crate::access::{Actor, Role, Rule, RuleId};
use crate::catalogue::RoleId;
use crate::error::Result;
use crate::identity::{Credential, Email, Subject, User, UserId};
use crate::org::{AccountId, Scope};
use crate::world::{Change, World};

/// Bootstrap the account: its first administrator, and the sample organization if requested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BootstrapAccount(pub AccountId);

/// Make a local user a System administrator of the account, with a temporary password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoverAccess {
    /// The user; created if missing.
    pub email: Email,
}

impl RecoverAccess {
    /// The rule that makes the user an administrator.
    #[must_use]
    pub fn administers(&self, id: RuleId) -> Rule {
        let subject = Subject::User(self.email.clone());
        Rule { id, subject, role: RoleId::SYSTEM_ADMINISTRATOR, scope: Scope::Account }
    }

    /// Whether there is such a rule already.
    #[must_use]
    pub fn is_administrator(&self, world: &World) -> bool {
        world.administrators().any(|email| *email == self.email)
    }
}

impl Act for BootstrapAccount {
    const ACTION: &'static str = "create";
    /// The contents beside the predefined roles.
    type New = Vec<Change>;

    fn by_host(&self, world: &World) -> Result<Entity> {
        let account = world.account();
        Ok(Entity { kind: EntityKind::Account, name: account.name.to_string(), id: account.id.to_string() })
    }

    fn effects(&self, _: &World, _: &Actor, contents: Vec<Change>) -> Vec<Change> {
        Role::predefined().map(Change::RoleSet).chain(contents).collect()
    }
}

impl Act for RecoverAccess {
    const ACTION: &'static str = "reset-password";
    /// The ids of the user and of the rule, each for one that is missing.
    type New = (UserId, Option<RuleId>);

    fn by_host(&self, world: &World) -> Result<Entity> {
        let id = world.user(&self.email).map(|user| user.id.to_string()).unwrap_or_default();
        Ok(Entity { kind: EntityKind::User, name: self.email.to_string(), id })
    }

    fn effects(&self, world: &World, _: &Actor, (id, rule): (UserId, Option<RuleId>)) -> Vec<Change> {
        let mut changes = match world.user(&self.email) {
            Some(user) => changed(world, user.id, |user| {
                user.enabled = true;
                user.credential = Credential::LastingTemporary;
            }),
            None => vec![Change::UserSet(User {
                id,
                email: self.email.clone(),
                enabled: true,
                credential: Credential::LastingTemporary,
                groups: [].into(),
                binding: None,
                email_there: None,
            })],
        };
        let rule = rule.filter(|_| !self.is_administrator(world));
        changes.extend(rule.map(|id| Change::RuleSet(self.administers(id))));
        changes
    }

    fn ends_sessions(&self, _: &Actor, effects: &[Change]) -> Option<EndedSessions> {
        let user = |change: &Change| if let Change::UserSet(user) = change { Some(user.id) } else { None };
        effects.iter().find_map(user).and_then(EndedSessions::of_user)
    }
}
