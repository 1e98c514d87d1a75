//! Signs any bytes with the keys of the vectors, for tokens that a test makes itself.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

/// A token with this header and payload, signed with RS256 and the key `rsa`.
pub fn signed(header: &[u8], payload: &[u8]) -> String {
    let keys: Value = serde_json::from_str(include_str!("vectors/keys.json")).unwrap();
    let key = KeyPair::from_pkcs8(&STANDARD.decode(keys["rsa"].as_str().unwrap()).unwrap()).unwrap();
    let mut token = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), token.as_bytes(), &mut signature).unwrap();
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    token
}

/// With the usual header.
pub fn token(payload: &Value) -> String {
    signed(br#"{"alg":"RS256","kid":"rsa"}"#, payload.to_string().as_bytes())
}
