//! Acts on service accounts. Each but creating one needs the permission at the account, and everything that it has.

use super::rules::gone;
use super::{Act, EndedSessions, Entity, EntityKind};
use crate::access::{Actor, Directory, Principal, require, require_over};
use crate::catalogue::{Action, ResourceType};
use crate::error::{Error, Result};
use crate::identity::{ClientId, ServiceAccount, ServiceAccountId, ServiceAccountName, Subject};
use crate::org::Scope;
use crate::world::{Change, World};

/// Create a service account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateServiceAccount {
    /// Its name.
    pub name: ServiceAccountName,
}

/// Enable a disabled service account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnableServiceAccount(pub ServiceAccountId);

/// Disable a service account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisableServiceAccount(pub ServiceAccountId);

/// Give a service account a new secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenewSecret(pub ServiceAccountId);

/// Delete a service account, its rules and its sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteServiceAccount(pub ServiceAccountId);

impl Act for CreateServiceAccount {
    const ACTION: &'static str = "create";
    type New = (ServiceAccountId, ClientId);

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        require(caller, ResourceType::ServiceAccount, Action::Create, Scope::Account)?;
        Ok(Entity::new(EntityKind::ServiceAccount, self.name.as_str()))
    }

    fn effects(&self, _: &World, _: &Actor, (id, client_id): (ServiceAccountId, ClientId)) -> Vec<Change> {
        vec![Change::ServiceAccountSet(ServiceAccount { id, client_id, name: self.name.clone(), enabled: true })]
    }
}

impl Act for EnableServiceAccount {
    const ACTION: &'static str = "update";
    type New = ();

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        over_service_account(caller, self.0, Action::Update)
    }

    fn effects(&self, world: &World, _: &Actor, (): ()) -> Vec<Change> {
        enabled(world, self.0, true)
    }
}

impl Act for DisableServiceAccount {
    const ACTION: &'static str = "update";
    type New = ();

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        over_service_account(caller, self.0, Action::Update)
    }

    fn effects(&self, world: &World, _: &Actor, (): ()) -> Vec<Change> {
        enabled(world, self.0, false)
    }

    fn ends_sessions(&self, _: &Actor, _: &[Change]) -> Option<EndedSessions> {
        Some(EndedSessions::OfServiceAccount(self.0))
    }
}

impl Act for RenewSecret {
    const ACTION: &'static str = "update";
    type New = ();

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        over_service_account(caller, self.0, Action::Update)
    }

    fn effects(&self, _: &World, _: &Actor, (): ()) -> Vec<Change> {
        Vec::new()
    }

    fn ends_sessions(&self, _: &Actor, _: &[Change]) -> Option<EndedSessions> {
        Some(EndedSessions::OfServiceAccount(self.0))
    }
}

impl Act for DeleteServiceAccount {
    const ACTION: &'static str = "delete";
    type New = ();

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        over_service_account(caller, self.0, Action::Delete)
    }

    fn effects(&self, world: &World, _: &Actor, (): ()) -> Vec<Change> {
        let Some(account) = world.service_account_by_id(self.0) else { return Vec::new() };
        let client_id = account.client_id.clone();
        let mut changes = gone(world.rules_of(&Subject::ServiceAccount(client_id.clone())));
        changes.push(Change::ServiceAccountGone { client_id });
        changes
    }

    fn ends_sessions(&self, _: &Actor, _: &[Change]) -> Option<EndedSessions> {
        Some(EndedSessions::OfServiceAccount(self.0))
    }
}

fn over_service_account(caller: &Principal<'_>, id: ServiceAccountId, action: Action) -> Result<Entity> {
    let world = caller.world();
    let account = world
        .service_account_by_id(id)
        .filter(|_| caller.reads(Directory::ServiceAccounts))
        .ok_or_else(|| Error::not_found(format!("there is no service account with the id {id}")))?;
    require(caller, ResourceType::ServiceAccount, action, Scope::Account)?;
    require_over(caller, &world.principal_of_service_account(account))?;
    Ok(Entity { kind: EntityKind::ServiceAccount, name: account.name.to_string(), id: id.to_string() })
}

fn enabled(world: &World, id: ServiceAccountId, enabled: bool) -> Vec<Change> {
    let account = world.service_account_by_id(id).cloned();
    account.map(|account| Change::ServiceAccountSet(ServiceAccount { enabled, ..account })).into_iter().collect()
}
