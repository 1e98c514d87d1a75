//! Acts of an operator with a shell on the host.

use super::{Act, Entity, EntityKind};
use crate::error::Result;
use crate::identity::Email;
use crate::org::AccountId;
use crate::world::World;

/// Bootstrap the account: its first administrator, and the sample organization if requested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundAccount(pub AccountId);

/// Make a local user a System administrator of the account, with a temporary password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoverAccess {
    /// The user; created if missing.
    pub email: Email,
}

impl Act for FoundAccount {
    const ACTION: &'static str = "create";

    fn by_host(&self, world: &World) -> Result<Entity> {
        let account = world.account();
        Ok(Entity { kind: EntityKind::Account, name: account.name.to_string(), id: account.id.to_string() })
    }
}

impl Act for RecoverAccess {
    const ACTION: &'static str = "reset-password";

    fn by_host(&self, world: &World) -> Result<Entity> {
        let id = world.user(&self.email).map(|user| user.id.to_string()).unwrap_or_default();
        Ok(Entity { kind: EntityKind::User, name: self.email.to_string(), id })
    }
}
