//! The vectors, as `vectors/make.py` wrote them.

use rolecall_signin::oidc::Algorithm;
use rolecall_signin::oidc::id_token::Expected;
use rolecall_signin::oidc::keys::KeySet;
use rolecall_signin::secret::Secret;
use rolecall_signin::time::UnixSeconds;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub struct Tokens {
    pub now: UnixSeconds,
    pub issuer: String,
    pub client_id: String,
    pub nonce: Secret,
    pub access_token: Secret,
    jwks: Value,
    pub accepted: Vec<Accepted>,
    pub refused: Vec<Refused>,
}

#[derive(Deserialize)]
pub struct Accepted {
    pub name: String,
    pub token: String,
}

#[derive(Deserialize)]
pub struct Refused {
    pub name: String,
    pub code: String,
    pub token: String,
}

impl Tokens {
    pub fn of_people() -> Self {
        serde_json::from_str(include_str!("vectors/tokens.json")).unwrap()
    }

    pub fn of_logouts() -> Self {
        serde_json::from_str(include_str!("vectors/logout.json")).unwrap()
    }

    pub fn keys(&self) -> KeySet {
        KeySet::read(self.jwks.to_string().as_bytes()).unwrap()
    }

    pub fn key(&self, id: &str) -> Value {
        self.jwks["keys"].as_array().unwrap().iter().find(|key| key["kid"] == id).unwrap().clone()
    }

    pub fn expected(&self) -> Expected<'_> {
        Expected {
            issuer: &self.issuer,
            client_id: &self.client_id,
            algorithms: &Algorithm::ALL,
            nonce: &self.nonce,
            access_token: Some(&self.access_token),
        }
    }
}

/// A key set of these keys.
pub fn key_set(keys: &[Value]) -> KeySet {
    KeySet::read(serde_json::json!({ "keys": keys }).to_string().as_bytes()).unwrap()
}
