//! Identity providers: what the world knows of those that people sign in with.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ProviderId;
use crate::error::{Error, Result};
use crate::text::quoted;
use crate::world::Revision;

/// The name of an identity provider in addresses and in `createdBy`: 1 to 63 lowercase letters, digits and hyphens,
/// with a letter or digit first and last. Unique in the account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ProviderAlias(Arc<str>);

impl ProviderAlias {
    /// Parses an alias. It has no underscores: clients turn them into hyphens in a path.
    ///
    /// # Errors
    /// `Invalid`, with the field's name and the rule.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
        let bytes = text.as_bytes();
        let fits = (1..=63).contains(&bytes.len())
            && bytes.iter().all(|c| plain(*c) || *c == b'-')
            && bytes.first().is_some_and(|c| plain(*c))
            && bytes.last().is_some_and(|c| plain(*c));
        if fits {
            return Ok(Self(text.into()));
        }
        Err(Error::invalid(format!(
            "{field}: {} is not a name for an identity provider: use 1 to 63 lowercase letters, digits and hyphens, with a letter or digit first and last",
            quoted(text)
        )))
    }

    /// The alias.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ProviderAlias {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        Self::parse("name", &text)
    }
}

impl fmt::Display for ProviderAlias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The protocol of an identity provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProviderKind {
    /// OpenID Connect.
    Oidc,
    /// SAML 2.0.
    Saml,
    /// OpenShift v4: OAuth against a cluster.
    #[serde(rename = "openshift-v4")]
    OpenShiftV4,
}

impl ProviderKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Oidc, Self::Saml, Self::OpenShiftV4];

    /// The word in the API; also the alias of a provider that is given none.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Oidc => "oidc",
            Self::Saml => "saml",
            Self::OpenShiftV4 => "openshift-v4",
        }
    }

    /// The kind with that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The alias of a provider that is given none.
    #[must_use]
    pub fn alias(self) -> ProviderAlias {
        ProviderAlias(self.as_str().into())
    }
}

/// An identity provider in the world. Its settings stay in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// Its id.
    pub id: ProviderId,
    /// Its alias.
    pub alias: ProviderAlias,
    /// Its protocol.
    pub kind: ProviderKind,
    /// Nobody signs in with a disabled one.
    pub enabled: bool,
    /// The revision of the last change to it or to its settings. A sign-in that began before another change does not
    /// end after it.
    pub changed: Revision,
}
