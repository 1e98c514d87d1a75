//! Discovery documents: what is refused, and what the administrator reads.

use proptest::prelude::*;
use rolecall_signin::oidc::discovery::{ClientAuthentication, DiscoveryError, Provider, address_of};
use rolecall_signin::oidc::{Algorithm, LoopbackHttp};
use serde_json::{Value, json};

const FROM: &str = "https://sso.example.com/realms/acme/.well-known/openid-configuration";

fn document() -> Value {
    json!({
        "issuer": "https://sso.example.com/realms/acme",
        "authorization_endpoint": "https://sso.example.com/auth",
        "token_endpoint": "https://sso.example.com/token",
        "jwks_uri": "https://sso.example.com/keys"
    })
}

fn with(member: &str, value: Value) -> Result<Provider, DiscoveryError> {
    let mut document = document();
    document[member] = value;
    read(&document, FROM)
}

fn read(document: &Value, from: &str) -> Result<Provider, DiscoveryError> {
    Provider::read(document.to_string().as_bytes(), from, LoopbackHttp::Refused)
}

#[test]
fn a_short_document_means_the_defaults_of_the_specification() {
    assert_eq!(
        read(&document(), FROM).unwrap(),
        Provider {
            issuer: "https://sso.example.com/realms/acme".to_owned(),
            authorization_endpoint: "https://sso.example.com/auth".to_owned(),
            token_endpoint: "https://sso.example.com/token".to_owned(),
            jwks_uri: "https://sso.example.com/keys".to_owned(),
            userinfo_endpoint: None,
            end_session_endpoint: None,
            algorithms: vec![Algorithm::Rs256],
            client_authentication: ClientAuthentication::Basic,
            announces_pkce: false,
            sends_issuer: false,
            backchannel_logout: false,
            backchannel_logout_session: false,
        }
    );
}

#[test]
fn the_issuer_is_the_address_that_was_read() {
    for issuer in [
        "https://evil.example",
        "https://sso.example.com/realms/ACME",
        "https://sso.example.com/realms/acme//",
        "https://sso.example.com/realms/acme/.well-known",
        "https://sso.example.com/realms/acme?x=/.well-known/openid-configuration",
    ] {
        assert_eq!(with("issuer", json!(issuer)).unwrap_err().code(), "discovery-other-issuer", "{issuer}");
    }
    // The slash at the end belongs to the issuer, and not to the address (section 4.1).
    assert_eq!(with("issuer", json!("https://sso.example.com/realms/acme/")).unwrap().issuer.chars().last(), Some('/'));

    let refused = with("issuer", json!("https://sts.windows.net/2c0f/")).unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!(
            "the document at {FROM:?} belongs to the issuer \"https://sts.windows.net/2c0f/\"; if that is your provider, enter \
             the address \"https://sts.windows.net/2c0f/.well-known/openid-configuration\""
        )
    );
    assert_eq!(address_of("https://a/b/"), "https://a/b/.well-known/openid-configuration");
}

#[test]
fn a_document_for_all_tenants_is_refused_with_the_way_out() {
    let mut common = document();
    common["issuer"] = json!("https://login.microsoftonline.com/{tenantid}/v2.0");
    let from = "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration";
    let refused = read(&common, from).unwrap_err();
    assert_eq!(refused.code(), "discovery-tenant-template");
    assert!(refused.to_string().contains("enter the address of your tenant"), "{refused}");
}

#[test]
fn addresses_are_https() {
    for member in
        ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint", "issuer"]
    {
        for bad in [
            "http://sso.example.com/x",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "/token",
            "",
            "https://a@b/",
            "https://a/#x",
            "https://a/ b",
        ] {
            let refused = with(member, json!(bad)).unwrap_err();
            assert_eq!(refused.code(), "discovery-address", "{member} {bad}");
            assert!(refused.to_string().starts_with(&format!("{member} {bad:?} is refused: it ")), "{refused}");
        }
        assert_eq!(with(member, json!(7)).unwrap_err().code(), "discovery-member-kind");
    }
    for member in ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"] {
        assert_eq!(with(member, Value::Null).unwrap_err(), DiscoveryError::Missing(member));
    }
    for bad in ["http://sso.example.com/.well-known/openid-configuration", "sso.example.com", ""] {
        assert_eq!(read(&document(), bad).unwrap_err().code(), "discovery-address", "{bad}");
    }
    assert_eq!(
        read(&document(), "https://authhost/openid-configuration").unwrap_err().code(),
        "discovery-not-well-known"
    );
}

