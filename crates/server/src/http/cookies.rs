//! The cookies of a browser (RFC 6265): its session, the device proof of an earlier sign-in, and a sign-in or sign-out with
//! an identity provider that is in progress.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite};
use rolecall_core::{Error, Result};

use crate::app::sessions::BrowserSession;
use crate::config::PublicUrl;

/// How long a browser is recognized after a sign-in.
const DEVICE_LIFE: Duration = Duration::from_secs(180 * 24 * 60 * 60);

/// How long a sign-in or sign-out with an identity provider may take.
const FLOW_LIFE: Duration = Duration::from_secs(10 * 60);

struct Names {
    session: &'static str,
    device: &'static str,
    flow: &'static str,
    sign_out: &'static str,
}

/// With TLS the `__Host-` prefix makes browsers accept the cookie from this host only.
fn names(public_url: &PublicUrl) -> Names {
    if public_url.is_secure() {
        Names {
            session: "__Host-rolecall_session",
            device: "__Host-rolecall_device",
            flow: "__Host-rolecall_sign_in",
            sign_out: "__Host-rolecall_sign_out",
        }
    } else {
        Names {
            session: "rolecall_session",
            device: "rolecall_device",
            flow: "rolecall_sign_in",
            sign_out: "rolecall_sign_out",
        }
    }
}

/// The session secret from a browser.
#[must_use]
pub fn session(headers: &HeaderMap, public_url: &PublicUrl) -> Option<String> {
    find(headers, names(public_url).session)
}

/// The device proof from a browser.
#[must_use]
pub fn device(headers: &HeaderMap, public_url: &PublicUrl) -> Option<String> {
    find(headers, names(public_url).device)
}

/// The sign-in in progress of a browser.
#[must_use]
pub fn flow(headers: &HeaderMap, public_url: &PublicUrl) -> Option<String> {
    find(headers, names(public_url).flow)
}

/// The sign-out in progress of a browser.
#[must_use]
pub fn sign_out(headers: &HeaderMap, public_url: &PublicUrl) -> Option<String> {
    find(headers, names(public_url).sign_out)
}

fn find(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = lines.flat_map(Cookie::split_parse).flatten();
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

/// Sets the cookies of a session and, after a sign-in with a password, of the device, inaccessible to scripts.
///
/// # Errors
/// `Internal` when a value is not valid in a header; ours are.
pub fn keep(headers: &mut HeaderMap, public_url: &PublicUrl, session: &BrowserSession, life: Duration) -> Result<()> {
    // Lax, so that a link from a chat opens a page signed in; an origin check protects changes.
    append(headers, public_url, names(public_url).session, session.secret.expose(), life)?;
    match &session.device_proof {
        Some(proof) => append(headers, public_url, names(public_url).device, proof, DEVICE_LIFE),
        None => Ok(()),
    }
}

/// Deletes the session cookie. The device proof stays.
///
/// # Errors
/// As for [`keep`].
pub fn forget_session(headers: &mut HeaderMap, public_url: &PublicUrl) -> Result<()> {
    append(headers, public_url, names(public_url).session, "", Duration::ZERO)
}

/// Sets the cookie of a sign-in in progress.
///
/// # Errors
/// As for [`keep`].
pub fn keep_flow(headers: &mut HeaderMap, public_url: &PublicUrl, flow: &str) -> Result<()> {
    // Lax, since the answer comes by a link of another site.
    append(headers, public_url, names(public_url).flow, flow, FLOW_LIFE)
}

/// Deletes the cookie of a sign-in in progress: its answer is used once.
///
/// # Errors
/// As for [`keep`].
pub fn forget_flow(headers: &mut HeaderMap, public_url: &PublicUrl) -> Result<()> {
    append(headers, public_url, names(public_url).flow, "", Duration::ZERO)
}

/// Sets the cookie of a sign-out in progress.
///
/// # Errors
/// As for [`keep`].
pub fn keep_sign_out(headers: &mut HeaderMap, public_url: &PublicUrl, sign_out: &str) -> Result<()> {
    append(headers, public_url, names(public_url).sign_out, sign_out, FLOW_LIFE)
}

/// Deletes the cookie of a sign-out in progress.
///
/// # Errors
/// As for [`keep`].
pub fn forget_sign_out(headers: &mut HeaderMap, public_url: &PublicUrl) -> Result<()> {
    append(headers, public_url, names(public_url).sign_out, "", Duration::ZERO)
}

fn append(headers: &mut HeaderMap, public_url: &PublicUrl, name: &str, value: &str, life: Duration) -> Result<()> {
    let cookie = Cookie::build((name, value))
        .path("/")
        .max_age(life.try_into().map_err(Error::internal)?)
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(public_url.is_secure())
        .build();
    headers.append(header::SET_COOKIE, HeaderValue::from_str(&cookie.to_string()).map_err(Error::internal)?);
    Ok(())
}
