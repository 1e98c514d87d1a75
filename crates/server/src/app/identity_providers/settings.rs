//! The settings of an identity provider, as they are stored. Secrets are apart.

use rolecall_core::identity::ProviderKind;
use rolecall_core::{Error, Result, Timestamp};
use rolecall_signin::mapping::MandatoryClaim;
use rolecall_signin::saml::SamlError;
use rolecall_signin::saml::metadata::IdentityProvider;
use rolecall_signin::time::UnixMillis;
use serde::{Deserialize, Serialize};

/// Settings, by kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Settings {
    /// Of OpenID Connect.
    Oidc(OidcSettings),
    /// Of SAML 2.0.
    Saml(SamlSettings),
    /// Of OpenShift v4.
    #[serde(rename = "openshift-v4")]
    OpenShift(OpenShiftSettings),
}

impl Settings {
    /// The kind of provider that they are for.
    #[must_use]
    pub const fn kind(&self) -> ProviderKind {
        match self {
            Self::Oidc(_) => ProviderKind::Oidc,
            Self::Saml(_) => ProviderKind::Saml,
            Self::OpenShift(_) => ProviderKind::OpenShiftV4,
        }
    }

    /// Where this server asks and sends secrets to.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        match self {
            Self::Oidc(oidc) => Some(&oidc.discovery_url),
            Self::OpenShift(openshift) => Some(&openshift.base_url),
            Self::Saml(_) => None,
        }
    }

    /// What the uploaded metadata of a SAML provider says.
    ///
    /// # Errors
    /// When it is not metadata, or has expired.
    pub fn metadata(&self, now: Timestamp) -> Result<Option<IdentityProvider>, SamlError> {
        match self {
            Self::Saml(SamlSettings { metadata: MetadataSource::File { xml, .. }, .. }) => {
                IdentityProvider::from_metadata(xml.as_bytes(), UnixMillis(now.millis()).seconds()).map(Some)
            }
            Self::Saml(_) | Self::Oidc(_) | Self::OpenShift(_) => Ok(None),
        }
    }

    /// Refuses metadata that nobody could sign in with.
    ///
    /// # Errors
    /// `Invalid`, with what is wrong with it.
    pub(super) fn check(&self, now: Timestamp) -> Result<()> {
        self.metadata(now).map(drop).map_err(|error| Error::invalid(format!("samlData.metadataXmlFile: {error}")))
    }
}

/// Settings of OpenID Connect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OidcSettings {
    /// Our client id at the provider.
    pub client_id: String,
    /// The address of its discovery document, or of its issuer.
    pub discovery_url: String,
    /// The requested scopes besides `openid`.
    pub scopes: Vec<String>,
    /// A claim that everybody must carry.
    pub mandatory_claim: Option<MandatoryClaim>,
}

/// Settings of SAML 2.0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlSettings {
    /// Where the provider's metadata comes from.
    pub metadata: MetadataSource,
    /// Our entity id; `None`: the address of our metadata.
    pub entity_id: Option<String>,
}

/// Where the metadata of a SAML provider comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "kebab-case")]
pub enum MetadataSource {
    /// An address.
    Url {
        /// The address.
        url: String,
    },
    /// A file that an administrator uploaded.
    File {
        /// Its name.
        name: String,
        /// Its text.
        xml: String,
    },
}

/// Settings of OpenShift v4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenShiftSettings {
    /// The base address of the cluster's API.
    pub base_url: String,
    /// Our client id at the cluster.
    pub client_id: String,
    /// The requested scopes.
    pub scopes: Vec<String>,
}
