//! Signing in with an OpenShift cluster.

use serde_json::{Value, json};

use crate::harness::{Answer, Provider, Server, on_both_databases, query};

on_both_databases!(
    a_user_of_the_cluster_comes_in_with_their_groups,
    who_is_no_user_of_the_cluster_stays_out,
    the_cluster_can_be_away_or_refuse_this_server,
);

const PATH: &str = "/sso/openshift-v4";

async fn cluster(server: &Server) -> Provider {
    let provider = Provider::start().await;
    let settings = json!({ "type": "openshift-v4", "ocpData": { "idpBaseUrl": format!("{}/", provider.issuer),
        "clientSecret": "hush-hush", "scopes": [] }, "emailDomains": ["example.org"], "emailsVouchedFor": true });
    server.post(&server.root, "/api/v1/idps", settings).await.created();
    provider
}

fn user(name: &str, uid: &str, groups: Value) -> Value {
    json!({ "kind": "User", "metadata": { "name": name, "uid": uid }, "groups": groups })
}

async fn sign_in(server: &Server, provider: &Provider, user: Value) -> Answer {
    let sent = server.begin_sign_in(PATH).await;
    assert_eq!(sent.asked["client_id"], "runai");
    assert_eq!(sent.asked["scope"], "user:info");
    assert_eq!(sent.asked["redirect_uri"], "http://localhost:8080/sso/openshift-v4/callback");
    provider.script(|script| script.userinfo = user);
    let back = query("/sso/openshift-v4/callback", &[("code", "abc"), ("state", &sent.asked["state"])]);
    server.ask("GET", &back).header("cookie", &sent.cookie).send().await
}

async fn a_user_of_the_cluster_comes_in_with_their_groups(server: Server) {
    let provider = cluster(&server).await;
    let offered = server.ask("GET", "/api/v1/session/providers").send().await.ok();
    assert_eq!(
        offered,
        json!([{ "name": "openshift-v4", "type": "openshift-v4", "address": PATH, "autoRedirect": false }])
    );
    let ana = user("ana@example.org", "uid-1", json!(["researchers", "system:authenticated"]));
    let session = sign_in(&server, &provider, ana).await.session();
    let known = server.ask("GET", "/api/v1/session").header("cookie", &session).send().await.ok();
    assert_eq!([&known["username"], &known["groups"]], [&json!("ana@example.org"), &json!(["researchers"])]);
    // The member of the cluster's own object does as well, and an absent list means none also there.
    let mappers = json!({ "groups": "groups" });
    server.ask("PUT", "/api/v1/idps/openshift-v4/mappers").by(&server.root).json(&mappers).send().await;
    let session = sign_in(&server, &provider, user("ana@example.org", "uid-1", json!(null))).await.session();
    let known = server.ask("GET", "/api/v1/session").header("cookie", &session).send().await.ok();
    assert_eq!(known["groups"], json!([]));
    // A cluster leaves an empty list out, and the same name may be another user later.
    sign_in(&server, &provider, user("ana@example.org", "uid-1", json!(null))).await.session();
    let another = user("ana@example.org", "uid-2", json!(null));
    assert_eq!(sign_in(&server, &provider, another).await.problem(), "email-of-another-person");
}

async fn who_is_no_user_of_the_cluster_stays_out(server: Server) {
    let provider = cluster(&server).await;
    let head = server.head().await;
    for (user, code) in [
        (user("kube:admin", "", json!(null)), "openshift-user-without-uid"),
        (user("ana", "uid-1", json!(null)), "email-missing"),
        (user("ana@example.com", "uid-1", json!(null)), "email-domain"),
        (json!({ "kind": "Status", "code": 401 }), "openshift-user-status"),
    ] {
        assert_eq!(sign_in(&server, &provider, user).await.problem(), code);
    }
    assert_eq!(server.head().await, head, "nobody appeared");
}

async fn the_cluster_can_be_away_or_refuse_this_server(server: Server) {
    let provider = cluster(&server).await;
    provider.script(|script| script.refuses = true);
    let ana = user("ana@example.org", "uid-1", json!(null));
    assert_eq!(sign_in(&server, &provider, ana).await.problem(), "token-endpoint-refused");
    let away = json!({ "type": "openshift-v4", "name": "away", "ocpData": { "idpBaseUrl": "http://127.0.0.1:1",
        "clientSecret": "hush-hush" } });
    server.post(&server.root, "/api/v1/idps", away).await.created();
    assert_eq!(server.ask("GET", "/sso/away").send().await.problem(), "provider-unreachable");
    // Neither way in leads into a provider of another kind.
    let posted = server.ask("POST", "/sso/openshift-v4/acs").form(&[("SAMLResponse", "x")]).send().await;
    assert_eq!(posted.problem(), "provider-kind");
}
