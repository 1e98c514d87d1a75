//! Protection against requests that another site makes a browser send.

use axum::http::{HeaderMap, header};
use rolecall_core::{Error, Result};

use crate::app::Policy;

/// Refuses a request that may come from a page of another site.
///
/// Browsers send `Origin` with every unsafe request (Fetch standard, section 3.2) and `Sec-Fetch-Site` on trustworthy
/// sites. A request with neither, or with a foreign one, is refused.
///
/// # Errors
/// `Forbidden`.
pub fn ensure_same(headers: &HeaderMap, policy: &Policy) -> Result<()> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let same = match (text("origin"), text("sec-fetch-site")) {
        (_, Some("same-origin")) => true,
        (_, Some(_)) => false,
        (Some(origin), None) => {
            origin.eq_ignore_ascii_case(&policy.public_url) || is_addressed(origin, headers, policy)
        }
        (None, None) => false,
    };
    if same {
        return Ok(());
    }
    Err(Error::forbidden(format!(
        "this request was sent by a page of another site, not by one of {}; scripts use an access token instead of a cookie",
        policy.public_url
    ))
    .with_reason("foreign-origin"))
}

/// Refuses a request that a browser sent for a page of another site. Clients other than browsers send neither header.
///
/// Otherwise any page could send wrong passwords from its visitor's address, and use up the attempts of that address.
///
/// # Errors
/// `Forbidden`.
pub fn ensure_not_foreign(headers: &HeaderMap, policy: &Policy) -> Result<()> {
    let is_browser = ["origin", "sec-fetch-site"].iter().any(|name| headers.contains_key(*name));
    if is_browser { ensure_same(headers, policy) } else { Ok(()) }
}

/// Whether the origin is the host of the request, so that a server also works under addresses other than `--public-url`
/// (127.0.0.1 for localhost). A page of another site has another host.
fn is_addressed(origin: &str, headers: &HeaderMap, policy: &Policy) -> bool {
    let scheme = if policy.is_secure() { "https://" } else { "http://" };
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    origin.strip_prefix(scheme).zip(host).is_some_and(|(origin, host)| origin.eq_ignore_ascii_case(host))
}
