//! The server's public URL.

use std::fmt;
use std::str::FromStr;

use axum::http::Uri;

use super::refused;

/// An http or https URL without a path: an origin, in the form that browsers send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// The URL of this machine at a port, the default.
    #[must_use]
    pub fn localhost(port: u16, tls: bool) -> Self {
        let scheme = if tls { Scheme::Https } else { Scheme::Http };
        Self::of(scheme, "localhost", Some(port))
    }

    fn of(scheme: Scheme, host: &str, port: Option<u16>) -> Self {
        // INVARIANT: the scheme's default port is left out, as browsers do, so that it compares equal to `Origin`.
        let port = port.filter(|port| *port != scheme.port()).map(|port| format!(":{port}")).unwrap_or_default();
        Self(format!("{}://{}{port}", scheme.as_str(), host.to_ascii_lowercase()))
    }

    /// The URL, without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether browsers use TLS, so that cookies are for TLS only.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Debug, Clone, Copy)]
enum Scheme {
    Http,
    Https,
}

impl Scheme {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    const fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let what =
            "an http:// or https:// address with a host, perhaps a port, and no path (https://rolecall.example.com)";
        origin(text).ok_or_else(|| refused(text, what))
    }
}

fn origin(text: &str) -> Option<PublicUrl> {
    if text.contains(['#', '?', '@']) {
        return None;
    }
    let uri: Uri = text.parse().ok()?;
    let scheme = match uri.scheme_str() {
        Some("http") => Scheme::Http,
        Some("https") => Scheme::Https,
        _ => return None,
    };
    let authority = uri.authority()?;
    let port = authority.port().map(|port| port.as_str().parse::<u16>()).transpose().ok()?;
    // `port` is `None` for an invalid number too: then something follows the host all the same.
    let whole = port.is_some() || authority.as_str() == authority.host();
    if authority.host().is_empty() || !whole || port == Some(0) || uri.path() != "/" {
        return None;
    }
    Some(PublicUrl::of(scheme, authority.host(), port))
}

#[cfg(test)]
mod tests {
    use super::PublicUrl;

    #[test]
    fn the_form_is_that_of_an_origin() {
        for (text, origin) in [
            ("http://localhost:8080", "http://localhost:8080"),
            ("https://Roles.Example.com/", "https://roles.example.com"),
            ("https://roles.example.com:443", "https://roles.example.com"),
            ("http://roles.example.com:443", "http://roles.example.com:443"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert_eq!(text.parse::<PublicUrl>().unwrap().as_str(), origin);
        }
    }

    #[test]
    fn nothing_but_scheme_host_and_port() {
        for text in [
            "",
            "localhost:8080",
            "ftp://example.com",
            "http://",
            "http://x/roles",
            "http://x?y",
            "http://x/#y",
            "http://me:hush@x",
            "http://x:0",
            "http://x:",
            "http://x:99999",
            "http://:80",
            "http://a b",
        ] {
            assert!(text.parse::<PublicUrl>().is_err(), "{text}");
        }
    }
}
