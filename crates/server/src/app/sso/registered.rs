//! What administrators registered for a provider, read for one sign-in.

use rolecall_core::Error;
use rolecall_core::identity::Provider;

use super::Failure;
use super::claim_settings::Terms;
use crate::app::App;
use crate::app::identity_providers::{GroupsAbsent, Settings};

/// A provider with its settings.
pub(super) struct Registered {
    pub settings: Settings,
    pub terms: Terms,
    /// Its secret, encrypted.
    pub secret: Option<Vec<u8>>,
}

impl Registered {
    /// Reads it as the world knows it.
    pub(super) async fn read(app: &App, provider: &Provider) -> Result<Self, Failure> {
        let record = app.store.provider(provider.id).await?.ok_or_else(changed)?;
        if record.provider != *provider {
            return Err(changed());
        }
        let settings = serde_json::from_str(&record.settings).map_err(Error::internal)?;
        let terms = Terms::new(
            record.provider,
            &settings,
            serde_json::from_str(&record.mappers).map_err(Error::internal)?,
            serde_json::from_str(&record.emails).map_err(Error::internal)?,
            GroupsAbsent::parse("groupsAbsent", &record.groups_absent).map_err(Error::internal)?,
        );
        Ok(Self { settings, terms, secret: record.secret })
    }

    /// The provider.
    pub(super) const fn provider(&self) -> &Provider {
        &self.terms.provider
    }
}

/// The provider is not what it was when the sign-in began.
pub(super) fn changed() -> Failure {
    Failure::new("provider-changed", "the identity provider was changed during the sign-in")
}
