//! Key sets.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use rolecall_signin::oidc::id_token::verify;
use rolecall_signin::oidc::keys::{Ignored, KeySet};
use rolecall_signin::secret::Secret;
use serde_json::{Value, json};

use crate::vectors::{Tokens, key_set};

fn code(document: &Value) -> &'static str {
    KeySet::read(document.to_string().as_bytes()).unwrap_err().code()
}

#[test]
fn unknown_and_weak_keys_are_ignored_with_the_reason() {
    let keys = Tokens::of_people().keys();
    assert_eq!(keys.usable(), 5);
    let ignored: Vec<_> = keys.ignored().iter().map(ToString::to_string).collect();
    assert_eq!(
        ignored,
        [
            "key \"rsa-small\": it has 1024 bits; RSA keys of 2048 to 8192 bits are accepted",
            "key \"p521\": its kind (\"EC\", \"P-521\") is not used for signatures here",
            "key \"ed448\": its kind (\"OKP\", \"Ed448\") is not used for signatures here",
            "key \"encryption\": it is not meant for verifying signatures (`use` or `key_ops`)",
            "key \"symmetric\": its kind (\"oct\") is not used for signatures here",
            "key \"unknown\": its kind (\"future\") is not used for signatures here",
        ]
    );
}

#[test]
fn a_key_is_what_its_members_say() {
    let tokens = Tokens::of_people();
    let why = |id: &str, member: &str, value: Value| {
        let mut key = tokens.key(id);
        key[member] = value;
        let set = key_set(&[key, tokens.key("p384")]);
        set.ignored().first().map(|key| key.why.clone())
    };
    for (id, member, value) in [
        ("rsa", "n", json!("")),
        ("rsa", "n", json!("!!")),
        ("rsa", "n", json!(7)),
        ("rsa", "e", json!("")),
        ("rsa", "e", json!("AA")),
        ("rsa", "e", json!("AQ")),
        ("rsa", "e", json!("Ag")),
        ("rsa", "e", json!("AAAAAAE")),
        ("rsa", "e", json!("AQAAAAE")),
        ("rsa", "e", Value::Null),
        ("rsa", "alg", json!("ES256")),
        ("p256", "x", json!("AAAA")),
        ("p256", "y", tokens.key("p256")["x"].clone()),
        ("p256", "crv", json!("P-384")),
        ("p256", "alg", json!("RS256")),
        ("ed25519", "x", json!("AAAA")),
    ] {
        let why = why(id, member, value.clone());
        assert!(matches!(why, Some(Ignored::Invalid | Ignored::Size { .. })), "{id} {member} {value}: {why:?}");
    }
    assert_eq!(why("rsa", "use", json!("enc")), Some(Ignored::NotForSignatures));
    assert_eq!(why("rsa", "key_ops", json!(["encrypt"])), Some(Ignored::NotForSignatures));
    assert_eq!(why("rsa", "key_ops", json!(["verify"])), None);
    assert!(matches!(why("rsa", "alg", json!("RSA-OAEP")), Some(Ignored::Kind(_))));
    assert!(matches!(why("rsa", "alg", json!("HS256")), Some(Ignored::Kind(_))));
    assert!(matches!(why("rsa", "kty", json!("oct")), Some(Ignored::Kind(_))));
}

#[test]
fn the_sign_byte_of_a_modulus_is_tolerated() {
    let tokens = Tokens::of_people();
    let mut key = tokens.key("rsa");
    let n = URL_SAFE_NO_PAD.decode(key["n"].as_str().unwrap()).unwrap();
    key["n"] = json!(URL_SAFE_NO_PAD.encode([&[0], n.as_slice()].concat()));
    let token = Secret::from(tokens.accepted[0].token.as_str());
    assert!(verify(&token, &key_set(&[key]), &tokens.expected(), tokens.now).is_ok());
}

#[test]
fn a_set_has_limits() {
    let tokens = Tokens::of_people();
    let key = tokens.key("p256");
    assert_eq!(key_set(&vec![key.clone(); 100]).usable(), 100);
    assert_eq!(code(&json!({"keys": vec![key.clone(); 101]})), "key-set-too-many-keys");
    assert_eq!(code(&json!({"keys": [key], "x": "x".repeat(300_000)})), "key-set-too-long");
    let mut long = tokens.key("p256");
    long["kid"] = json!("k".repeat(513));
    assert_eq!(code(&json!({"keys": [long]})), "key-set-invalid-key-id");
    assert_eq!(code(&json!({"keys": [{"kid": 1}]})), "key-set-invalid-key-id");
}

#[test]
fn what_is_no_key_set_is_refused() {
    let tokens = Tokens::of_people();
    for (document, expected) in [
        (json!({}), "key-set-without-keys"),
        (json!([]), "key-set-without-keys"),
        (json!({"keys": {}}), "key-set-without-keys"),
        (json!({"keys": [1]}), "key-set-without-keys"),
        (json!({"keys": []}), "key-set-without-usable-key"),
        (json!({"keys": [tokens.key("rsa-small"), tokens.key("symmetric")]}), "key-set-without-usable-key"),
    ] {
        assert_eq!(code(&document), expected, "{document}");
    }
    for text in ["", "<html>", r#"{"keys":[],"keys":[]}"#, r#"{"keys":[{"kid":"a","kid":"b"}]}"#] {
        assert_eq!(KeySet::read(text.as_bytes()).unwrap_err().code(), "key-set-not-json", "{text}");
    }
    let weak = KeySet::read(json!({"keys": [tokens.key("rsa-small")]}).to_string().as_bytes()).unwrap_err();
    assert!(weak.to_string().contains("it has 1024 bits"), "{weak}");
}

proptest! {
    #[test]
    fn no_set_panics(kty in "(RSA|EC|OKP|oct|x)", crv in "(P-256|P-384|Ed25519|)", alg in "(RS256|ES256|EdDSA)?",
        n in prop::collection::vec(any::<u8>(), 0..600), e in prop::collection::vec(any::<u8>(), 0..40)) {
        let [n, e] = [n, e].map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
        let mut key = json!({"kty": kty, "crv": crv, "n": n, "e": e, "x": n, "y": e});
        if !alg.is_empty() {
            key["alg"] = json!(alg);
        }
        let _ = KeySet::read(json!({"keys": [key]}).to_string().as_bytes());
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        prop_assert!(KeySet::read(&bytes).is_err());
    }
}
