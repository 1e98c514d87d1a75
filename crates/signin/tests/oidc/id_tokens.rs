//! ID tokens: what is accepted, and each attack.

use proptest::prelude::*;
use rolecall_signin::oidc::id_token::{Expected, IdToken, IdTokenError, MAX_ID_TOKEN_BYTES, verify};
use rolecall_signin::oidc::keys::KeySet;
use rolecall_signin::oidc::{Algorithm, ClaimError};
use rolecall_signin::secret::Secret;
use rolecall_signin::time::UnixSeconds;
use serde_json::{Value, json};

use crate::signer::{signed, token};
use crate::vectors::{Tokens, key_set};

fn verified(tokens: &Tokens, token: &str) -> Result<IdToken, IdTokenError> {
    verify(&Secret::from(token), &tokens.keys(), &tokens.expected(), tokens.now)
}

fn good(tokens: &Tokens) -> &str {
    &tokens.accepted[0].token
}

fn claims(tokens: &Tokens) -> Value {
    let (iat, exp) = (tokens.now.0 - 10, tokens.now.0 + 290);
    json!({
        "iss": tokens.issuer, "aud": tokens.client_id, "sub": "ana", "iat": iat, "exp": exp,
        "nonce": tokens.nonce.expose()
    })
}

#[test]
fn tokens_of_other_implementations_are_accepted() {
    let tokens = Tokens::of_people();
    assert_eq!(tokens.accepted.len(), 24);
    for case in &tokens.accepted {
        let read = verified(&tokens, &case.token).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        assert_eq!(read.issuer, tokens.issuer);
        assert_eq!(read.claims["sub"], read.subject.as_str());
        assert_eq!(read.raw.expose(), case.token);
    }
}

