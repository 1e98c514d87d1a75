//! Who a user is at their identity provider.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ProviderId;
use crate::error::{Error, Result};
use crate::text::quoted;

/// Maximum characters of an issuer or subject. OpenID Connect allows 255 of a subject, SAML names are longer.
const MOST: usize = 1024;

/// A person at an identity provider: the provider, who speaks there, and whom it means. Never an email, which a provider
/// may give to someone else later. Both names are compared exactly.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Binding {
    provider: ProviderId,
    issuer: Arc<str>,
    subject: Arc<str>,
}

impl Binding {
    /// The person whom that issuer calls `subject`, at that provider.
    ///
    /// # Errors
    /// `Invalid` when a name is empty, has more than 1024 characters, or contains control characters.
    pub fn new(provider: ProviderId, issuer: &str, subject: &str) -> Result<Self> {
        Ok(Self { provider, issuer: checked("issuer", issuer)?, subject: checked("subject", subject)? })
    }

    /// The provider.
    #[must_use]
    pub const fn provider(&self) -> ProviderId {
        self.provider
    }

    /// Who speaks: the `iss` of an ID token, the entity id of a SAML provider, the address of a cluster.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whom it means: the `sub` of an ID token, the NameID of an assertion, the uid of an OpenShift user.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }
}

fn checked(field: &str, text: &str) -> Result<Arc<str>> {
    let length = text.chars().count();
    if !(1..=MOST).contains(&length) {
        return Err(Error::invalid(format!("{field}: it has {length} characters; 1 to {MOST} are accepted")));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(format!("{field}: {} contains a control character", quoted(text))));
    }
    Ok(text.into())
}
