//! The answers of the token endpoint and of the userinfo endpoint.

use proptest::prelude::*;
use rolecall_signin::oidc::id_token::{IdToken, verify};
use rolecall_signin::oidc::token_answer::{TokenAnswer, TokenAnswerError};
use rolecall_signin::oidc::userinfo::Userinfo;
use rolecall_signin::secret::Secret;
use serde_json::{Value, json};

use crate::signer::token;
use crate::vectors::Tokens;

fn answer(status: u16, body: &Value) -> Result<TokenAnswer, TokenAnswerError> {
    TokenAnswer::read(status, body.to_string().as_bytes())
}

#[test]
fn tokens_are_read() {
    let body = json!({"access_token": "a", "id_token": "b.c.d", "token_type": "bearer", "expires_in": 300, "refresh_token": "r", "scope": "openid"});
    let read = answer(200, &body).unwrap();
    assert_eq!(read.access_token.expose(), "a");
    assert_eq!(read.id_token().unwrap().expose(), "b.c.d");
    assert!(!format!("{read:?}").contains("b.c.d"));

    let openshift =
        answer(200, &json!({"access_token": "sha256~a", "token_type": "Bearer", "expires_in": 86400})).unwrap();
    assert_eq!(openshift.id_token().unwrap_err(), TokenAnswerError::NoIdToken);
}

#[test]
fn a_refusal_says_why_and_what_to_check() {
    let refused =
        answer(401, &json!({"error": "invalid_client", "error_description": "Invalid client\u{7} or secret"}))
            .unwrap_err();
    assert_eq!(refused.code(), "token-endpoint-refused");
    assert_eq!(
        refused.to_string(),
        "the identity provider's token endpoint refused: \"invalid_client\", \"Invalid client\\u{7} or secret\"; check the \
         client id and the client secret"
    );
    // Some providers answer errors with 200.
    assert_eq!(
        answer(200, &json!({"error": "invalid_grant", "access_token": "a"})).unwrap_err().code(),
        "code-refused"
    );
}

#[test]
fn other_answers_are_refused_without_repeating_a_token() {
    for (status, body, code) in [
        (500, json!({}), "token-endpoint-status"),
        (302, json!({"access_token": "secret", "token_type": "Bearer"}), "token-endpoint-status"),
        (200, json!({"access_token": "secret"}), "token-answer-token-type"),
        (200, json!({"access_token": "secret", "token_type": "DPoP"}), "token-answer-token-type"),
        (200, json!({"access_token": {"a": "secret"}, "token_type": "Bearer"}), "token-answer-member-kind"),
        (200, json!({"access_token": "a", "id_token": ["secret"], "token_type": "Bearer"}), "token-answer-member-kind"),
        (200, json!({"token_type": "Bearer", "id_token": "secret"}), "token-answer-member-missing"),
        (200, json!({"token_type": "Bearer", "access_token": ""}), "token-answer-member-missing"),
        (200, json!(["secret"]), "token-answer-not-json"),
        (200, json!({"x": "x".repeat(2_000_000)}), "token-answer-too-long"),
    ] {
        let refused = answer(status, &body).unwrap_err();
        assert_eq!(refused.code(), code, "{status}");
        assert!(!refused.to_string().contains("secret"), "{refused}");
    }
    let html = TokenAnswer::read(502, b"<html>Bad gateway</html>").unwrap_err();
    assert_eq!(html.code(), "token-answer-not-json");
    assert!(html.to_string().contains("status 502"), "{html}");
    let twice = br#"{"access_token":"a","access_token":"b","token_type":"Bearer"}"#;
    assert_eq!(TokenAnswer::read(200, twice).unwrap_err().code(), "token-answer-not-json");
}

fn id_token(more: &Value) -> IdToken {
    let tokens = Tokens::of_people();
    let (iat, exp) = (tokens.now.0, tokens.now.0 + 300);
    let mut claims = json!({
        "iss": tokens.issuer, "aud": tokens.client_id, "sub": "ana", "iat": iat, "exp": exp,
        "nonce": tokens.nonce.expose()
    });
    claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    verify(&Secret::from(token(&claims)), &tokens.keys(), &tokens.expected(), tokens.now).unwrap()
}

fn filled(own: &Value, received: Value) -> IdToken {
    let mut token = id_token(own);
    Userinfo::read(received.to_string().as_bytes(), &token).unwrap().fill(&mut token);
    token
}

#[test]
fn userinfo_fills_gaps_and_replaces_nothing() {
    let token = filled(
        &json!({"email": "ana@example.com", "groups": []}),
        json!({
            "sub": "ana", "email": "root@example.com", "groups": ["admins"], "given_name": "Ana", "sid": "x", "iss": "y",
            "aud": "z", "auth_time": 1, "amr": ["mfa"]
        }),
    );
    assert_eq!(token.claims["email"], "ana@example.com");
    assert_eq!(token.claims["groups"], json!([]));
    assert_eq!(token.claims["given_name"], "Ana");
    assert_eq!(token.claims["aud"], "rolecall");
    assert_eq!(token.claims["iss"], token.issuer.as_str());
    for only_of_the_token in ["sid", "auth_time", "amr"] {
        assert!(!token.claims.contains_key(only_of_the_token), "{only_of_the_token}");
    }
}

#[test]
fn an_email_is_verified_only_by_a_statement_about_it() {
    let other = filled(
        &json!({"email": "root@example.com"}),
        json!({"sub": "ana", "email": "ana@evil.example", "email_verified": true}),
    );
    assert!(!other.claims.contains_key("email_verified"));
    let nothing = filled(&json!({"email": "root@example.com"}), json!({"sub": "ana", "email_verified": true}));
    assert!(!nothing.claims.contains_key("email_verified"));
    let same = filled(
        &json!({"email": "ana@example.com"}),
        json!({"sub": "ana", "email": "ana@example.com", "email_verified": true}),
    );
    assert_eq!(same.claims["email_verified"], true);
    let both = filled(&json!({}), json!({"sub": "ana", "email": "ana@example.com", "email_verified": true}));
    assert_eq!(both.claims["email_verified"], true);
}

#[test]
fn userinfo_of_another_person_is_refused() {
    let token = id_token(&json!({}));
    for (body, code) in [
        (r#"{"sub":"bea","email":"bea@example.com"}"#, "userinfo-other-subject"),
        (r#"{"sub":"Ana"}"#, "userinfo-other-subject"),
        (r#"{"email":"ana@example.com"}"#, "userinfo-subject-missing"),
        (r#"{"sub":["ana"]}"#, "userinfo-subject-missing"),
        (r#"{"sub":"bea","sub":"ana"}"#, "userinfo-not-json"),
        ("[]", "userinfo-not-json"),
        ("<html>", "userinfo-not-json"),
        ("eyJhbGciOiJSUzI1NiJ9.e30.AAAA", "userinfo-signed"),
        (&format!(r#"{{"sub":"ana","x":"{}"}}"#, "x".repeat(600_000)), "userinfo-too-long"),
    ] {
        assert_eq!(Userinfo::read(body.as_bytes(), &token).unwrap_err().code(), code);
    }
}

proptest! {
    #[test]
    fn no_answer_panics(status: u16, body: Vec<u8>) {
        prop_assert!(TokenAnswer::read(status, &body).is_err());
        let token = id_token(&Value::Object(serde_json::Map::new()));
        prop_assert!(Userinfo::read(&body, &token).is_err());
    }
}
