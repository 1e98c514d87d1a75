//! Which emails an identity provider may assert.

use rolecall_core::identity::{Email, EmailDomain};
use rolecall_core::{Error, Result};
use rolecall_signin::mapping::Verified;
use serde::{Deserialize, Serialize};

/// Which emails an identity provider may assert: by default any that it says it verified.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Emails {
    domains: Vec<EmailDomain>,
    vouched: bool,
}

/// Why an email does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Its domain is not among those of the provider.
    Domain,
    /// The provider does not say that it verified it.
    Unverified,
}

impl Emails {
    /// Emails in these domains, or in any if there are none. `vouched`: an administrator vouches that each person has only
    /// their own email there, so `email_verified` does not count.
    ///
    /// # Errors
    /// `Invalid` for vouching without domains.
    pub fn new(mut domains: Vec<EmailDomain>, vouched: bool) -> Result<Self> {
        if vouched && domains.is_empty() {
            return Err(Error::invalid(
                "emailsVouchedFor: nobody can vouch for every domain; list the organization's own in emailDomains",
            ));
        }
        domains.sort();
        domains.dedup();
        Ok(Self { domains, vouched })
    }

    /// The domains; empty for any.
    #[must_use]
    pub fn domains(&self) -> &[EmailDomain] {
        &self.domains
    }

    /// Whether an administrator vouches for them.
    #[must_use]
    pub const fn vouched(&self) -> bool {
        self.vouched
    }

    /// The same domains, without vouching.
    #[must_use]
    pub fn without_vouching(&self) -> Self {
        Self { domains: self.domains.clone(), vouched: false }
    }

    /// Whether the email is in one of the domains, or may be in any.
    #[must_use]
    pub fn cover(&self, email: &Email) -> bool {
        self.domains.is_empty() || self.domains.iter().any(|domain| email.is_of(domain))
    }

    /// Refuses an email that the provider may not assert.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, email: &Email, verified: Verified) -> std::result::Result<(), Doubt> {
        if !self.cover(email) {
            return Err(Doubt::Domain);
        }
        // INVARIANT: nobody vouches for every domain, whatever is stored.
        let vouched = self.vouched && !self.domains.is_empty();
        if vouched || verified == Verified::Yes { Ok(()) } else { Err(Doubt::Unverified) }
    }
}
