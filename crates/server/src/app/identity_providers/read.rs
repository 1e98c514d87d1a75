//! Reads identity providers, without their secrets.

use std::sync::Arc;

use rolecall_core::access::READ_PROVIDERS;
use rolecall_core::identity::Provider;
use rolecall_core::org::Scope;
use rolecall_core::{Error, Result, RevisionStamp, Timestamp};
use rolecall_signin::mapping::Mappers;
use rolecall_signin::saml::metadata::IdentityProvider;
use rolecall_store::ProviderRecord;

use super::{Emails, Settings, find, unknown};
use crate::app::{App, Call, sso};

/// An identity provider, as administrators read it.
#[derive(Debug)]
pub struct ReadProvider {
    /// What the world knows of it.
    pub provider: Provider,
    /// Its settings.
    pub settings: Settings,
    /// Its mappers.
    pub mappers: Mappers,
    /// Which emails it may assert.
    pub emails: Emails,
    /// What the metadata of a SAML provider says; `None` for another kind, and where it is not there or not valid now.
    pub metadata: Option<Arc<IdentityProvider>>,
    /// Whether a secret is stored.
    pub has_secret: bool,
    /// The revision of the last change.
    pub revision: RevisionStamp,
}

/// The identity providers, by alias.
///
/// # Errors
/// `Forbidden` without `security-settings:read` at the account.
pub async fn list(call: &Call) -> Result<Vec<ReadProvider>> {
    call.principal()?.ensure_may(READ_PROVIDERS, Scope::Account)?;
    let now = call.app.clock.now();
    let records = call.app.store.providers().await?;
    records.into_iter().map(|record| read(&call.app, record, now)).collect()
}

/// One identity provider.
///
/// # Errors
/// `NotFound` when it does not exist, or not for the caller.
pub async fn get(call: &Call, alias: &str) -> Result<ReadProvider> {
    if !call.principal()?.may(READ_PROVIDERS, Scope::Account) {
        return Err(unknown(alias));
    }
    let id = find(&call.world, alias)?;
    let record = call.app.store.provider(id).await?.ok_or_else(|| unknown(alias))?;
    read(&call.app, record, call.app.clock.now())
}

pub(super) fn read(app: &App, record: ProviderRecord, now: Timestamp) -> Result<ReadProvider> {
    let settings: Settings = serde_json::from_str(&record.settings).map_err(Error::internal)?;
    let uploaded = settings.metadata(now).ok().flatten().map(Arc::new);
    Ok(ReadProvider {
        metadata: uploaded.or_else(|| sso::known_metadata(app, &record.provider)),
        settings,
        mappers: serde_json::from_str(&record.mappers).map_err(Error::internal)?,
        emails: serde_json::from_str(&record.emails).map_err(Error::internal)?,
        has_secret: record.secret.is_some(),
        revision: record.revision,
        provider: record.provider,
    })
}
