//! Creates, updates and deletes service accounts, with their secrets.

use rolecall_core::acts::{
    CreateServiceAccount, DeleteServiceAccount, DisableServiceAccount, EnableServiceAccount, Permit, RenewSecret,
};
use rolecall_core::identity::{ClientId, ServiceAccount, ServiceAccountId};
use rolecall_core::{Result, RevisionStamp, Timestamp};

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

/// A service account's row.
pub(super) struct ServiceAccountRow {
    pub(super) account: ServiceAccount,
    pub(super) secret_hash: [u8; 32],
    pub(super) created_by: String,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) last_login: Option<Timestamp>,
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
        let CreateServiceAccount { name } = self.enact(permit, (id, client_id.clone())).await?;
        let row = ServiceAccountRow {
            account: ServiceAccount { id, client_id, name: name.clone(), enabled: true },
            secret_hash,
            created_by: permit.actor().name().to_owned(),
            created_at: self.now,
            updated_at: self.now,
            last_login: None,
        };
        let done = self.insert_service_accounts(vec![row]).await;
        or_conflict(done, || format!("a service account named {name}, or one of this client id, already exists"))?;
        self.made = Some(id.to_string());
        Ok(())
    }

    /// Enables a service account.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enable_service_account(&mut self, permit: &Permit<EnableServiceAccount>) -> Result<()> {
        let EnableServiceAccount(id) = self.enact(permit, ()).await?;
        self.set_service_account_enabled(*id, true).await
    }

    /// Disables a service account, and ends its sessions.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn disable_service_account(&mut self, permit: &Permit<DisableServiceAccount>) -> Result<()> {
        let DisableServiceAccount(id) = self.enact(permit, ()).await?;
        self.set_service_account_enabled(*id, false).await
    }

    async fn set_service_account_enabled(&mut self, id: ServiceAccountId, enabled: bool) -> Result<()> {
        let mut update = self.update("service_accounts");
        update.push(", enabled = ").bind(enabled).push(" WHERE id = ").bind(id.to_string());
        if self.transaction.execute(update).await? != 1 {
            return Err(out_of_step("the service account", id));
        }
        Ok(())
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

    pub(super) async fn insert_service_accounts(&mut self, accounts: Vec<ServiceAccountRow>) -> Result<()> {
        const INTO: &str = "service_accounts (id, client_id, name, enabled, secret_hash, created_by, created_at, \
                            updated_at, last_login, revision, revision_id)";
        let stamp = self.stamp;
        self.insert(INTO, accounts.iter().map(|row| values(row, stamp)).collect()).await?;
        Ok(())
    }
}

fn values(row: &ServiceAccountRow, stamp: RevisionStamp) -> Vec<Value> {
    vec![
        row.account.id.to_string().into(),
        row.account.client_id.as_str().into(),
        row.account.name.as_str().into(),
        row.account.enabled.into(),
        row.secret_hash.as_slice().into(),
        row.created_by.as_str().into(),
        row.created_at.into(),
        row.updated_at.into(),
        row.last_login.into(),
        stamp.number().into(),
        stamp.id.bits().cast_signed().into(),
    ]
}
