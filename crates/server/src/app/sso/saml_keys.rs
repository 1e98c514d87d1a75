//! This server's own keys for SAML, the same for all providers and replicas: it signs requests with the first, and
//! decrypts assertions with any.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rolecall_core::{Error, Result};
use rolecall_signin::saml::certificate::Certificate;
use rolecall_signin::saml::key::ServiceProviderKey;
use rolecall_signin::saml::self_signed;
use rolecall_signin::time::UnixSeconds;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::app::App;

/// The name of the keys in the database.
const NAME: &str = "saml-keys";
/// How long a certificate lasts. Providers that look at its dates would refuse requests after it, so it is long; keys are
/// replaced by an administrator's decision.
const LIFE_SECONDS: i64 = 10 * 365 * 24 * 60 * 60;

/// A key as it is stored, in JSON.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    /// The private key in PKCS #8, base64.
    key: &'a str,
    /// The certificate, base64.
    certificate: &'a str,
}

/// The keys. The first use on any replica makes the first one.
///
/// # Errors
/// When the database does not answer, or what it holds are no keys.
pub(super) async fn read(app: &App) -> Result<Vec<ServiceProviderKey>> {
    let now = app.clock.now();
    let text = app.vault.secret((&app.store, &app.random, now), NAME, async || made(app)).await?;
    let stored: Vec<Stored<'_>> = serde_json::from_slice(&text).map_err(Error::internal)?;
    stored.iter().map(parsed).collect()
}

fn made(app: &App) -> Result<Zeroizing<Vec<u8>>> {
    let now = UnixSeconds(app.clock.now().seconds());
    let end = UnixSeconds(now.0.saturating_add(LIFE_SECONDS));
    let host = app.policy.public_url.split("://").last().unwrap_or_default();
    let host = host.split([':', '/']).next().unwrap_or_default();
    let made = self_signed::generate(host, &app.random.bytes()?, now, end).map_err(Error::internal)?;
    let (key, certificate) = (Zeroizing::new(STANDARD.encode(&made.pkcs8)), made.certificate.base64());
    let stored = [Stored { key: &key, certificate: &certificate }];
    serde_json::to_vec(&stored).map(Zeroizing::new).map_err(Error::internal)
}

fn parsed(stored: &Stored<'_>) -> Result<ServiceProviderKey> {
    let key = Zeroizing::new(STANDARD.decode(stored.key).map_err(Error::internal)?);
    let certificate = Certificate::from_text(stored.certificate).map_err(Error::internal)?;
    ServiceProviderKey::new(&key, certificate).map_err(Error::internal)
}
