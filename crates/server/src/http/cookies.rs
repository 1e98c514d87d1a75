//! The two cookies of a browser (RFC 6265): its session, and the proof that its user has signed in from it before.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use rolecall_core::{Error, Result};

use crate::app::Policy;

/// How long a browser is recognised after a sign-in.
const DEVICE_LIFE: Duration = Duration::from_secs(180 * 24 * 60 * 60);

/// With TLS the `__Host-` prefix makes browsers refuse the cookie from anybody but this very host.
fn names(policy: &Policy) -> (&'static str, &'static str) {
    if policy.is_secure() {
        ("__Host-rolecall_session", "__Host-rolecall_device")
    } else {
        ("rolecall_session", "rolecall_device")
    }
}

/// The session's secret that a browser sent.
#[must_use]
pub fn session(headers: &HeaderMap, policy: &Policy) -> Option<String> {
    find(headers, names(policy).0)
}

/// The device proof that a browser sent.
#[must_use]
pub fn device(headers: &HeaderMap, policy: &Policy) -> Option<String> {
    find(headers, names(policy).1)
}

fn find(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// Tells the browser to keep both, out of reach of scripts.
///
/// # Errors
/// Internal when a value does not fit into a header, which ours do.
pub fn keep(headers: &mut HeaderMap, policy: &Policy, session: &str, device: &str, life: Duration) -> Result<()> {
    let (session_name, device_name) = names(policy);
    // Lax, so that a link from a chat to a page of ours arrives signed in; changes are guarded by their origin.
    append(headers, policy, session_name, session, life)?;
    append(headers, policy, device_name, device, DEVICE_LIFE)
}

/// Tells the browser to forget its session. It stays a known one.
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
