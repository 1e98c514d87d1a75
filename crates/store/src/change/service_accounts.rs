//! Creates, updates and deletes service accounts, with their secrets.

use std::collections::HashMap;

use rolecall_core::access::Actor;
use rolecall_core::acts::{
    CreateServiceAccount, DeleteServiceAccount, DisableServiceAccount, EnableServiceAccount, Permit, RenewSecret,
};
use rolecall_core::identity::{ClientId, ServiceAccount, ServiceAccountId};
use rolecall_core::{Result, RevisionStamp};

use super::details::{Details, Origin, ServiceAccountDetails};
use super::{ChangeTx, or_conflict, out_of_step};
use crate::sql::Value;

/// A service account to create. Its name comes from the permit.
pub struct NewServiceAccount {
    /// Its id.
    pub id: ServiceAccountId,
    /// Its client id.
    pub client_id: ClientId,
    /// The SHA-256 of its secret.
    pub secret_hash: [u8; 32],
}

impl ChangeTx {
    /// Creates a service account.
    ///
    /// # Errors
    /// `Conflict` when one has that name or client id.
    pub async fn create_service_account(
        &mut self,
        permit: &Permit<CreateServiceAccount>,
        new: NewServiceAccount,
    ) -> Result<()> {
        let NewServiceAccount { id, client_id, secret_hash } = new;
        let account = ServiceAccountDetails { secret_hash, last_login: None, origin: None };
        let details = Details { service_accounts: [(id, account)].into(), ..Details::default() };
        let done = self.enact_with(permit, (id, client_id), details).await;
        let name = &permit.act().name;
        or_conflict(done, || format!("a service account named {name}, or one of this client id, already exists"))?;
        self.made = Some(id.to_string());
        Ok(())
    }

    /// Enables a service account.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enable_service_account(&mut self, permit: &Permit<EnableServiceAccount>) -> Result<()> {
        self.enact(permit, ()).await.map(drop)
    }

    /// Disables a service account, and ends its sessions.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn disable_service_account(&mut self, permit: &Permit<DisableServiceAccount>) -> Result<()> {
        self.enact(permit, ()).await.map(drop)
    }

    /// Gives a service account a new secret, and ends the sessions of the old one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn renew_secret(&mut self, permit: &Permit<RenewSecret>, secret_hash: [u8; 32]) -> Result<()> {
        let RenewSecret(id) = self.enact(permit, ()).await?;
        let mut update = self.update("service_accounts");
        update.push(", secret_hash = ").bind(secret_hash.as_slice()).push(" WHERE id = ").bind(id.to_string());
        if self.transaction.execute(update).await? != 1 {
            return Err(out_of_step("the service account", id));
        }
        Ok(())
    }

    /// Deletes a service account with its sessions, and soft-deletes its rules.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delete_service_account(&mut self, permit: &Permit<DeleteServiceAccount>) -> Result<()> {
        self.enact(permit, ()).await.map(drop)
    }

    /// Writes everything that decisions know of these service accounts, and the details of those that are new.
    pub(super) async fn set_service_accounts(
        &mut self,
        accounts: &[&ServiceAccount],
        actor: &Actor,
        mut details: HashMap<ServiceAccountId, ServiceAccountDetails>,
    ) -> Result<()> {
        const INTO: &str = "service_accounts (id, client_id, name, enabled, secret_hash, created_by, created_at, \
                            updated_at, last_login, revision, revision_id)";
        let mut rows = Vec::new();
        for account in accounts {
            if self.world.service_account_by_id(account.id).is_some() {
                self.update_service_account(account).await?;
            } else {
                let details = details.remove(&account.id);
                let details = details.ok_or_else(|| out_of_step("the secret of the service account", account.id))?;
                rows.push(new_row(account, details, &Origin::of(actor, self.now), self.stamp));
            }
        }
        self.insert(INTO, rows).await
    }

    pub(super) async fn delete_service_account_row(&mut self, client_id: &ClientId) -> Result<()> {
        let account = self.world.service_account(client_id);
        let id = account.ok_or_else(|| out_of_step("the service account", client_id))?.id;
        self.delete_row("service_accounts", &id.to_string()).await
    }

    async fn update_service_account(&mut self, account: &ServiceAccount) -> Result<()> {
        let mut update = self.update("service_accounts");
        update.push(", name = ").bind(account.name.as_str()).push(", enabled = ").bind(account.enabled);
        update.push(" WHERE id = ").bind(account.id.to_string());
        if self.transaction.execute(update).await? == 1 {
            return Ok(());
        }
        Err(out_of_step("the service account", account.id))
    }
}

fn new_row(
    account: &ServiceAccount,
    details: ServiceAccountDetails,
    origin: &Origin,
    stamp: RevisionStamp,
) -> Vec<Value> {
    let origin = details.origin.as_ref().unwrap_or(origin);
    vec![
        account.id.to_string().into(),
        account.client_id.as_str().into(),
        account.name.as_str().into(),
        account.enabled.into(),
        details.secret_hash.as_slice().into(),
        origin.created_by.as_str().into(),
        origin.created_at.into(),
        origin.updated_at.into(),
        details.last_login.into(),
        stamp.number().into(),
        stamp.id.bits().cast_signed().into(),
    ]
}
