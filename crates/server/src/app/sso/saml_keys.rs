//! This server's own keys for SAML, the same for all providers and replicas: it signs requests with the first, and
//! decrypts assertions with any. Its metadata has the certificates of all, so providers know a key before it signs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rolecall_core::{Error, Result, Timestamp};
use rolecall_signin::saml::certificate::Certificate;
use rolecall_signin::saml::key::ServiceProviderKey;
use rolecall_signin::saml::self_signed;
use rolecall_signin::time::UnixSeconds;
use rolecall_store::Store;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize as _, Zeroizing};

use crate::app::{App, Vault, host};
use crate::random::Random;

/// The name of the keys in the database.
const NAME: &str = "saml-keys";
/// How long a certificate lasts. Providers that look at its dates would refuse requests after it, so it is long; an operator
/// replaces keys.
const LIFE_SECONDS: i64 = 10 * 365 * 24 * 60 * 60;
/// Maximum keys: one that signs, and one that is coming or going.
const MOST: usize = 2;

/// A key as it is stored, in JSON.
#[derive(Serialize, Deserialize)]
struct Stored {
    /// The private key in PKCS #8, base64.
    key: String,
    /// The certificate, base64.
    certificate: String,
}

impl Drop for Stored {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

/// What an operator can do with the keys, one step after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RollOver {
    /// Add a key. Providers learn its certificate from the metadata.
    Add,
    /// Sign with the added key.
    Switch,
    /// Remove the key that no longer signs.
    Remove,
}

/// A key, as operators see it.
#[derive(Debug)]
pub struct ShownKey {
    /// The SHA-256 of its certificate.
    pub fingerprint: String,
    /// When its certificate ends.
    pub ends_at: Timestamp,
}

/// The keys. The first use on any replica makes the first one.
///
/// # Errors
/// When the database does not answer, or what it holds are no keys.
pub(super) async fn read(app: &App) -> Result<Vec<ServiceProviderKey>> {
    let now = app.clock.now();
    let host = app.public_url.as_str().split("://").last().unwrap_or_default();
    let host = host.split([':', '/']).next().unwrap_or_default();
    let make = async || json(&[made(host, &app.random, now)?]);
    let text = app.vault.secret((&app.store, &app.random, now), NAME, make).await?;
    parsed(&text)?.iter().map(key).collect()
}

/// The keys in the database, the one that signs first; none before SAML was used.
///
/// # Errors
/// When the database does not answer, or they cannot be read.
pub async fn shown(store: &Store, vault: &Vault) -> Result<Vec<ShownKey>> {
    let Some(stored) = store.key(NAME).await? else { return Ok(Vec::new()) };
    let show = |stored: &Stored| {
        let certificate = Certificate::from_text(&stored.certificate).map_err(Error::internal)?;
        let ends_at = Timestamp::from_millis(certificate.not_after().0.saturating_mul(1000));
        Ok(ShownKey { fingerprint: certificate.fingerprint(), ends_at })
    };
    parsed(&vault.open(NAME, &stored)?)?.iter().map(show).collect()
}

/// Does one step of a roll-over.
///
/// # Errors
/// `Conflict` when it is not the time for that step, or when the keys were changed in this moment.
pub async fn roll_over(
    step: RollOver,
    (store, vault): (&Store, &Vault),
    random: &Random,
    now: Timestamp,
) -> Result<()> {
    let none = || Error::conflict("there are no SAML keys yet; servers make one when SAML is first used");
    let from = store.key(NAME).await?.ok_or_else(none)?;
    let mut keys = parsed(&vault.open(NAME, &from)?)?;
    match step {
        RollOver::Add if keys.len() >= MOST => {
            return Err(Error::conflict(
                "a second key is there already: sign with it (switch), or remove the one that does not sign (remove)",
            ));
        }
        RollOver::Add => keys.push(made("rolecall", random, now)?),
        RollOver::Switch | RollOver::Remove if keys.len() < MOST => {
            return Err(Error::conflict("there is one key only; add another one first (add)"));
        }
        RollOver::Switch => keys.rotate_left(1),
        RollOver::Remove => keys.truncate(1),
    }
    let to = vault.seal(NAME, &json(&keys)?, random)?;
    let request = host::facts("rolecall admin saml-keys", random)?;
    if store.change_key(NAME, (&from, &to), &request, now).await? {
        return Ok(());
    }
    Err(Error::conflict("the keys were changed in this moment; look at them, and try again"))
}

fn made(host: &str, random: &Random, now: Timestamp) -> Result<Stored> {
    let now = UnixSeconds(now.seconds());
    let end = UnixSeconds(now.0.saturating_add(LIFE_SECONDS));
    let made = self_signed::generate(host, &random.bytes()?, now, end).map_err(Error::internal)?;
    let key = STANDARD.encode(&made.pkcs8);
    Ok(Stored { key, certificate: made.certificate.base64() })
}

fn json(keys: &[Stored]) -> Result<Zeroizing<Vec<u8>>> {
    serde_json::to_vec(keys).map(Zeroizing::new).map_err(Error::internal)
}

fn parsed(text: &[u8]) -> Result<Vec<Stored>> {
    serde_json::from_slice(text).map_err(Error::internal)
}

fn key(stored: &Stored) -> Result<ServiceProviderKey> {
    let key = Zeroizing::new(STANDARD.decode(stored.key.as_bytes()).map_err(Error::internal)?);
    let certificate = Certificate::from_text(&stored.certificate).map_err(Error::internal)?;
    ServiceProviderKey::new(&key, certificate).map_err(Error::internal)
}
