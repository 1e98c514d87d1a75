//! Back-channel logout tokens.

use rolecall_signin::oidc::Algorithm;
use rolecall_signin::oidc::logout_token::{Expected, LogoutToken, LogoutTokenError, verify};
use rolecall_signin::time::UnixSeconds;
use serde_json::json;

use crate::signer::token;
use crate::vectors::Tokens;

fn verified(tokens: &Tokens, token: &str) -> Result<LogoutToken, LogoutTokenError> {
    let expected = Expected { issuer: &tokens.issuer, client_id: &tokens.client_id, algorithms: &Algorithm::ALL };
    verify(token, &tokens.keys(), &expected, tokens.now)
}

#[test]
fn logout_tokens_are_accepted() {
    let tokens = Tokens::of_logouts();
    let read = |name: &str| {
        let case = tokens.accepted.iter().find(|case| case.name == name).unwrap();
        verified(&tokens, &case.token).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    for case in &tokens.accepted {
        read(&case.name);
    }
    assert_eq!(
        read("person and session"),
        LogoutToken {
            issuer: tokens.issuer.clone(),
            subject: Some("7d1f".to_owned()),
            session_id: Some("08a5".to_owned()),
            id: "b1c2".to_owned(),
            issued_at: UnixSeconds(tokens.now.0 - 5),
            remember_until: UnixSeconds(tokens.now.0 + 355),
        }
    );
    assert_eq!(read("the person alone").session_id, None);
    assert_eq!(read("the session alone").subject, None);
}

#[test]
fn others_are_refused() {
    let tokens = Tokens::of_logouts();
    assert!(tokens.refused.len() > 15);
    for case in &tokens.refused {
        let refused = verified(&tokens, &case.token).expect_err(&case.name);
        assert_eq!(refused.code(), case.code, "{}: {refused}", case.name);
        assert!(!refused.wants_fresh_keys());
    }
    assert_eq!(verified(&tokens, &token(&json!({"x": "x".repeat(20_000)}))).unwrap_err().code(), "token-too-long");
}

#[test]
fn no_id_token_is_a_logout_token() {
    let people = Tokens::of_people();
    for case in &people.accepted {
        let refused = verified(&people, &case.token).expect_err(&case.name);
        assert_eq!(refused, LogoutTokenError::NotLogout, "{}", case.name);
    }
}
