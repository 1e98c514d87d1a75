//! OpenShift's answers, in the shapes of its API.

use rolecall_signin::mapping::{Groups, Mappers, Received, Verified, map};
use rolecall_signin::oidc::LoopbackHttp;
use rolecall_signin::oidc::flow::{Client, RANDOM_BYTES, SignIn};
use rolecall_signin::oidc::openshift::{Cluster, Person, metadata_address, user_address};
use rolecall_signin::secret::Secret;
use rolecall_signin::time::UnixSeconds;
use serde_json::{Value, json};

const BASE: &str = "https://api.gpu.example.com:6443/";

fn document() -> Value {
    json!({ "issuer": "https://oauth-openshift.apps.gpu.example.com",
        "authorization_endpoint": "https://oauth-openshift.apps.gpu.example.com/oauth/authorize",
        "token_endpoint": "https://oauth-openshift.apps.gpu.example.com/oauth/token",
        "scopes_supported": ["user:check-access", "user:full", "user:info", "user:list-projects", "user:list-scoped-projects"],
        "response_types_supported": ["code", "token"], "grant_types_supported": ["authorization_code", "implicit"],
        "code_challenge_methods_supported": ["plain", "S256"] })
}

fn user(name: &str, groups: Value) -> Vec<u8> {
    let user = json!({ "kind": "User", "apiVersion": "user.openshift.io/v1",
        "metadata": { "name": name, "uid": "0c6f2a3b-2d5e-4d8a-9c1e-6f0a4f5b7c88", "resourceVersion": "29441",
            "creationTimestamp": "2026-02-11T08:15:00Z" },
        "fullName": "Ana Silva", "identities": ["ldap:Y249YW5h"], "groups": groups });
    user.to_string().into_bytes()
}

#[test]
fn a_cluster_says_where_its_oauth_server_is() {
    assert_eq!(metadata_address(BASE), "https://api.gpu.example.com:6443/.well-known/oauth-authorization-server");
    assert_eq!(user_address(BASE), "https://api.gpu.example.com:6443/apis/user.openshift.io/v1/users/~");
    let cluster = Cluster::read(document().to_string().as_bytes(), LoopbackHttp::Refused).unwrap();
    let sign_in = SignIn::begin("openshift-v4", "/", &[7; RANDOM_BYTES], UnixSeconds(0)).unwrap();
    let client = Client {
        id: "rolecall".to_owned(),
        secret: Secret::from("hush"),
        redirect_uri: "https://rolecall.example.com/sso/openshift-v4/callback".to_owned(),
        scopes: vec!["user:check-access user:info".to_owned()],
    };
    let address = cluster.authorization_address(&sign_in, &client);
    assert!(address.starts_with("https://oauth-openshift.apps.gpu.example.com/oauth/authorize?response_type=code&"));
    assert!(address.contains("&scope=user%3Ainfo%20user%3Acheck-access&"), "{address}");
    assert!(address.contains("&code_challenge_method=S256") && !address.contains("nonce"), "{address}");
}

#[test]
fn a_document_that_leads_elsewhere_is_refused() {
    for (change, code) in [
        (json!({ "token_endpoint": "http://oauth.example.com/token" }), "openshift-address"),
        (json!({ "authorization_endpoint": "javascript:alert(1)" }), "openshift-address"),
        (json!({ "token_endpoint": null }), "openshift-member-missing"),
        (json!({ "issuer": 7 }), "openshift-member-missing"),
    ] {
        let mut document = document();
        document.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let read = Cluster::read(document.to_string().as_bytes(), LoopbackHttp::Refused);
        assert_eq!(read.unwrap_err().code(), code, "{change}");
    }
    assert_eq!(Cluster::read(b"<html>", LoopbackHttp::Refused).unwrap_err().code(), "openshift-not-json");
}

#[test]
fn a_user_has_the_defaults_of_the_mappers() {
    let person = Person::read(&user("ana@example.org", json!(["researchers", "system:authenticated"]))).unwrap();
    assert_eq!(person.uid, "0c6f2a3b-2d5e-4d8a-9c1e-6f0a4f5b7c88");
    let mapped = map(Received::Claims(&person.claims), &Mappers::default()).unwrap();
    assert_eq!(mapped.email.as_deref(), Some("ana@example.org"));
    assert_eq!(mapped.email_verified, Verified::Absent);
    assert_eq!(mapped.groups, Groups::Present(vec!["researchers".to_owned()]));
    // The cluster leaves empty lists out.
    for none in [json!(null), json!([])] {
        let person = Person::read(&user("ana", none)).unwrap();
        let mapped = map(Received::Claims(&person.claims), &Mappers::default()).unwrap();
        assert_eq!((mapped.email, mapped.groups), (None, Groups::Present(vec![])));
    }
}

#[test]
fn who_is_no_user_of_the_cluster_is_refused() {
    for (answer, code) in [
        (json!({ "kind": "Status", "status": "Failure", "code": 401 }), "openshift-not-a-user"),
        (json!({ "kind": "User", "metadata": {} }), "openshift-member-missing"),
        (json!({ "kind": "User", "metadata": { "name": "kube:admin", "uid": "" } }), "openshift-user-without-uid"),
        (json!({ "kind": "User", "metadata": { "name": "kube:admin" } }), "openshift-user-without-uid"),
        (json!([]), "openshift-not-json"),
    ] {
        assert_eq!(Person::read(answer.to_string().as_bytes()).unwrap_err().code(), code, "{answer}");
    }
}
