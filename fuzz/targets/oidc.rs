//! Any bytes as each message of a sign-in with OpenID Connect: nothing panics, no refusal is long, and what is accepted
//! is what a lenient reader finds.
//!
//! The first byte of an input chooses the message. ID tokens and logout tokens are signed here, so that the search gets
//! past the signature; in `1` and `3` a byte 0xFF separates header and payload.
#![no_main]

use std::fmt::Display;
use std::sync::LazyLock;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::{Corpus, fuzz_target};
use rolecall_signin::mapping::{Groups, MAX_GROUPS, MandatoryClaim, Mappers, Received, map};
use rolecall_signin::oidc::discovery::Provider;
use rolecall_signin::oidc::flow::Callback;
use rolecall_signin::oidc::keys::KeySet;
use rolecall_signin::oidc::token_answer::TokenAnswer;
use rolecall_signin::oidc::unverified;
use rolecall_signin::oidc::userinfo::Userinfo;
use rolecall_signin::oidc::{Algorithm, LoopbackHttp, id_token, logout_token};
use rolecall_signin::secret::Secret;
use rolecall_signin::time::UnixSeconds;
use serde_json::{Value, json};

const NOW: UnixSeconds = UnixSeconds(1_790_000_000);
const ISSUER: &str = "https://i";
const HEADER: &[u8] = br#"{"alg":"EdDSA","kid":"k"}"#;

static KEY: LazyLock<Ed25519KeyPair> =
    LazyLock::new(|| Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("a seed of 32 bytes"));

static KEYS: LazyLock<KeySet> = LazyLock::new(|| {
    let x = URL_SAFE_NO_PAD.encode(KEY.public_key());
    let set = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "k", "x": x}]});
    KeySet::read(set.to_string().as_bytes()).expect("a key set")
});

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((message, rest)) = data.split_first() else { return Corpus::Reject };
    let (header, payload) = match rest.iter().position(|byte| *byte == 0xFF) {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (HEADER, rest),
    };
    match message {
        b'0' => person(&signed(HEADER, rest), rest),
        b'1' => person(&signed(header, payload), payload),
        b'2' => logout(&signed(HEADER, rest), rest),
        b'3' => logout(&signed(header, payload), payload),
        b'4' => {
            // Without the key nobody makes a token.
            let text = String::from_utf8_lossy(rest);
            assert!(verified(&text).is_err());
        }
        b'5' => {
            let from = "https://i/.well-known/openid-configuration";
            if let Some(provider) = short(Provider::read(rest, from, LoopbackHttp::Refused)) {
                assert!(provider.issuer == "https://i" || provider.issuer == "https://i/");
                assert!(provider.token_endpoint.starts_with("https://") && provider.jwks_uri.starts_with("https://"));
                assert!(!provider.algorithms.is_empty());
            }
        }
        b'6' => drop(short(KeySet::read(rest))),
        b'7' => {
            let text = String::from_utf8_lossy(rest);
            drop(short(Callback::read(&text)));
            drop(short(unverified::claims(&text)));
        }
        b'8' => drop(short(TokenAnswer::read(200, rest))),
        b'9' => {
            let claims = json!({"iss": ISSUER, "aud": "c", "sub": "s", "iat": NOW.0, "exp": NOW.0 + 60, "nonce": "n", "email": "a@b"});
            let mut token = verified(&signed(HEADER, claims.to_string().as_bytes())).expect("a good token");
            if let Some(userinfo) = short(Userinfo::read(rest, &token)) {
                userinfo.fill(&mut token);
                let kept = claims
                    .as_object()
                    .expect("an object")
                    .iter()
                    .all(|(name, own)| token.claims.get(name) == Some(own));
                assert!(kept, "userinfo replaced a claim of the token");
            }
        }
        _ => return Corpus::Reject,
    }
    Corpus::Keep
});

fn signed(header: &[u8], payload: &[u8]) -> String {
    let mut token = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let signature = KEY.sign(token.as_bytes());
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    token
}

fn verified(token: &str) -> Result<id_token::IdToken, id_token::IdTokenError> {
    let nonce = Secret::from("n");
    let expected = id_token::Expected {
        issuer: ISSUER,
        client_id: "c",
        algorithms: &Algorithm::ALL,
        nonce: &nonce,
        access_token: None,
    };
    id_token::verify(&Secret::from(token), &KEYS, &expected, NOW)
}

fn person(token: &str, payload: &[u8]) {
    let Some(read) = short(verified(token)) else { return };
    let claims: Value = serde_json::from_slice(payload).expect("JSON");
    assert_eq!(claims, Value::Object(read.claims.clone()));
    assert!(claims["iss"] == ISSUER && claims["nonce"] == "n" && claims["sub"] == read.subject.as_str());
    assert!(claims["aud"] == "c" || claims["aud"].as_array().expect("a list").contains(&json!("c")));
    assert!(claims["exp"].as_f64().expect("a number") > 1_790_000_000.0 - 60.0);
    assert!(claims["iat"].as_f64().expect("a number") < 1_790_000_000.0 + 61.0);

    let mappers = Mappers { groups: "a.b".to_owned(), ..Mappers::default() };
    for mappers in [Mappers::default(), mappers] {
        if let Some(person) = short(map(Received::Claims(&read.claims), &mappers)) {
            if let Groups::Present(names) = &person.groups {
                assert!(names.len() <= MAX_GROUPS && !names.iter().any(|name| name.is_empty()));
            }
            person.warnings.iter().for_each(is_short);
        }
    }
    let mandatory = MandatoryClaim { claim: "a.b".to_owned(), values: vec!["v".to_owned()] };
    let _ = short(mandatory.check(Received::Claims(&read.claims)));
}

fn logout(token: &str, payload: &[u8]) {
    let expected = logout_token::Expected { issuer: ISSUER, client_id: "c", algorithms: &Algorithm::ALL };
    let Some(read) = short(logout_token::verify(token, &KEYS, &expected, NOW)) else { return };
    assert!(read.subject.is_some() || read.session_id.is_some());
    let claims: Value = serde_json::from_slice(payload).expect("JSON");
    assert!(claims.get("nonce").is_none() && claims["jti"] == read.id.as_str());
    assert!(verified(token).is_err(), "a logout token is no ID token");
}

/// The result; a refusal is short, whatever was sent.
fn short<T, E: Display>(result: Result<T, E>) -> Option<T> {
    result.inspect_err(|error| is_short(error)).ok()
}

fn is_short(message: &impl Display) {
    let message = message.to_string();
    assert!(message.chars().count() < 3000 && !message.contains(char::is_control), "{message}");
}
