//! Authorization of acts on identity providers.
//!
//! A provider says who somebody is and which groups they are in, so that changing one can give any access: it needs
//! every permission at the account.

use super::authorize::require;
use super::{Entity, EntityKind, Principal};
use crate::catalogue::{Action, Permission, PermissionSet, ResourceType, Role};
use crate::error::{Error, Result};
use crate::identity::{ProviderAlias, ProviderId, Subject, User};
use crate::org::Scope;
use crate::world::World;

/// Maximum identity providers of an account.
pub const MAX_PROVIDERS: usize = 20;

/// The permission to see identity providers; it counts at the account.
pub const READ_PROVIDERS: Permission = Permission::new(ResourceType::SecuritySettings, Action::Read);

/// The name of the setting that says where the sign-in page leads by itself.
const AUTO_REDIRECT: &str = "autoRedirectSSO";

impl World {
    pub(super) fn ensure_may_create_provider(&self, principal: &Principal<'_>, alias: &ProviderAlias) -> Result<()> {
        require(principal, ResourceType::SecuritySettings, Action::Create, Scope::Account)?;
        ensure_holds_everything(principal)?;
        if self.provider_named(alias).is_some() {
            return Err(Error::conflict(format!(
                "an identity provider named {alias} already exists; give this one another name"
            )));
        }
        if self.providers().count() >= MAX_PROVIDERS {
            return Err(Error::conflict(format!(
                "there are {MAX_PROVIDERS} identity providers already; delete one first"
            )));
        }
        Ok(())
    }

    /// An act on an identity provider needs the permission and everything else at the account.
    pub(super) fn over_provider(&self, principal: &Principal<'_>, id: ProviderId, action: Action) -> Result<Entity> {
        let provider = self
            .provider(id)
            .filter(|_| principal.may(READ_PROVIDERS, Scope::Account))
            .ok_or_else(|| Error::not_found(format!("there is no identity provider with the id {id}")))?;
        require(principal, ResourceType::SecuritySettings, action, Scope::Account)?;
        ensure_holds_everything(principal)?;
        let alias = provider.alias.to_string();
        Ok(Entity { kind: EntityKind::Provider, name: alias.clone(), id: alias })
    }

    /// Where the sign-in page leads is an act on that identity provider; nowhere is one on the settings.
    pub(super) fn redirect(&self, principal: &Principal<'_>, provider: Option<ProviderId>) -> Result<Entity> {
        match provider {
            Some(id) => drop(self.over_provider(principal, id, Action::Update)?),
            None => require(principal, ResourceType::SecuritySettings, Action::Update, Scope::Account)?,
        }
        Ok(Entity { kind: EntityKind::Setting, name: AUTO_REDIRECT.to_owned(), id: AUTO_REDIRECT.to_owned() })
    }

    /// Refuses a caller who signs in with an identity provider or a client secret, so that somebody can still sign in
    /// after the provider is gone.
    pub(super) fn ensure_signs_in_here(&self, principal: &Principal<'_>) -> Result<()> {
        let local = match principal.subject() {
            Subject::User(email) => self.user(email).is_some_and(User::is_local),
            Subject::Group(_) | Subject::ServiceAccount(_) => false,
        };
        if local {
            return Ok(());
        }
        Err(Error::forbidden("only a local user can delete an identity provider; sign in with a password"))
    }
}

/// Refuses a caller without every permission at the account.
fn ensure_holds_everything(principal: &Principal<'_>) -> Result<()> {
    let all = Role::all().iter().fold(PermissionSet::EMPTY, |all, role| all.union(role.permissions));
    match principal.lacks(all, Scope::Account).iter().next() {
        None => Ok(()),
        Some(first) => Err(Error::forbidden(format!(
            "an identity provider can give any access, so changing one needs every permission at the account; \
             you don't have {first} there"
        ))),
    }
}
