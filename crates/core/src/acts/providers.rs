//! Acts on identity providers.
//!
//! A provider says who someone is and which groups they are in, so that changing one can give any access: it needs
//! every permission at the account.

use super::{Act, EndedSessions, Entity, EntityKind};
use crate::access::{Actor, Principal, require};
use crate::catalogue::{Action, PermissionSet, ResourceType};
use crate::error::{Error, Result};
use crate::identity::{Provider, ProviderAlias, ProviderId, ProviderKind, Subject, User};
use crate::org::Scope;
use crate::world::{Change, World};

/// Maximum identity providers of an account.
pub const MAX_PROVIDERS: usize = 20;

/// The name of the setting that says where the sign-in page leads by itself.
const AUTO_REDIRECT: &str = "autoRedirectSSO";

/// Create an identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateProvider {
    /// Its alias.
    pub alias: ProviderAlias,
    /// Its protocol.
    pub kind: ProviderKind,
}

/// Change the settings or mappers of an identity provider, enable it, or disable it: nobody signs in with it, and the
/// sessions that began there end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateProvider(pub ProviderId);

/// Delete an identity provider; the sessions that began there end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteProvider(pub ProviderId);

/// Have the sign-in page lead to this identity provider by itself; `None`: to none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectTo(pub Option<ProviderId>);

impl Act for CreateProvider {
    const ACTION: &'static str = "create";
    type New = ProviderId;

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        let Self { alias, kind: _ } = self;
        require(caller, ResourceType::SecuritySettings, Action::Create, Scope::Account)?;
        ensure_holds_everything(caller)?;
        if caller.world().provider_named(alias).is_some() {
            return Err(Error::conflict(format!(
                "an identity provider named {alias} already exists; give this one another name"
            )));
        }
        if caller.world().providers().count() >= MAX_PROVIDERS {
            return Err(Error::conflict(format!(
                "there are {MAX_PROVIDERS} identity providers already; delete one first"
            )));
        }
        Ok(Entity::new(EntityKind::Provider, alias.as_str()))
    }

    fn effects(&self, world: &World, _: &Actor, id: ProviderId) -> Vec<Change> {
        let Self { alias, kind } = self.clone();
        vec![Change::ProviderSet(Provider { id, alias, kind, enabled: true, changed: world.revision().next() })]
    }
}

impl Act for UpdateProvider {
    const ACTION: &'static str = "update";
    type New = Option<bool>;

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        over_provider(caller, self.0, Action::Update)
    }

    fn effects(&self, world: &World, _: &Actor, enabled: Option<bool>) -> Vec<Change> {
        let Some(provider) = world.provider(self.0).cloned() else { return Vec::new() };
        let enabled = enabled.unwrap_or(provider.enabled);
        vec![Change::ProviderSet(Provider { enabled, changed: world.revision().next(), ..provider })]
    }

    fn ends_sessions(&self, _: &Actor, effects: &[Change]) -> Option<EndedSessions> {
        let is_off = |change: &Change| matches!(change, Change::ProviderSet(provider) if !provider.enabled);
        effects.iter().any(is_off).then_some(EndedSessions::OfProvider(self.0))
    }
}

impl Act for DeleteProvider {
    const ACTION: &'static str = "delete";
    type New = ();

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        let entity = over_provider(caller, self.0, Action::Delete)?;
        ensure_signs_in_here(caller)?;
        Ok(entity)
    }

    fn effects(&self, _: &World, _: &Actor, (): ()) -> Vec<Change> {
        vec![Change::ProviderGone { id: self.0 }]
    }

    fn ends_sessions(&self, _: &Actor, _: &[Change]) -> Option<EndedSessions> {
        Some(EndedSessions::OfProvider(self.0))
    }
}

impl Act for RedirectTo {
    const ACTION: &'static str = "update";
    type New = ();

    /// Where the sign-in page leads is an act on that identity provider; nowhere is one on the settings.
    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        match self.0 {
            Some(id) => drop(over_provider(caller, id, Action::Update)?),
            None => require(caller, ResourceType::SecuritySettings, Action::Update, Scope::Account)?,
        }
        Ok(Entity { kind: EntityKind::Setting, name: AUTO_REDIRECT.to_owned(), id: AUTO_REDIRECT.to_owned() })
    }

    fn effects(&self, _: &World, _: &Actor, (): ()) -> Vec<Change> {
        Vec::new()
    }
}

/// An act on an identity provider needs the permission and everything else at the account.
fn over_provider(caller: &Principal<'_>, id: ProviderId, action: Action) -> Result<Entity> {
    let provider = caller
        .world()
        .provider(id)
        .filter(|_| caller.reads_providers())
        .ok_or_else(|| Error::not_found(format!("there is no identity provider with the id {id}")))?;
    require(caller, ResourceType::SecuritySettings, action, Scope::Account)?;
    ensure_holds_everything(caller)?;
    let alias = provider.alias.to_string();
    Ok(Entity { kind: EntityKind::Provider, name: alias.clone(), id: alias })
}

/// Refuses a caller who signs in with an identity provider or a client secret, so that someone can still sign in
/// after the provider is gone.
fn ensure_signs_in_here(caller: &Principal<'_>) -> Result<()> {
    let local = match caller.subject() {
        Subject::User(email) => caller.world().user(email).is_some_and(User::is_local),
        Subject::Group(_) | Subject::ServiceAccount(_) => false,
    };
    if local {
        return Ok(());
    }
    Err(Error::forbidden("only a local user can delete an identity provider; sign in with a password"))
}

/// Refuses a caller without every permission at the account.
fn ensure_holds_everything(caller: &Principal<'_>) -> Result<()> {
    let all = caller.world().roles().fold(PermissionSet::EMPTY, |all, role| all.union(role.permissions()));
    match caller.lacks(all, Scope::Account).iter().next() {
        None => Ok(()),
        Some(first) => Err(Error::forbidden(format!(
            "an identity provider can give any access, so changing one needs every permission at the account; \
             you don't have {first} there"
        ))),
    }
}
