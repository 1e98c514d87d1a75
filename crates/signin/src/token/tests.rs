//! Access tokens from signing to refusal, against tokens of another implementation and known attacks.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::fixture::{EXPIRES, Fixture, ISSUED, ISSUER, NOW, claims};
use super::signing::{KeyError, SignError, SigningKey};
use super::verifying::{TokenError, VerifyingKey, VerifyingKeys};
use super::*;

fn parts(token: &str) -> [&str; 3] {
    token.split('.').collect::<Vec<_>>().try_into().unwrap()
}

fn at(now: UnixSeconds) -> impl Fn(&str) -> Result<AccessClaims, TokenError> {
    let keys = Fixture::read().verifying_keys();
    move |token| keys.verify(token, now, ISSUER)
}

#[test]
fn what_is_signed_here_is_verified_here() {
    let key = SigningKey::generate().unwrap();
    let keys = VerifyingKeys::new(vec![key.verifying_key()]);
    let token = key.sign(&claims()).unwrap();

    assert_eq!(keys.verify(token.expose(), NOW, ISSUER), Ok(claims()));
}

#[test]
fn a_stored_key_is_the_same_key() {
    let fixture = Fixture::read();
    let key = fixture.signing_key();
    let again = SigningKey::from_pkcs8(&key.to_pkcs8().unwrap()).unwrap();

    assert_eq!(key.kid(), fixture.kid);
    assert_eq!(again.kid(), fixture.kid);
    assert_eq!(again.sign(&claims()).unwrap().expose(), key.sign(&claims()).unwrap().expose());
}

#[test]
fn what_is_no_key_is_refused() {
    assert_eq!(SigningKey::from_pkcs8(b"").unwrap_err(), KeyError::NotPkcs8);
    assert_eq!(SigningKey::from_pkcs8(&[0x30; 1200]).unwrap_err(), KeyError::NotPkcs8);
    assert_eq!(VerifyingKey::from_components(&[0xFF; 128], &[1, 0, 1]).unwrap_err(), KeyError::NotUsable);
    let almost = [&[0x7F][..], &[0xFF; 255]].concat();
    assert_eq!(VerifyingKey::from_components(&almost, &[1, 0, 1]).unwrap_err(), KeyError::NotUsable);
    assert_eq!(VerifyingKey::from_components(&[], &[]).unwrap_err(), KeyError::NotUsable);
}

#[test]
fn our_token_is_pyjwts_to_the_letter() {
    let fixture = Fixture::read();
    let ours = fixture.signing_key().sign(&claims()).unwrap();

    // RS256 is deterministic, so the signatures agree where header and payload do.
    assert_eq!(parts(ours.expose())[2], parts(&fixture.same_claims_signed_by_pyjwt)[2]);
    assert_eq!(ours.expose(), fixture.same_claims_signed_by_pyjwt);
}

#[test]
fn pyjwts_tokens_are_accepted() {
    let fixture = Fixture::read();
    let verify = at(NOW);

    assert_eq!(fixture.accepted.len(), 4);
    for (name, token) in &fixture.accepted {
        let read = verify(token).unwrap_or_else(|error| panic!("{name}: {error}"));
        if name == "service account" {
            assert_eq!((read.kind, read.groups.len()), (PrincipalKind::ServiceAccount, 0));
        } else {
            assert_eq!(read, claims(), "{name}");
        }
    }
}

#[test]
fn known_attacks_and_tokens_for_others_are_refused() {
    let fixture = Fixture::read();
    let verify = at(NOW);

    assert!(fixture.refused.len() > 25);
    for (name, (expected, token)) in &fixture.refused {
        let refused = verify(token).expect_err(name);
        let variant = format!("{refused:?}");
        assert_eq!(variant.split('(').next().unwrap(), expected, "{name}: {refused}");
    }
}

#[test]
fn a_token_ends_with_the_second_of_its_exp_and_starts_a_minute_before_its_iat() {
    let token = Fixture::read().signing_key().sign(&claims()).unwrap();
    let verify = |now: i64| at(UnixSeconds(now))(token.expose()).map(|_| ());

    assert_eq!(verify(EXPIRES.0 - 1), Ok(()));
    assert_eq!(verify(EXPIRES.0), Err(TokenError::Expired));
    assert_eq!(verify(ISSUED.0 - 60), Ok(()));
    assert_eq!(verify(ISSUED.0 - 61), Err(TokenError::NotYetValid));
    assert_eq!(verify(i64::MAX), Err(TokenError::Expired));
    assert_eq!(verify(i64::MIN), Err(TokenError::NotYetValid));
}

#[test]
fn not_a_single_character_of_a_token_may_be_changed() {
    let token = Fixture::read().signing_key().sign(&claims()).unwrap();
    let token = token.expose();
    let verify = at(NOW);
    for place in 0..token.len() {
        let mut changed = token.as_bytes().to_vec();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(verify(&changed).is_err(), "character {place}");
    }
    for other in
        [format!("{token}="), format!("{token} "), format!(" {token}"), format!("{token}."), format!("Bearer {token}")]
    {
        assert!(verify(&other).is_err(), "{other}");
    }
}