#[test]
fn known_attacks_and_tokens_for_others_are_refused() {
    let tokens = Tokens::of_people();
    let keys = tokens.keys();
    assert!(tokens.refused.len() > 140, "{}", tokens.refused.len());
    let mut wrong = Vec::new();
    for case in &tokens.refused {
        let token = Secret::from(case.token.as_str());
        match verify(&token, &keys, &tokens.expected(), tokens.now) {
            Ok(_) => wrong.push(format!("{}: accepted", case.name)),
            Err(error) if error.code() != case.code => wrong.push(format!("{}: {} ({error})", case.name, error.code())),
            Err(error) => {
                let message = error.to_string();
                assert!(message.chars().count() < 500 && !message.contains(char::is_control), "{message}");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_algorithms_of_the_provider_are_accepted() {
    let tokens = Tokens::of_people();
    let keys = tokens.keys();
    for case in tokens.accepted.iter().take(10) {
        for algorithm in Algorithm::ALL {
            let allowed = [algorithm];
            let expected = Expected { algorithms: &allowed, ..tokens.expected() };
            let result = verify(&Secret::from(case.token.as_str()), &keys, &expected, tokens.now);
            let is_it = case.name.starts_with(algorithm.name());
            assert_eq!(result.is_ok(), is_it, "{} as {algorithm}", case.name);
        }
        let none = Expected { algorithms: &[], ..tokens.expected() };
        let refused = verify(&Secret::from(case.token.as_str()), &keys, &none, tokens.now).unwrap_err();
        assert_eq!(refused.code(), "token-algorithm");
    }
}

#[test]
fn a_fresh_key_set_is_wanted_only_where_it_could_help() {
    let tokens = Tokens::of_people();
    let with = |keys: &KeySet, token: &str| {
        verify(&Secret::from(token), keys, &tokens.expected(), tokens.now).unwrap_err().wants_fresh_keys()
    };
    // The provider signs with a new key.
    assert!(with(&key_set(&[tokens.key("rsa-other")]), good(&tokens)));
    // No key id, and the only key that fits is another one.
    let nameless = signed(br#"{"alg":"RS256"}"#, claims(&tokens).to_string().as_bytes());
    assert!(with(&key_set(&[tokens.key("rsa-other")]), &nameless));
    assert!(verify(&Secret::from(nameless), &key_set(&[tokens.key("rsa")]), &tokens.expected(), tokens.now).is_ok());

    for case in tokens.refused.iter().filter(|case| case.code != "token-unknown-key") {
        assert!(!with(&tokens.keys(), &case.token), "{}", case.name);
    }
}

#[test]
fn two_keys_with_one_id_are_told_apart_by_their_kind_alone() {
    let tokens = Tokens::of_people();
    let mut elliptic = tokens.key("p256");
    elliptic["kid"] = json!("rsa");
    let keys = key_set(&[elliptic, tokens.key("rsa")]);
    assert!(verify(&Secret::from(good(&tokens)), &keys, &tokens.expected(), tokens.now).is_ok());

    let mut other = tokens.key("rsa-other");
    other["kid"] = json!("rsa");
    let keys = key_set(&[other, tokens.key("rsa")]);
    let refused = verify(&Secret::from(good(&tokens)), &keys, &tokens.expected(), tokens.now).unwrap_err();
    assert_eq!(refused.code(), "token-several-keys");
}

#[test]
fn messages_name_values_and_the_way_out() {
    let tokens = Tokens::of_people();
    let message = |name: &str| {
        let case = tokens.refused.iter().find(|case| case.name == name).unwrap();
        verified(&tokens, &case.token).unwrap_err().to_string()
    };
    assert_eq!(
        message("expired a minute ago"),
        "the ID token is refused: it expired 60 seconds ago; sign in again, and if this repeats compare the clocks of this \
         server and of the provider"
    );
    assert!(message("issued in 61 seconds").contains("\"iat\" lies 61 seconds in the future"));
    assert!(message("valid in 61 seconds").contains("\"nbf\" lies 61 seconds in the future"));
    assert!(message("another audience").contains("made for \"other\", not for the client \"rolecall\""));
    assert!(message("another issuer").contains("issued by \"https://evil.example\", not by \"https://sso.example.com"));
    assert!(message("the key has 1024 bits").contains("it has 1024 bits; RSA keys of 2048 to 8192 bits"));
    assert!(message("kid is SQL").contains("\"x' UNION SELECT 'AAAA' -- \""));
    assert!(message("alg 'none' without signature").contains("algorithm \"none\"; accepted are RS256,"));
    assert!(message("the nonce of another sign-in").contains("another sign-in"));
    assert!(!message("the nonce of another sign-in").contains(tokens.nonce.expose()));
}

#[test]
fn differences_are_exact_at_the_ends_of_time() {
    let tokens = Tokens::of_people();
    let keys = tokens.keys();
    let at = |now: i64| verify(&Secret::from(good(&tokens)), &keys, &tokens.expected(), UnixSeconds(now)).map(|_| ());
    let (iat, exp) = (tokens.now.0 - 10, tokens.now.0 + 290);
    assert_eq!(at(iat - 60), Ok(()));
    assert_eq!(at(iat - 61), Err(ClaimError::Future { claim: "iat", seconds: 61 }.into()));
    assert_eq!(at(exp + 59), Ok(()));
    assert_eq!(at(exp + 60), Err(ClaimError::Expired { seconds: 60 }.into()));
    assert_eq!(at(i64::MAX).unwrap_err().code(), "token-expired");
    assert_eq!(at(i64::MIN).unwrap_err().code(), "token-in-the-future");
}

#[test]
fn the_limit_is_half_a_megabyte() {
    let tokens = Tokens::of_people();
    let mut payload = claims(&tokens);
    payload["groups"] = json!(vec!["g".repeat(90); 2000]);
    assert!(verified(&tokens, &token(&payload)).is_ok());
    payload["groups"] = json!(vec!["g".repeat(200); 2000]);
    let refused = verified(&tokens, &token(&payload)).unwrap_err();
    assert_eq!(refused.code(), "token-too-long");
    assert!(refused.to_string().contains(&MAX_ID_TOKEN_BYTES.to_string()));
    // The length is looked at before anything else.
    assert_eq!(verified(&tokens, &"a".repeat(10_000_000)).unwrap_err().code(), "token-too-long");

    let header = format!(r#"{{"alg":"RS256","kid":"rsa","x5c":["{}"]}}"#, "A".repeat(20_000));
    assert_eq!(verified(&tokens, &signed(header.as_bytes(), b"{}")).unwrap_err().code(), "token-malformed");
}

#[test]
fn the_access_token_is_compared_only_when_there_is_one() {
    let tokens = Tokens::of_people();
    let mut payload = claims(&tokens);
    payload["at_hash"] = json!("AAAAAAAAAAAAAAAAAAAAAA");
    let token = Secret::from(token(&payload));
    let without = Expected { access_token: None, ..tokens.expected() };
    assert!(verify(&token, &tokens.keys(), &without, tokens.now).is_ok());
    let refused = verify(&token, &tokens.keys(), &tokens.expected(), tokens.now).unwrap_err();
    assert_eq!(refused, IdTokenError::AccessTokenHash);
}

#[test]
fn not_a_single_character_of_a_token_may_be_changed() {
    let tokens = Tokens::of_people();
    let keys = tokens.keys();
    for number in [0, 3, 7, 8, 9] {
        let case = &tokens.accepted[number];
        // RSA keys are slow to verify many times; every seventh character reaches all parts.
        for place in (0..case.token.len()).step_by(7) {
            let mut changed = case.token.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = Secret::from(String::from_utf8(changed).unwrap());
            assert!(verify(&changed, &keys, &tokens.expected(), tokens.now).is_err(), "{}: {place}", case.name);
        }
    }
}

#[test]
fn nothing_secret_is_printed() {
    let tokens = Tokens::of_people();
    let read = verified(&tokens, good(&tokens)).unwrap();
    let printed = format!("{read:?} {:?}", tokens.expected());
    assert!(!printed.contains(good(&tokens)) && !printed.contains(tokens.access_token.expose()));
}

proptest! {
    #[test]
    fn no_text_panics(text: String, parts in prop::collection::vec("[A-Za-z0-9_=-]{0,60}", 0..7)) {
        let tokens = Tokens::of_people();
        prop_assert!(verified(&tokens, &text).is_err());
        prop_assert!(verified(&tokens, &parts.join(".")).is_err());
    }
}

proptest! {
    // Each case signs eight tokens with RSA.
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn no_signed_payload_panics(text in "\\PC{0,80}", name in "(iss|aud|azp|exp|iat|nbf|nonce|sub|sid|at_hash|auth_time|events)", number: f64, whole: i64) {
        let tokens = Tokens::of_people();
        for value in [json!(text), json!(number), json!(whole), json!([text]), json!({"a": text}), Value::Null] {
            let mut payload = claims(&tokens);
            payload[name.as_str()] = value;
            if let Err(error) = verified(&tokens, &token(&payload)) {
                prop_assert!(error.to_string().chars().count() < 500);
            }
        }
        let _ = verified(&tokens, &signed(br#"{"alg":"RS256","kid":"rsa"}"#, text.as_bytes()));
        let _ = verified(&tokens, &signed(text.as_bytes(), b"{}"));
    }
}
