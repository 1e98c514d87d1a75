//! Protection against requests that another site makes a browser send.

use std::net::IpAddr;

use axum::http::uri::Authority;
use axum::http::{HeaderMap, header};
use rolecall_core::{Error, Result};

use crate::config::PublicUrl;

/// Refuses a request that may come from a page of another site.
///
/// Browsers send `Origin` with every unsafe request (Fetch standard, section 3.2) and `Sec-Fetch-Site` on trustworthy
/// sites. A request with neither, or with a foreign one, is refused.
///
/// # Errors
/// `Forbidden`.
pub fn ensure_same(headers: &HeaderMap, public_url: &PublicUrl) -> Result<()> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let same = match (text("origin"), text("sec-fetch-site")) {
        (_, Some("same-origin")) => true,
        (_, Some(_)) => false,
        (Some(origin), None) => {
            origin.eq_ignore_ascii_case(public_url.as_str()) || is_addressed(origin, headers, public_url)
        }
        (None, None) => false,
    };
    if same {
        return Ok(());
    }
    Err(Error::forbidden(format!(
        "this request was sent by a page of another site, not by one of {}; scripts use an access token instead of a cookie; \
         an administrator sets the address of this site with --public-url",
        public_url
    ))
    .with_reason("foreign-origin"))
}

/// Refuses a request that a browser sent for a page of another site. Clients other than browsers send neither header.
///
/// Otherwise any page could send wrong passwords from its visitor's address, and use up the attempts of that address.
///
/// # Errors
/// `Forbidden`.
pub fn ensure_not_foreign(headers: &HeaderMap, public_url: &PublicUrl) -> Result<()> {
    let is_browser = ["origin", "sec-fetch-site"].iter().any(|name| headers.contains_key(*name));
    if is_browser { ensure_same(headers, public_url) } else { Ok(()) }
}

/// Whether the origin is the host of the request and an address of this machine's own: an IP address or `localhost`, so
/// that a server also works under those beside `--public-url`.
///
/// INVARIANT: no other name counts. A page of another site can let its own name lead to this server's address (DNS
/// rebinding), and then is its host's origin.
fn is_addressed(origin: &str, headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    let scheme = if public_url.is_secure() { "https://" } else { "http://" };
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    origin
        .strip_prefix(scheme)
        .zip(host)
        .is_some_and(|(origin, host)| origin.eq_ignore_ascii_case(host) && is_address(host))
}

/// Whether a host, which may have a port, is an IP address or `localhost`.
fn is_address(host: &str) -> bool {
    let name = Authority::try_from(host).ok();
    let name = name.as_ref().map(|authority| authority.host().trim_matches(['[', ']']));
    name.is_some_and(|name| name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_ours(host: &'static str, origin: &str) -> bool {
        let headers = [(header::HOST, host), (header::ORIGIN, origin)];
        let headers = headers.map(|(name, value)| (name, value.parse().unwrap())).into_iter().collect();
        ensure_same(&headers, &PublicUrl::localhost(8080, false)).is_ok()
    }

    #[test]
    fn a_name_that_another_site_lets_lead_here_is_not_ours() {
        for own in ["127.0.0.1:8080", "LOCALHOST:9000", "[::1]:8080", "10.1.2.3"] {
            assert!(is_ours(own, &format!("http://{own}")), "{own}");
            assert!(!is_ours(own, &format!("https://{own}")), "{own} by another scheme");
            assert!(!is_ours(own, "http://evil.example"), "{own} from another page");
        }
        for foreign in ["evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "[::1", ""] {
            assert!(!is_ours(foreign, &format!("http://{foreign}")), "{foreign}");
        }
        assert!(
            is_ours("anything", PublicUrl::localhost(8080, false).as_str()),
            "the public URL is ours, whatever the host"
        );
    }
}
