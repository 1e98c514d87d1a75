//! Internet domains of email addresses.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::text::{quoted, unseen};

/// The maximum characters of a domain name (RFC 1035, section 2.3.4).
const LONGEST: usize = 253;

/// A domain that email addresses are in: at least two labels, in lower case and punycode, as [`super::Email`] keeps it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct EmailDomain(Arc<str>);

impl EmailDomain {
    /// Parses a domain, in any case and in any script.
    ///
    /// # Errors
    /// `Invalid`, with the field's name.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        // Punycode shortens a domain to a quarter at most.
        let domain = ascii(text).filter(|it| text.len() <= 4 * LONGEST && it.len() <= LONGEST && is_domain(it));
        match domain {
            Some(domain) => Ok(Self(domain.to_ascii_lowercase().into())),
            None => Err(Error::invalid(format!(
                "{field}: {} is not an email domain, such as example.com; without @ and *",
                quoted(text)
            ))),
        }
    }

    /// The domain.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for EmailDomain {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        Self::parse("domain", &text)
    }
}

impl fmt::Display for EmailDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The domain in ASCII, as DNS knows it.
pub(super) fn ascii(domain: &str) -> Option<Cow<'_, str>> {
    let plain = |label: &str| label.is_ascii() && !label.get(..4).is_some_and(|it| it.eq_ignore_ascii_case("xn--"));
    if domain.split('.').all(plain) {
        return Some(Cow::Borrowed(domain));
    }
    // UTS 46 drops some of these. The domain would get a second spelling that looks the same.
    if unseen(domain).is_some() {
        return None;
    }
    Uts46::new().to_ascii(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify).ok()
}

/// Whether it has at least two labels, and a last label that is not a number.
pub(super) fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let Some((_, top)) = domain.rsplit_once('.') else { return false };
    let is_top = top.len() >= 2 && top.bytes().all(|it| it.is_ascii_alphabetic());
    domain.split('.').all(is_label) && (is_top || top.to_ascii_lowercase().starts_with("xn--"))
}
