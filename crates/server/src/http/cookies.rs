//! The two cookies of a browser (RFC 6265): its session, and the device proof of an earlier sign-in.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use rolecall_core::{Error, Result};

use crate::app::Policy;

/// How long a browser is recognized after a sign-in.
const DEVICE_LIFE: Duration = Duration::from_secs(180 * 24 * 60 * 60);

/// With TLS the `__Host-` prefix makes browsers accept the cookie from this host only.
fn names(policy: &Policy) -> (&'static str, &'static str) {
    if policy.is_secure() {
        ("__Host-rolecall_session", "__Host-rolecall_device")
    } else {
        ("rolecall_session", "rolecall_device")
    }
}

/// The session secret from a browser.
#[must_use]
pub fn session(headers: &HeaderMap, policy: &Policy) -> Option<String> {
    find(headers, names(policy).0)
}

/// The device proof from a browser.
#[must_use]
pub fn device(headers: &HeaderMap, policy: &Policy) -> Option<String> {
    find(headers, names(policy).1)
}

fn find(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// Sets both cookies, inaccessible to scripts.
///
/// # Errors
/// `Internal` when a value is not valid in a header; ours are.
pub fn keep(headers: &mut HeaderMap, policy: &Policy, session: &str, device: &str, life: Duration) -> Result<()> {
    let (session_name, device_name) = names(policy);
    // Lax, so that a link from a chat opens a page signed in; an origin check protects changes.
    append(headers, policy, session_name, session, life)?;
    append(headers, policy, device_name, device, DEVICE_LIFE)
}

/// Deletes the session cookie. The device proof stays.
///
/// # Errors
/// As for [`keep`].
pub fn forget_session(headers: &mut HeaderMap, policy: &Policy) -> Result<()> {
    append(headers, policy, names(policy).0, "", Duration::ZERO)
}

fn append(headers: &mut HeaderMap, policy: &Policy, name: &str, value: &str, life: Duration) -> Result<()> {
    let secure = if policy.is_secure() { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}", life.as_secs());
    headers.append(header::SET_COOKIE, HeaderValue::from_str(&text).map_err(Error::internal)?);
    Ok(())
}
