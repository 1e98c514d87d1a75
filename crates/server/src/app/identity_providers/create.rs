//! Creates an identity provider.

use rolecall_core::acts::CreateProvider;
use rolecall_core::identity::{ProviderAlias, ProviderId};
use rolecall_core::{Error, Result};
use rolecall_signin::mapping::Mappers;
use rolecall_store::NewProvider;

use super::{Emails, GivenSecret, GroupsAbsent, MoreOfSaml, Settings, json, sealed};
use crate::app::{Call, Changed};

/// A provider to create.
#[derive(Debug)]
pub struct New {
    /// Its alias; that of its kind, of which there can be one, if absent.
    pub alias: Option<ProviderAlias>,
    /// Its settings.
    pub settings: Settings,
    /// Further settings of SAML.
    pub more: MoreOfSaml,
    /// Its secret.
    pub secret: GivenSecret,
    /// Its mappers.
    pub mappers: Mappers,
    /// Which emails it may assert.
    pub emails: Emails,
    /// What becomes of a sign-in without a word about groups.
    pub groups_absent: GroupsAbsent,
}

/// Creates an identity provider, enabled.
///
/// # Errors
/// `Forbidden` without every permission at the account; `Conflict` when one has that alias; `Invalid` when a stored
/// secret is to be kept.
pub async fn create(call: &Call, new: New) -> Result<Changed<ProviderAlias>> {
    let New { alias, settings, more, secret, mappers, emails, groups_absent } = new;
    let settings = settings.with_more(more, None)?;
    let app = &call.app;
    let id = ProviderId::new(app.random.uuid()?);
    let secret = match secret {
        GivenSecret::None => None,
        GivenSecret::New(secret) => Some(sealed(app, id, &secret)?),
        GivenSecret::Kept => {
            return Err(Error::invalid(
                "clientSecret: ******* stands for a stored secret, and a new provider has none",
            ));
        }
    };
    settings.check(app.clock.now())?;
    let kind = settings.kind();
    let alias = alias.unwrap_or_else(|| kind.alias());
    let (settings, mappers, emails) = (json(&settings)?, json(&mappers)?, json(&emails)?);

    let mut change = call.open_change().await?;
    let permit = change.authorize(CreateProvider { alias: alias.clone(), kind }).await?;
    let groups_absent = groups_absent.as_str().to_owned();
    let new = NewProvider { id, settings, mappers, emails, groups_absent, secret };
    change.tx.create_provider(&permit, new).await?;
    change.commit(permit, alias).await
}
