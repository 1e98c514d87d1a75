//! Identity providers: creates, reads, changes and deletes them, with their mappers.
//!
//! A provider's secret is write-only: it is encrypted before it is stored, and nothing here returns it.

mod addresses;
mod bindings;
mod change;
mod create;
mod emails;
mod groups_absent;
mod read;
mod redirect;
mod settings;

pub use addresses::Addresses;
pub use bindings::{Bindings, Ended, Told, Where, bindings, end_bindings};
pub use change::{Update, as_changed, delete, update, update_mappers};
pub use create::{New, create};
pub use emails::{Doubt, Emails};
pub use groups_absent::GroupsAbsent;
pub use read::{ReadProvider, get, list};
pub use redirect::{auto_redirect, set_auto_redirect};
pub use settings::{MetadataSource, MoreOfSaml, OidcSettings, OpenShiftSettings, SamlSettings, Settings};

use rolecall_core::identity::{ProviderAlias, ProviderId};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result, World};
use rolecall_signin::secret::Secret;
use rolecall_store::{ProviderRecord, Store};
use serde::Serialize;

use super::{App, Vault};

/// A secret in the settings of a provider.
#[derive(Debug)]
pub enum GivenSecret {
    /// There is none in the settings of this kind of provider.
    None,
    /// The stored one.
    Kept,
    /// This one.
    New(Secret),
}

/// The provider with that alias. One that is not there is refused in the same words as one that is hidden.
fn find(world: &World, alias: &str) -> Result<ProviderId> {
    let parsed = ProviderAlias::parse("name", alias).ok();
    let found = parsed.and_then(|alias| world.provider_named(&alias));
    found.map(|provider| provider.id).ok_or_else(|| unknown(alias))
}

fn unknown(alias: &str) -> Error {
    Error::not_found(format!("there is no identity provider {}", quoted(alias)))
}

/// The identity providers whose stored secret cannot be read: it was encrypted with another key.
///
/// # Errors
/// When the database does not answer.
pub async fn unreadable_secrets(store: &Store, vault: &Vault) -> Result<Vec<ProviderAlias>> {
    let opens = |record: &ProviderRecord| {
        record.secret.as_ref().is_none_or(|secret| vault.open(&secret_name(record.provider.id), secret).is_ok())
    };
    let records = store.providers().await?;
    Ok(records.into_iter().filter(|record| !opens(record)).map(|record| record.provider.alias).collect())
}

/// A secret, as it is stored.
fn sealed(app: &App, id: ProviderId, secret: &Secret) -> Result<Vec<u8>> {
    app.vault.seal(&secret_name(id), secret.expose().as_bytes(), &app.random)
}

/// The name that a secret is encrypted under: it cannot be moved to another provider.
pub(super) fn secret_name(id: ProviderId) -> String {
    format!("identity-provider/{id}")
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}
