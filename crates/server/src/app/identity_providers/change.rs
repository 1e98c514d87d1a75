//! Changes and deletes identity providers.

use rolecall_core::acts::{Act, DeleteProvider, Permit, UpdateProvider};
use rolecall_core::identity::{ProviderAlias, ProviderId};
use rolecall_core::{Error, ErrorKind, Result, Timestamp};
use rolecall_signin::mapping::Mappers;
use rolecall_signin::secret::Secret;
use rolecall_store::ProviderChange;

use super::read::{ReadProvider, read};
use super::{Emails, GivenSecret, GroupsAbsent, MoreOfSaml, Settings, find, json, sealed, unknown};
use crate::app::{Call, Changed, OpenChange};

/// New values of a provider; `None` keeps the current one.
#[derive(Debug)]
pub struct Update {
    /// Its alias, which does not change.
    pub alias: Option<ProviderAlias>,
    /// Its settings.
    pub settings: Settings,
    /// Further settings of SAML.
    pub more: MoreOfSaml,
    /// Its secret.
    pub secret: GivenSecret,
    /// Its mappers.
    pub mappers: Option<Mappers>,
    /// Which emails it may assert.
    pub emails: Option<Emails>,
    /// What becomes of a sign-in without a word about groups.
    pub groups_absent: Option<GroupsAbsent>,
    /// Whether people may sign in with it. Disabling it ends the sessions that began there.
    pub enabled: Option<bool>,
}

/// Changes a provider.
///
/// # Errors
/// `NotFound`; `Forbidden` without every permission at the account; `Invalid` for settings of another kind, and for a
/// stored secret that would go to another address.
pub async fn update(call: &Call, alias: &str, update: Update) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let (id, permit) = permitted(&mut change, alias, UpdateProvider).await?;
    let before = change.tx.provider(id).await?.ok_or_else(|| unknown(alias))?;
    let after = After::new(read(&call.app, before, change.tx.now())?, update, change.tx.now())?;
    let secret = after.secret.map(|secret| sealed(&call.app, id, &secret)).transpose()?;
    let new = ProviderChange {
        enabled: after.enabled,
        settings: Some(json(&after.settings)?),
        mappers: after.mappers.as_ref().map(json).transpose()?,
        emails: after.emails.as_ref().map(json).transpose()?,
        groups_absent: after.groups_absent.map(|it| it.as_str().to_owned()),
        secret,
    };
    change.tx.update_provider(&permit, new).await?;
    change.commit(permit, ()).await
}

/// A provider as it would be after that update, which is not made; or as it is.
///
/// # Errors
/// As [`update`].
pub fn as_changed(before: ReadProvider, update: Option<Update>, now: Timestamp) -> Result<ReadProvider> {
    let Some(update) = update else { return Ok(before) };
    let after = After::new(before.clone(), update, now)?;
    Ok(ReadProvider {
        settings: after.settings,
        mappers: after.mappers.unwrap_or(before.mappers),
        emails: after.emails.unwrap_or(before.emails),
        groups_absent: after.groups_absent.unwrap_or(before.groups_absent),
        ..before
    })
}

/// New values of a provider; `None` keeps the current one.
struct After {
    enabled: Option<bool>,
    settings: Settings,
    mappers: Option<Mappers>,
    emails: Option<Emails>,
    groups_absent: Option<GroupsAbsent>,
    secret: Option<Secret>,
}

impl After {
    fn new(before: ReadProvider, update: Update, now: Timestamp) -> Result<Self> {
        let Update { alias: same, settings, more, secret, mappers, emails, groups_absent, enabled } = update;
        let alias = &before.provider.alias;
        if let Some(other) = same.filter(|it| it != alias) {
            return Err(Error::invalid(format!(
                "name: {alias} cannot be renamed to {other}; leave the name out, or create another identity provider"
            )));
        }
        let kind = before.provider.kind;
        if kind != settings.kind() {
            return Err(Error::invalid(format!(
                "type: {alias} is of the type {}, which does not change; create another identity provider for {}",
                kind.as_str(),
                settings.kind().as_str()
            )));
        }
        let settings = settings.with_more(more, Some(&before.settings))?;
        settings.check(now)?;
        let moved = before.settings.speaker() != settings.speaker();
        // INVARIANT: what was said of one provider is not said of another one behind the same name.
        let emails = emails.or_else(|| (moved && before.emails.vouched()).then(|| before.emails.without_vouching()));
        let secret = match secret {
            GivenSecret::Kept if moved => {
                return Err(Error::invalid(
                    "clientSecret: ******* stands for the stored secret, which is not sent to another address; enter the secret",
                ));
            }
            GivenSecret::None | GivenSecret::Kept => None,
            GivenSecret::New(secret) => Some(secret),
        };
        Ok(Self { enabled, settings, mappers, emails, groups_absent, secret })
    }
}

/// Changes the mappers of a provider.
///
/// # Errors
/// `NotFound`; `Forbidden` without every permission at the account.
pub async fn update_mappers(call: &Call, alias: &str, mappers: &Mappers) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let (_, permit) = permitted(&mut change, alias, UpdateProvider).await?;
    let new = ProviderChange { mappers: Some(json(mappers)?), ..ProviderChange::default() };
    change.tx.update_provider(&permit, new).await?;
    change.commit(permit, ()).await
}

/// Deletes a provider, and ends the sessions that began there.
///
/// # Errors
/// `NotFound`; `Forbidden` without every permission at the account, and for a caller who is no local user.
pub async fn delete(call: &Call, alias: &str) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let (_, permit) = permitted(&mut change, alias, DeleteProvider).await?;
    change.tx.delete_provider(&permit).await?;
    change.commit(permit, ()).await
}

/// The permit for an act on the provider with that alias. One that is hidden is refused as one that does not exist.
async fn permitted<A: Act>(
    change: &mut OpenChange,
    alias: &str,
    act: impl FnOnce(ProviderId) -> A,
) -> Result<(ProviderId, Permit<A>)> {
    let id = find(change.tx.world(), alias)?;
    match change.authorize(act(id)).await {
        Ok(permit) => Ok((id, permit)),
        Err(error) if error.kind == ErrorKind::NotFound => Err(unknown(alias)),
        Err(error) => Err(error),
    }
}
