//! Reads identity providers, without their secrets.

use std::sync::Arc;

use rolecall_core::identity::Provider;
use rolecall_core::{Error, Result, RevisionStamp, Timestamp};
use rolecall_signin::mapping::Mappers;
use rolecall_signin::saml::metadata::IdentityProvider;
use rolecall_signin::time::{UnixMillis, UnixSeconds};
use rolecall_store::ProviderRecord;

use super::{Emails, GroupsAbsent, Settings, find, unknown};
use crate::app::{App, Call, sso};

/// An identity provider, as administrators read it.
#[derive(Debug, Clone)]
pub struct ReadProvider {
    /// What the world knows of it.
    pub provider: Provider,
    /// Its settings.
    pub settings: Settings,
    /// Its mappers.
    pub mappers: Mappers,
    /// Which emails it may assert.
    pub emails: Emails,
    /// What becomes of a sign-in without a word about groups.
    pub groups_absent: GroupsAbsent,
    /// Whether people keep their groups at the moment because those of many vanished.
    pub groups_held: bool,
    /// What the metadata of a SAML provider says; `None` for another kind, and where it is not there or not valid now.
    pub metadata: Option<Arc<IdentityProvider>>,
    /// When the next of its certificates expires.
    pub certificate_ends: Option<UnixSeconds>,
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
    call.principal()?.ensure_reads_providers()?;
    let now = call.app.clock.now();
    let mut read_providers = Vec::new();
    for record in call.app.store.providers().await? {
        read_providers.push(with_alarm(&call.app, read(&call.app, record, now)?).await?);
    }
    Ok(read_providers)
}

/// One identity provider.
///
/// # Errors
/// `NotFound` when it does not exist, or not for the caller.
pub async fn get(call: &Call, alias: &str) -> Result<ReadProvider> {
    if !call.principal()?.reads_providers() {
        return Err(unknown(alias));
    }
    let id = find(&call.world, alias)?;
    let record = call.app.store.provider(id).await?.ok_or_else(|| unknown(alias))?;
    with_alarm(&call.app, read(&call.app, record, call.app.clock.now())?).await
}

async fn with_alarm(app: &App, read: ReadProvider) -> Result<ReadProvider> {
    Ok(ReadProvider { groups_held: sso::are_held(app, &read.provider).await?, ..read })
}

pub(super) fn read(app: &App, record: ProviderRecord, now: Timestamp) -> Result<ReadProvider> {
    let settings: Settings = serde_json::from_str(&record.settings).map_err(Error::internal)?;
    let uploaded = settings.metadata(now).ok().flatten().map(Arc::new);
    let metadata = uploaded.or_else(|| sso::known_metadata(app, &record.provider));
    Ok(ReadProvider {
        certificate_ends: metadata.as_ref().and_then(|it| it.certificate_ends(UnixMillis(now.millis()).seconds())),
        metadata,
        settings,
        mappers: serde_json::from_str(&record.mappers).map_err(Error::internal)?,
        emails: serde_json::from_str(&record.emails).map_err(Error::internal)?,
        groups_absent: GroupsAbsent::parse("groupsAbsent", &record.groups_absent).map_err(Error::internal)?,
        groups_held: false,
        has_secret: record.secret.is_some(),
        revision: record.revision,
        provider: record.provider,
    })
}
