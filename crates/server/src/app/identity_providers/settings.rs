//! The settings of an identity provider, as they are stored. Secrets are apart.

use std::borrow::Cow;

use rolecall_core::identity::ProviderKind;
use rolecall_core::{Error, Result, Timestamp};
use rolecall_signin::mapping::MandatoryClaim;
use rolecall_signin::saml::SamlError;
use rolecall_signin::saml::metadata::IdentityProvider;
use rolecall_signin::saml::response::SubjectFrom;
use rolecall_signin::time::{UnixMillis, UnixSeconds};
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

    /// Who speaks: the address that this server asks and sends secrets to, or the entity id in uploaded metadata. A
    /// provider's keys and certificates may change, and it is still the same.
    #[must_use]
    pub fn speaker(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Oidc(oidc) => Some(Cow::Borrowed(&oidc.discovery_url)),
            Self::OpenShift(openshift) => Some(Cow::Borrowed(&openshift.base_url)),
            Self::Saml(SamlSettings { metadata: MetadataSource::Url { url }, .. }) => Some(Cow::Borrowed(url)),
            Self::Saml(SamlSettings { metadata: MetadataSource::File { xml, .. }, .. }) => {
                // Also of metadata that has expired.
                let read = IdentityProvider::from_metadata(xml.as_bytes(), UnixSeconds(i64::MIN));
                read.ok().map(|metadata| Cow::Owned(metadata.entity_id))
            }
            Self::Saml(SamlSettings { metadata: MetadataSource::StoredFile, .. }) => None,
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
    /// The attribute that names the person; `None`: the NameID.
    #[serde(default)]
    pub subject_attribute: Option<String>,
    /// Whether a sign-in may begin at the provider.
    #[serde(default)]
    pub idp_initiated: bool,
}

/// Settings of SAML 2.0 that a change keeps where it does not name them.
#[derive(Debug, Default)]
pub struct MoreOfSaml {
    /// The attribute that names the person; `Some(None)` for the NameID.
    pub subject_attribute: Option<Option<String>>,
    /// Whether a sign-in may begin at the provider.
    pub idp_initiated: Option<bool>,
}

impl Settings {
    /// The same, with what is given, or else with what was stored.
    ///
    /// # Errors
    /// `Invalid` when a stored file is to be kept, and there is none.
    pub fn with_more(mut self, more: MoreOfSaml, stored: Option<&Self>) -> Result<Self> {
        if let Self::Saml(settings) = &mut self {
            let stored = match stored {
                Some(Self::Saml(stored)) => Some(stored),
                _ => None,
            };
            if settings.metadata == MetadataSource::StoredFile {
                let file = stored.map(|stored| &stored.metadata).filter(|it| matches!(it, MetadataSource::File { .. }));
                settings.metadata = file.cloned().ok_or_else(|| {
                    Error::invalid("samlData.metadataXmlFile: missing; it is the text of the provider's metadata")
                })?;
            }
            let subject = more.subject_attribute;
            settings.subject_attribute =
                subject.unwrap_or_else(|| stored.and_then(|stored| stored.subject_attribute.clone()));
            settings.idp_initiated = more.idp_initiated.unwrap_or(stored.is_some_and(|stored| stored.idp_initiated));
        }
        Ok(self)
    }
}

impl SamlSettings {
    /// What names the person.
    #[must_use]
    pub fn subject(&self) -> SubjectFrom {
        self.subject_attribute.clone().map_or(SubjectFrom::NameId, SubjectFrom::Attribute)
    }
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
    /// The file that is stored: in requests alone.
    StoredFile,
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
