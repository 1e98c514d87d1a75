//! Creates, updates and deletes identity providers. Their settings are opaque here; secrets come encrypted.

use rolecall_core::Result;
use rolecall_core::access::Actor;
use rolecall_core::acts::{CreateProvider, DeleteProvider, Permit, RedirectTo, UpdateProvider};
use rolecall_core::identity::{Provider, ProviderId};

use super::details::Details;
use super::{ChangeTx, or_conflict, out_of_step};
use crate::lists::ProviderRecord;
use crate::lists::identity_providers::{one, record};
use crate::sign_ins::forget_claims_by;
use crate::sql::Sql;

/// An identity provider to create. Its alias and kind come from the permit.
pub struct NewProvider {
    /// Its id.
    pub id: ProviderId,
    /// Its settings, as JSON without secrets.
    pub settings: String,
    /// Its mappers, as JSON.
    pub mappers: String,
    /// Which emails it may assert, as JSON.
    pub emails: String,
    /// What becomes of a sign-in without a word about groups.
    pub groups_absent: String,
    /// Its secret, encrypted.
    pub secret: Option<Vec<u8>>,
}

/// New values of an identity provider; `None` keeps the current one.
#[derive(Default)]
pub struct ProviderChange {
    /// Whether people may sign in with it.
    pub enabled: Option<bool>,
    /// Its settings, as JSON without secrets.
    pub settings: Option<String>,
    /// Its mappers, as JSON.
    pub mappers: Option<String>,
    /// Which emails it may assert, as JSON.
    pub emails: Option<String>,
    /// What becomes of a sign-in without a word about groups.
    pub groups_absent: Option<String>,
    /// Its secret, encrypted.
    pub secret: Option<Vec<u8>>,
}

impl ChangeTx {
    /// Creates an identity provider, enabled.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn create_provider(&mut self, permit: &Permit<CreateProvider>, new: NewProvider) -> Result<()> {
        let id = new.id;
        let details = Details { provider: Some(new), ..Details::default() };
        let done = self.enact_with(permit, id, details).await;
        let alias = &permit.act().alias;
        or_conflict(done, || format!("an identity provider named {alias} already exists"))?;
        self.made = Some(alias.to_string());
        Ok(())
    }

    /// The identity provider with that id, as it is before this change.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn provider(&mut self, id: ProviderId) -> Result<Option<ProviderRecord>> {
        self.transaction.first(one(id)).await?.as_ref().map(record).transpose()
    }

    /// Changes an identity provider; disabling it ends the sessions that began there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn update_provider(&mut self, permit: &Permit<UpdateProvider>, change: ProviderChange) -> Result<()> {
        let ProviderChange { enabled, settings, mappers, emails, groups_absent, secret } = change;
        let UpdateProvider(id) = self.enact(permit, enabled).await?;
        let mut update = self.update("identity_providers");
        for (column, value) in [
            (", settings = ", settings),
            (", mappers = ", mappers),
            (", emails = ", emails),
            (", groups_absent = ", groups_absent),
        ] {
            if let Some(value) = value {
                update.push(column).bind(value);
            }
        }
        if let Some(secret) = secret {
            update.push(", secret = ").bind(secret);
        }
        update.push(" WHERE id = ").bind(id.to_string());
        if self.transaction.execute(update).await? != 1 {
            return Err(out_of_step("the identity provider", id));
        }
        Ok(())
    }

    /// Has the sign-in page lead to an identity provider by itself, or to none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn redirect_to(&mut self, permit: &Permit<RedirectTo>) -> Result<()> {
        let RedirectTo(provider) = self.enact(permit, ()).await?;
        let mut update = Sql::new("UPDATE identity_providers SET auto_redirect = ");
        match provider {
            Some(id) => update.push("CASE WHEN id = ").bind(id.to_string()).push(" THEN 1 ELSE 0 END"),
            None => update.push("0"),
        };
        self.transaction.execute(update).await.map(drop)
    }

    /// Deletes an identity provider, and ends the sessions that began there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delete_provider(&mut self, permit: &Permit<DeleteProvider>) -> Result<()> {
        self.enact(permit, ()).await.map(drop)
    }

    pub(super) async fn delete_provider_row(&mut self, id: ProviderId) -> Result<()> {
        self.delete_row("identity_providers", &id.to_string()).await?;
        self.transaction.execute(forget_claims_by(id)).await.map(drop)
    }

    /// Writes everything that decisions know of this identity provider, and the settings of a new one.
    pub(super) async fn set_provider(
        &mut self,
        provider: &Provider,
        actor: &Actor,
        new: Option<NewProvider>,
    ) -> Result<()> {
        const INTO: &str = "identity_providers (id, alias, kind, enabled, settings, mappers, emails, groups_absent, secret, \
                            created_by, created_at, updated_at, revision, revision_id)";
        let Provider { id, alias, kind, enabled, changed: _ } = provider;
        if self.world.provider(*id).is_some() {
            let mut update = self.update("identity_providers");
            update.push(", enabled = ").bind(*enabled).push(" WHERE id = ").bind(id.to_string());
            let updated = self.transaction.execute(update).await?;
            return if updated == 1 { Ok(()) } else { Err(out_of_step("the identity provider", id)) };
        }
        let new = new.ok_or_else(|| out_of_step("the settings of the identity provider", id))?;
        let row = vec![
            id.to_string().into(),
            alias.as_str().into(),
            kind.as_str().into(),
            (*enabled).into(),
            new.settings.into(),
            new.mappers.into(),
            new.emails.into(),
            new.groups_absent.into(),
            new.secret.into(),
            actor.name().into(),
            self.now.into(),
            self.now.into(),
            self.stamp.number().into(),
            self.stamp.id.bits().cast_signed().into(),
        ];
        self.insert(INTO, vec![row]).await
    }
}
