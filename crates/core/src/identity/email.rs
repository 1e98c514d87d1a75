//! Email addresses, which are the names of users.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::sync::Arc;

use idna::uts46::{AsciiDenyList, Hyphens, Uts46};
use serde::{Deserialize, Serialize};

use super::domain::{EmailDomain, ascii, is_domain};
use crate::error::{Error, Result};
use crate::text::quoted;

const LENGTH: std::ops::RangeInclusive<usize> = 5..=254;

/// An email address: a dot-atom (RFC 5321, section 4.1.2), `@`, and the name of an internet domain; ASCII, 5 to 254
/// characters, lower case. An internationalized domain is kept as punycode (UTS 46).
// INVARIANT: lower case and punycode, so that two spellings of one address are one user and one subject.
// INVARIANT: stored values, feeds and tokens are read with `known`, since earlier versions accepted more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Email(Arc<str>);

impl Email {
    /// Parses a new address, in any case and with its domain in any script.
    ///
    /// # Errors
    /// `Invalid`, with the field's name and what is wrong.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let refused = |what: &str| Err(Error::invalid(format!("{field}: {} {what}", quoted(text))));
        let length = |text: &str| {
            let count = text.chars().count();
            Error::invalid(format!("{field}: an email address has 5 to 254 characters; this one has {count}"))
        };
        // Punycode shortens a domain to a quarter at most.
        if text.len() > 4 * LENGTH.end() {
            return Err(length(text));
        }
        if text.contains(char::is_whitespace) {
            return refused("is not an email address: it contains a space");
        }
        let Some((local, domain)) = text.split_once('@') else {
            return refused("is not an email address such as ana@example.com");
        };
        if !is_dot_atom(local) {
            return refused(
                "is not an email address: the part before the @ may contain letters from a to z, digits, !#$%&'*+-/=?^_`{|}~ and single dots between them",
            );
        }
        let Some(domain) = ascii(domain).filter(|domain| is_domain(domain)) else {
            return refused("is not an email address: the part after the @ must be a domain name, such as example.com");
        };
        let address = format!("{local}@{domain}");
        if !LENGTH.contains(&address.len()) {
            return Err(length(&address));
        }
        Ok(Self(lower(&address)))
    }

    /// Parses an address that may exist already. It also accepts what earlier versions did, such as two dots in a row.
    ///
    /// # Errors
    /// `Invalid`, as for a new one.
    pub fn known(field: &str, text: &str) -> Result<Self> {
        if LENGTH.contains(&text.len()) && was_address(text) {
            return Ok(Self(lower(text)));
        }
        Self::parse(field, text)
    }

    /// A part of an address in its stored form, to search for it: labels in another script become punycode. Anything
    /// else stays as it is.
    #[must_use]
    pub fn part_as_kept(text: &str) -> Cow<'_, str> {
        if text.is_ascii() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(by_label(text, |label| ascii(label).filter(|_| !label.is_ascii()).map(Cow::into_owned)))
    }

    /// A text with its punycode labels in their own script, as people read them. Anything else stays as it is.
    #[must_use]
    pub fn readable(text: &str) -> Cow<'_, str> {
        let is_punycode = |label: &str| label.get(..4).is_some_and(|it| it.eq_ignore_ascii_case("xn--"));
        if !text.split(['.', '@']).any(is_punycode) {
            return Cow::Borrowed(text);
        }
        Cow::Owned(by_label(text, |label| {
            let read = Uts46::new().to_unicode(label.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast);
            is_punycode(label).then_some(read).filter(|(_, valid)| valid.is_ok()).map(|(label, _)| label.into_owned())
        }))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is an address of that domain itself; those of its subdomains are not.
    #[must_use]
    pub fn is_of(&self, domain: &EmailDomain) -> bool {
        self.0.rsplit_once('@').is_some_and(|(_, own)| own == domain.as_str())
    }
}

/// The text with those of its labels replaced for which there is another.
fn by_label(text: &str, other: impl Fn(&str) -> Option<String>) -> String {
    let labels = text.split_inclusive(['.', '@']).map(|label| {
        let name = label.trim_end_matches(['.', '@']);
        let end = label.strip_prefix(name).unwrap_or_default();
        other(name).map_or_else(|| label.to_owned(), |name| format!("{name}{end}"))
    });
    labels.collect()
}

fn lower(text: &str) -> Arc<str> {
    let upper = text.bytes().any(|byte| byte.is_ascii_uppercase());
    if upper { text.to_ascii_lowercase().into() } else { text.into() }
}

fn is_dot_atom(text: &str) -> bool {
    let in_atom = |it: u8| it.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&it);
    text.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(in_atom))
}

/// What earlier versions accepted: dots and hyphens anywhere.
fn was_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let Some((host, top)) = domain.rsplit_once('.') else { return false };
    let in_local = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'_' | b'%' | b'+' | b'-');
    let in_host = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'-');
    !local.is_empty()
        && local.bytes().all(in_local)
        && !host.is_empty()
        && host.bytes().all(in_host)
        && top.len() >= 2
        && top.bytes().all(|it| it.is_ascii_alphabetic())
}

impl Borrow<str> for Email {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Email {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        Self::known("email", &text)
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