#[test]
fn a_payload_that_was_changed_or_taken_from_another_token_is_refused() {
    let key = Fixture::read().signing_key();
    let token = key.sign(&claims()).unwrap();
    let [header, payload, signature] = parts(token.expose());

    let mut admin: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    admin["sub"] = json!("admin@example.com");
    let admin = URL_SAFE_NO_PAD.encode(admin.to_string());
    assert_eq!(at(NOW)(&format!("{header}.{admin}.{signature}")), Err(TokenError::BadSignature));
    assert_eq!(at(NOW)(&format!("{header}.{payload}.")), Err(TokenError::BadSignature));
}

#[test]
fn naming_another_of_our_keys_does_not_help() {
    let [first, second] = [Fixture::read().signing_key(), SigningKey::generate().unwrap()];
    let keys = VerifyingKeys::new(vec![first.verifying_key(), second.verifying_key()]);
    let [of_first, of_second] = [&first, &second].map(|key| key.sign(&claims()).unwrap());
    assert_eq!(keys.verify(of_first.expose(), NOW, ISSUER), Ok(claims()));
    assert_eq!(keys.verify(of_second.expose(), NOW, ISSUER), Ok(claims()));

    let [_, payload, signature] = parts(of_first.expose());
    let swapped = format!("{}.{payload}.{signature}", parts(of_second.expose())[0]);
    assert_eq!(keys.verify(&swapped, NOW, ISSUER), Err(TokenError::BadSignature));

    let only_second = VerifyingKeys::new(vec![second.verifying_key()]);
    assert_eq!(only_second.verify(of_first.expose(), NOW, ISSUER), Err(TokenError::UnknownKey));
    assert_eq!(VerifyingKeys::default().verify(of_first.expose(), NOW, ISSUER), Err(TokenError::UnknownKey));
}

#[test]
fn enormous_and_empty_texts_are_refused() {
    let verify = at(NOW);
    let good = Fixture::read().signing_key().sign(&claims()).unwrap();
    for bad in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "a.b".to_owned(),
        "a.b.c.d".to_owned(),
        "é.é.é".to_owned(),
        ".".repeat(10_000_000),
        "x".repeat(10_000_000),
        format!("{}.{}", good.expose(), "A".repeat(MAX_TOKEN_BYTES)),
    ] {
        let refused = verify(&bad).unwrap_err();
        assert!(matches!(refused, TokenError::Malformed(_)), "{refused:?}");
    }
}

#[test]
fn more_groups_than_fit_are_an_error_when_signing() {
    let mut claims = claims();
    claims.groups = (0..1000).map(|n| format!("a group with a long name {n}")).collect();

    let error = Fixture::read().signing_key().sign(&claims).unwrap_err();
    assert_eq!(error, SignError::TooLong { subject: "ana@example.com".to_owned(), groups: 1000 });
    assert!(error.to_string().contains("ana@example.com"));
}

#[test]
fn the_published_keys_are_what_verifiers_read() {
    let fixture = Fixture::read();
    let jwks = serde_json::to_value(VerifyingKeys::new(vec![fixture.signing_key().verifying_key()]).jwks()).unwrap();

    assert_eq!(
        jwks,
        json!({"keys": [{
            "kty": "RSA", "use": "sig", "alg": "RS256",
            "kid": fixture.kid, "n": fixture.n, "e": "AQAB",
        }]})
    );
}

#[test]
fn debug_prints_stars() {
    let fixture = Fixture::read();
    let key = fixture.signing_key();
    assert_eq!(format!("{key:?}"), format!("SigningKey({}, ***)", fixture.kid));
    assert_eq!(format!("{:?}", key.sign(&claims()).unwrap()), "***");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// As the Run:ai Python client reads it: with the standard alphabet, whatever the names of the groups.
    #[test]
    fn any_group_names_reach_the_python_client(groups in prop::collection::vec(any::<String>(), 0..8)) {
        let fixture = Fixture::read();
        let claims = AccessClaims { groups, ..claims() };
        let token = fixture.signing_key().sign(&claims).unwrap();
        let payload = parts(token.expose())[1];

        prop_assert!(!payload.contains(['-', '_']));
        let json = STANDARD_NO_PAD.decode(payload).unwrap();
        prop_assert!(json.is_ascii());
        let read: Value = serde_json::from_slice(&json).unwrap();
        prop_assert_eq!(&read["groups"], &json!(claims.groups));
        prop_assert_eq!(&read["exp"], &json!(EXPIRES.0));
        prop_assert_eq!(fixture.verifying_keys().verify(token.expose(), NOW, ISSUER), Ok(claims));
    }

    #[test]
    fn no_text_is_accepted_or_upsets_the_reader(text in "[A-Za-z0-9_.{}=-]{0,200}", any: String) {
        let keys = Fixture::read().verifying_keys();
        prop_assert!(keys.verify(&text, NOW, ISSUER).is_err());
        prop_assert!(keys.verify(&any, NOW, ISSUER).is_err());
    }
}

#[test]
fn a_token_for_changing_a_password_has_an_audience_of_its_own() {
    let fixture = Fixture::read();
    let claims = AccessClaims { purpose: Purpose::PasswordChange, groups: Vec::new(), ..claims() };
    let token = fixture.signing_key().sign(&claims).unwrap();

    let payload = token.expose().split('.').nth(1).unwrap();
    let payload: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    assert_eq!(payload["aud"], "rolecall:password-change");
    assert_eq!(fixture.verifying_keys().verify(token.expose(), NOW, ISSUER).unwrap(), claims);
}
