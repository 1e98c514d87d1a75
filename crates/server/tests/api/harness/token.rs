//! Access tokens: read as a relying party does, and forged as an attacker would.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::server::signing_key;

/// An access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token(pub String);

/// The tokens of a user for a client.
#[derive(Debug, Clone)]
pub struct Tokens {
    pub access: Token,
    pub refresh: String,
}

impl Tokens {
    /// From a response of `/api/v1/token`.
    #[track_caller]
    pub fn of(answer: &Value) -> Self {
        let text = |name: &str| answer[name].as_str().unwrap_or_else(|| panic!("no {name} in {answer}")).to_owned();
        Self { access: Token(text("accessToken")), refresh: text("refreshToken") }
    }
}

/// The claims of a token.
pub fn claims(token: &Token) -> Value {
    part(token, 1)
}

fn part(token: &Token, number: usize) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.0.split('.').nth(number).unwrap()).unwrap()).unwrap()
}

/// The token with other claims and the original signature.
pub fn forged(token: &Token, change: impl FnOnce(&mut Value)) -> Token {
    let mut claims = claims(token);
    change(&mut claims);
    let parts: Vec<_> = token.0.split('.').collect();
    Token(format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(claims.to_string()), parts[2]))
}

/// The token with other claims, signed with the server's own key.
pub fn resigned(token: &Token, change: impl FnOnce(&mut Value)) -> Token {
    let unsigned = forged(token, change).0;
    let (message, _) = unsigned.rsplit_once('.').unwrap();
    let key = RsaKeyPair::from_pkcs8(signing_key()).unwrap();
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
    Token(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
}