#[test]
fn a_provider_on_this_machine_may_be_allowed() {
    let local = json!({
        "issuer": "http://localhost:8080/realms/a",
        "authorization_endpoint": "http://localhost:8080/auth",
        "token_endpoint": "http://127.0.0.1:8080/token",
        "jwks_uri": "http://[::1]:8080/keys"
    });
    let from = "http://localhost:8080/realms/a/.well-known/openid-configuration";
    assert_eq!(read(&local, from).unwrap_err().code(), "discovery-address");
    assert!(Provider::read(local.to_string().as_bytes(), from, LoopbackHttp::Allowed).is_ok());
    let mut remote = local;
    remote["token_endpoint"] = json!("http://sso.example.com/token");
    assert!(Provider::read(remote.to_string().as_bytes(), from, LoopbackHttp::Allowed).is_err());
}

#[test]
fn a_provider_that_cannot_sign_in_here_says_what_it_lacks() {
    for (member, value, code) in [
        ("response_types_supported", json!(["id_token"]), "discovery-unsupported"),
        ("response_modes_supported", json!(["form_post"]), "discovery-unsupported"),
        ("token_endpoint_auth_methods_supported", json!(["private_key_jwt"]), "discovery-unsupported"),
        ("token_endpoint_auth_methods_supported", json!([]), "discovery-unsupported"),
        ("code_challenge_methods_supported", json!(["plain"]), "discovery-unsupported"),
        ("id_token_signing_alg_values_supported", json!(["HS256", "none", "ES512"]), "discovery-algorithms"),
        ("id_token_signing_alg_values_supported", json!("RS256"), "discovery-member-kind"),
        ("id_token_signing_alg_values_supported", json!(["RS256", 1]), "discovery-member-kind"),
        ("require_pushed_authorization_requests", json!(true), "discovery-pushed-requests"),
        ("authorization_response_iss_parameter_supported", json!("yes"), "discovery-member-kind"),
    ] {
        assert_eq!(with(member, value.clone()).unwrap_err().code(), code, "{member} {value}");
    }
    assert_eq!(
        with("token_endpoint_auth_methods_supported", json!(["client_secret_post"])).unwrap().client_authentication,
        ClientAuthentication::Post
    );
    let refused = with("token_endpoint_auth_methods_supported", json!(["private_key_jwt"])).unwrap_err();
    assert!(refused.to_string().contains("client_secret_basic or client_secret_post"), "{refused}");
    assert!(refused.to_string().contains("\"private_key_jwt\""), "{refused}");
}

#[test]
fn what_is_no_document_is_refused() {
    let text = |document: &str| Provider::read(document.as_bytes(), FROM, LoopbackHttp::Refused).unwrap_err();
    assert_eq!(text("<html>").code(), "discovery-not-json");
    assert_eq!(text("[]").code(), "discovery-not-json");
    assert_eq!(text(&" ".repeat(200_000)).code(), "discovery-too-long");
    let twice = document().to_string().replacen('{', r#"{"issuer":"https://evil.example","#, 1);
    assert_eq!(text(&twice).code(), "discovery-not-json");
}

proptest! {
    #[test]
    fn no_document_panics(member in "(issuer|jwks_uri|token_endpoint|response_types_supported)", text: String, bytes: Vec<u8>) {
        for value in [json!(text), json!([text]), json!({"a": text})] {
            if let Err(error) = with(&member, value) {
                prop_assert!(error.to_string().chars().count() < 1000);
            }
        }
        prop_assert!(Provider::read(&bytes, FROM, LoopbackHttp::Refused).is_err());
        prop_assert!(read(&document(), &text).is_err());
    }
}
