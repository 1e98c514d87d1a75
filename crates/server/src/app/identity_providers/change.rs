//! Changes and deletes identity providers.

use rolecall_core::access::Act;
use rolecall_core::{Error, ErrorKind, Result};
use rolecall_signin::mapping::Mappers;
use rolecall_store::ProviderChange;

use super::{GivenSecret, Settings, find, json, sealed, unknown};
use crate::app::{Call, Changed};

/// New values of a provider; `None` keeps the current one.
#[derive(Debug)]
pub struct Update {
    /// Its settings.
    pub settings: Settings,
    /// Its secret.
    pub secret: GivenSecret,
    /// Its mappers.
    pub mappers: Option<Mappers>,
    /// Whether people may sign in with it. Disabling it ends the sessions that began there.
    pub enabled: Option<bool>,
}

/// Changes a provider.
///
/// # Errors
/// `NotFound`; `Forbidden` without every permission at the account; `Invalid` for settings of another kind.
pub async fn update(call: &Call, alias: &str, update: Update) -> Result<Changed<()>> {
    let Update { settings, secret, mappers, enabled } = update;
    settings.check(call.app.clock.now())?;
    let mut change = call.open_change().await?;
    let id = find(&change.world, alias)?;
    let permit = change.authorize(Act::UpdateProvider(id)).await.map_err(|error| hidden(alias, error))?;
    let kind = change.world.provider(id).map(|provider| provider.kind);
    if let Some(kind) = kind.filter(|kind| *kind != settings.kind()) {
        return Err(Error::invalid(format!(
            "type: {alias} is of the type {}, which does not change; create another identity provider for {}",
            kind.as_str(),
            settings.kind().as_str()
        )));
    }
    let secret = match secret {
        GivenSecret::None | GivenSecret::Kept => None,
        GivenSecret::New(secret) => Some(sealed(&call.app, id, &secret)?),
    };
    let mappers = mappers.as_ref().map(json).transpose()?;
    let new = ProviderChange { enabled, settings: Some(json(&settings)?), mappers, secret };
    change.tx.update_provider(&permit, &change.world, new, change.now).await?;
    change.commit(permit, 200, ()).await
}

/// Changes the mappers of a provider.
///
/// # Errors
/// `NotFound`; `Forbidden` without every permission at the account.
pub async fn update_mappers(call: &Call, alias: &str, mappers: &Mappers) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let id = find(&change.world, alias)?;
    let permit = change.authorize(Act::UpdateProvider(id)).await.map_err(|error| hidden(alias, error))?;
    let new = ProviderChange { mappers: Some(json(mappers)?), ..ProviderChange::default() };
    change.tx.update_provider(&permit, &change.world, new, change.now).await?;
    change.commit(permit, 202, ()).await
}

/// Deletes a provider, and ends the sessions that began there.
///
/// # Errors
/// `NotFound`; `Forbidden` without every permission at the account, and for a caller who is no local user.
pub async fn delete(call: &Call, alias: &str) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let id = find(&change.world, alias)?;
    let permit = change.authorize(Act::DeleteProvider(id)).await.map_err(|error| hidden(alias, error))?;
    change.tx.delete_provider(&permit, change.now).await?;
    change.commit(permit, 200, ()).await
}

/// A provider that is hidden is refused by the alias that was asked for, as one that does not exist.
fn hidden(alias: &str, error: Error) -> Error {
    match error.kind {
        ErrorKind::NotFound => unknown(alias),
        _ => error,
    }
}
