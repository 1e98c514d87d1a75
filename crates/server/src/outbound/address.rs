//! The address of another server, as an administrator writes it.

use std::fmt;

use axum::http::Uri;
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use tokio_rustls::rustls::pki_types::ServerName;

use super::OutboundError;

/// Maximum length of an address, in bytes.
const LONGEST: usize = 2048;

/// An absolute http or https URL without user information and fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    uri: Uri,
    host: String,
    port: u16,
    secure: bool,
}

impl Address {
    /// Parses an address; https where it has no scheme.
    ///
    /// # Errors
    /// `Invalid`, with the field's name and what is wrong.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let wrong = |what: &str| Error::invalid(format!("{field}: {} {what}", quoted(text)));
        if text.len() > LONGEST {
            return Err(Error::invalid(format!("{field}: an address has at most {LONGEST} characters")));
        }
        let not_one = "is not an address such as https://id.example.com/realms/main";
        if text.contains(['#', '\\']) || !text.chars().all(|it| it.is_ascii_graphic()) {
            return Err(wrong(not_one));
        }
        let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let uri: Uri = whole.parse().map_err(|_| wrong(not_one))?;
        let secure = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(wrong("is neither an https nor an http address")),
        };
        let authority = uri.authority().ok_or_else(|| wrong(not_one))?;
        if authority.as_str().contains('@') {
            return Err(wrong("contains a user name or password; remove it"));
        }
        let host = authority.host().to_ascii_lowercase();
        if host.is_empty() {
            return Err(wrong(not_one));
        }
        let port = match authority.port() {
            Some(port) => port.as_str().parse().ok().filter(|port| *port > 0).ok_or_else(|| wrong(not_one))?,
            // `http` reads a port that is too large as none.
            None if authority.as_str().len() > authority.host().len() => return Err(wrong(not_one)),
            None => {
                if secure {
                    443
                } else {
                    80
                }
            }
        };
        Ok(Self { uri, host, port, secure })
    }

    /// The host; an IPv6 address is in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The host without brackets.
    pub(super) fn bare_host(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    /// Whether it is https.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.secure
    }

    /// Host and port, as in the `Host` header.
    pub(super) fn authority(&self) -> &str {
        self.uri.authority().map_or(self.host.as_str(), |authority| authority.as_str())
    }

    /// Path and query.
    pub(super) fn path(&self) -> &str {
        self.uri.path_and_query().map_or("/", |path| path.as_str())
    }

    pub(super) fn server_name(&self) -> Result<ServerName<'static>, OutboundError> {
        let name = ServerName::try_from(self.bare_host().to_owned());
        name.map_err(|_| OutboundError::NoSuchHost { host: self.host.clone() })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.uri.fmt(f)
    }
}
