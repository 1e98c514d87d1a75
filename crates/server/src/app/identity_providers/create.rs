//! Creates an identity provider.

use rolecall_core::access::Act;
use rolecall_core::identity::{ProviderAlias, ProviderId};
use rolecall_core::{Error, Result};
use rolecall_signin::mapping::Mappers;
use rolecall_store::NewProvider;

use super::{GivenSecret, Settings, json, sealed};
use crate::app::{Call, Changed};

/// Creates an identity provider, enabled. Without an alias it gets that of its kind, of which there can be one.
///
/// # Errors
/// `Forbidden` without every permission at the account; `Conflict` when one has that alias; `Invalid` when a stored
/// secret is to be kept.
pub async fn create(
    call: &Call,
    alias: Option<ProviderAlias>,
    settings: &Settings,
    secret: GivenSecret,
    mappers: &Mappers,
) -> Result<Changed<ProviderAlias>> {
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
    let (settings, mappers) = (json(settings)?, json(mappers)?);

    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::CreateProvider { alias: alias.clone(), kind }).await?;
    change.tx.create_provider(&permit, NewProvider { id, settings, mappers, secret, at: change.now }).await?;
    change.commit(permit, 201, alias).await
}
