//! Tokens made by PyJWT (`fixtures/access_tokens.py`), and the test key that signed them.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Deserialize;
use uuid::uuid;

use super::signing::SigningKey;
use super::verifying::{VerifyingKey, VerifyingKeys};
use super::{AccessClaims, PrincipalKind, Purpose};
use crate::time::UnixSeconds;

pub(super) const ISSUER: &str = "https://rolecall.example.com";
pub(super) const ISSUED: UnixSeconds = UnixSeconds(1_790_000_000);
pub(super) const NOW: UnixSeconds = UnixSeconds(ISSUED.0 + 10);
pub(super) const EXPIRES: UnixSeconds = UnixSeconds(ISSUED.0 + 3600);

#[derive(Deserialize)]
pub(super) struct Fixture {
    private_key_pkcs8: String,
    pub(super) kid: String,
    pub(super) n: String,
    pub(super) e: String,
    pub(super) same_claims_signed_by_pyjwt: String,
    pub(super) accepted: BTreeMap<String, String>,
    pub(super) refused: BTreeMap<String, (String, String)>,
}

impl Fixture {
    pub(super) fn read() -> Self {
        serde_json::from_str(include_str!("../../fixtures/access_tokens.json")).unwrap()
    }

    pub(super) fn signing_key(&self) -> SigningKey {
        SigningKey::from_pkcs8(&STANDARD.decode(&self.private_key_pkcs8).unwrap()).unwrap()
    }

    /// From the published components alone, as another verifier has them.
    pub(super) fn verifying_keys(&self) -> VerifyingKeys {
        let [n, e] = [&self.n, &self.e].map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
        VerifyingKeys::new(vec![VerifyingKey::from_components(&n, &e).unwrap()])
    }
}

pub(super) fn claims() -> AccessClaims {
    AccessClaims {
        purpose: Purpose::Api,
        issuer: ISSUER.to_owned(),
        subject: "ana@example.com".to_owned(),
        issued_at: ISSUED,
        expires_at: EXPIRES,
        session: uuid!("0b5f5f0e-9d3c-4c7e-8f43-3a4f6f6f0001"),
        identity: uuid!("0b5f5f0e-9d3c-4c7e-8f43-3a4f6f6f0002"),
        kind: PrincipalKind::User,
        groups: ["Research > Vision?", "Łódź", "🦒"].map(str::to_owned).to_vec(),
    }
}
