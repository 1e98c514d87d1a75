//! Whole sign-ins in the shapes of real providers: discovery, keys, ID token, userinfo, person.

use std::collections::BTreeMap;

use rolecall_signin::mapping::{Groups, Mappers, NoGroups, Received, Verified, map};
use rolecall_signin::oidc::discovery::{ClientAuthentication, Provider};
use rolecall_signin::oidc::id_token::{Expected, verify};
use rolecall_signin::oidc::keys::KeySet;
use rolecall_signin::oidc::userinfo::Userinfo;
use rolecall_signin::oidc::{Algorithm, LoopbackHttp};
use rolecall_signin::secret::Secret;
use rolecall_signin::time::UnixSeconds;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Providers {
    now: UnixSeconds,
    nonce: Secret,
    access_token: Secret,
    providers: BTreeMap<String, Shape>,
}

#[derive(Deserialize)]
struct Shape {
    read_from: String,
    discovery: Value,
    client: String,
    jwks: Value,
    id_token: Secret,
    userinfo: Option<Value>,
    mappers: Mappers,
    read: Person,
}

#[derive(Deserialize)]
struct Person {
    subject: String,
    session: Option<String>,
    email: String,
    verified: String,
    groups: Value,
    first: Option<String>,
    last: Option<String>,
}

fn vectors() -> Providers {
    serde_json::from_str(include_str!("vectors/providers.json")).unwrap()
}

fn discovered(shape: &Shape) -> Provider {
    Provider::read(shape.discovery.to_string().as_bytes(), &shape.read_from, LoopbackHttp::Refused).unwrap()
}

#[test]
fn each_provider_signs_a_person_in() {
    let vectors = vectors();
    assert_eq!(vectors.providers.len(), 7);
    for (name, shape) in &vectors.providers {
        let provider = discovered(shape);
        let keys = KeySet::read(shape.jwks.to_string().as_bytes()).unwrap();
        let expected = Expected {
            issuer: &provider.issuer,
            client_id: &shape.client,
            algorithms: &provider.algorithms,
            nonce: &vectors.nonce,
            access_token: Some(&vectors.access_token),
        };
        let mut token =
            verify(&shape.id_token, &keys, &expected, vectors.now).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(token.subject, shape.read.subject, "{name}");
        assert_eq!(token.session_id, shape.read.session, "{name}");

        if let Some(userinfo) = &shape.userinfo {
            Userinfo::read(userinfo.to_string().as_bytes(), &token).unwrap().fill(&mut token);
        }
        let person = map(Received::Claims(&token.claims), &shape.mappers).unwrap();
        assert_eq!(person.email.as_deref(), Some(shape.read.email.as_str()), "{name}");
        let verified = match shape.read.verified.as_str() {
            "Yes" => Verified::Yes,
            "No" => Verified::No,
            _ => Verified::Absent,
        };
        assert_eq!(person.email_verified, verified, "{name}");
        assert_eq!((&person.first_name, &person.last_name), (&shape.read.first, &shape.read.last), "{name}");
        match (&person.groups, &shape.read.groups) {
            (Groups::Absent { why: NoGroups::Missing { .. } }, Value::Null) => {}
            (Groups::Absent { why: NoGroups::Overage { .. } }, Value::String(_)) => {}
            (Groups::Present(names), expected) => assert_eq!(&Value::from(names.as_slice()), expected, "{name}"),
            other => panic!("{name}: {other:?}"),
        }
        assert!(person.warnings.is_empty(), "{name}: {:?}", person.warnings);
    }
}

#[test]
fn no_provider_signs_in_for_another() {
    let vectors = vectors();
    for (name, shape) in &vectors.providers {
        let provider = discovered(shape);
        let keys = KeySet::read(shape.jwks.to_string().as_bytes()).unwrap();
        for (other, theirs) in &vectors.providers {
            let issuer = discovered(theirs).issuer;
            let expected = Expected {
                issuer: &issuer,
                client_id: &theirs.client,
                algorithms: &provider.algorithms,
                nonce: &vectors.nonce,
                access_token: None,
            };
            // All of them sign with the same test key, so that only the claims tell them apart.
            let result = verify(&shape.id_token, &keys, &expected, vectors.now);
            assert_eq!(result.is_ok(), issuer == provider.issuer, "{name} as {other}");
        }
    }
}

#[test]
fn what_providers_say_of_themselves() {
    let vectors = vectors();
    let read = |name: &str| discovered(&vectors.providers[name]);

    let keycloak = read("keycloak");
    assert_eq!(keycloak.algorithms.len(), Algorithm::ALL.len());
    assert_eq!(keycloak.client_authentication, ClientAuthentication::Basic);
    assert!(keycloak.announces_pkce && keycloak.sends_issuer);
    assert!(keycloak.backchannel_logout && keycloak.backchannel_logout_session);

    let entra = read("entra");
    assert_eq!(entra.algorithms, [Algorithm::Rs256]);
    assert!(!entra.announces_pkce && !entra.sends_issuer && !entra.backchannel_logout);

    assert_eq!(read("auth0").issuer, "https://acme.eu.auth0.com/");
    assert_eq!(read("auth0").algorithms, [Algorithm::Ps256, Algorithm::Rs256]);
    assert_eq!(read("google").end_session_endpoint, None);
    assert_eq!(read("adfs").issuer, "https://adfs.example.com/adfs");
}
