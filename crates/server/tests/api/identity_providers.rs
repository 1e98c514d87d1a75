//! Identity providers as Run:ai's clients manage them: their shapes, their secrets, and who may change them.

use serde_json::{Value, json};

use crate::harness::{Provider, ROOT, Server, TestScope, Token, on_both_databases};

on_both_databases!(
    the_sign_in_page_can_lead_to_one_provider_by_itself,
    an_oidc_provider_comes_changes_and_goes,
    a_saml_provider_is_what_its_metadata_says,
    an_openshift_provider_has_a_base_address,
    mappers_have_defaults_and_change_by_themselves,
    a_stored_secret_is_shown_to_nobody_and_can_be_kept,
    what_cannot_be_a_provider_is_refused_by_its_field,
    only_who_holds_everything_changes_a_provider,
    only_a_local_user_deletes_one,
    there_are_a_few_and_their_list_is_bounded,
);

const IDPS: &str = "/api/v1/idps";
const METADATA: &str = include_str!("../../../signin/tests/saml/vectors/metadata-keycloak.xml");

fn oidc() -> Value {
    json!({ "type": "oidc", "oidcData": { "clientId": "rolecall", "clientSecret": "hush-hush",
        "discoverDocumentUrl": "id.example.com/.well-known/openid-configuration", "scopes": ["profile", "groups email"],
        "mandatoryClaim": null } })
}

fn saml() -> Value {
    json!({ "type": "saml", "samlData": { "metadataXmlType": "file", "metadataXmlFile": METADATA, "metadataXmlUrl": "",
        "fileName": "keycloak.xml", "entityId": "" } })
}

async fn an_oidc_provider_comes_changes_and_goes(server: Server) {
    let root = &server.root;
    assert_eq!(server.post(root, IDPS, oidc()).await.created(), json!({ "alias": "oidc" }), "named as its type");
    let shown = json!({
        "alias": "oidc", "type": "oidc", "enabled": true, "redirectUri": "http://localhost:8080/sso/oidc/callback",
        "oidcData": { "clientId": "rolecall", "clientSecret": "*******", "mandatoryClaim": null,
            "discoverDocumentUrl": "https://id.example.com/.well-known/openid-configuration",
            "scopes": ["profile", "groups email"],
            "postLogoutRedirectUri": "http://localhost:8080/sso/oidc/signed-out",
            "backchannelLogoutUri": "http://localhost:8080/sso/oidc/backchannel-logout" },
        "samlData": null, "ocpData": null,
        "mappers": { "alias": "oidc", "groups": "GROUPS", "uid": "UID", "gid": "GID",
            "supplementaryGroups": "SUPPLEMENTARYGROUPS", "email": "email" },
        "emailDomains": [], "emailsVouchedFor": false, "groupsAbsent": "refuse", "groupsHeld": false });
    assert_eq!(server.get(root, "/api/v1/idps/oidc").await.ok(), shown);
    server.post(root, IDPS, oidc()).await.refused(409).names("already exists");
    let mut second = oidc();
    second["name"] = json!("backup");
    server.post(root, IDPS, second).await.created();
    let aliases = server.get(root, IDPS).await.ok();
    assert_eq!([&aliases[0]["alias"], &aliases[1]["alias"]], ["backup", "oidc"], "by name");
    assert_eq!(aliases[1], shown);

    let mut change = oidc();
    change["enabled"] = json!(false);
    change["emailDomains"] = json!(["example.org", "BÜCHER.example", "example.org"]);
    change["emailsVouchedFor"] = json!(true);
    change["oidcData"]["mandatoryClaim"] = json!({ "claim": "division", "values": ["research", "ops"] });
    server.put(root, "/api/v1/idps/oidc", change).await.done();
    let changed = server.get(root, "/api/v1/idps/oidc").await.ok();
    assert_eq!(changed["enabled"], false);
    assert_eq!(changed["emailDomains"], json!(["example.org", "xn--bcher-kva.example"]));
    assert_eq!(changed["emailsVouchedFor"], true);

    // Neither the secret nor the trust goes to another address.
    let mut moved = oidc();
    moved["oidcData"]["discoverDocumentUrl"] = json!("https://id.example.net");
    moved["oidcData"]["clientSecret"] = json!("*******");
    server.put(root, "/api/v1/idps/oidc", moved.clone()).await.refused(400).names("not sent to another address");
    moved["oidcData"]["clientSecret"] = json!("hush-hush");
    server.put(root, "/api/v1/idps/oidc", moved).await.done();
    let moved = server.get(root, "/api/v1/idps/oidc").await.ok();
    assert_eq!(moved["emailDomains"], changed["emailDomains"]);
    assert_eq!(moved["emailsVouchedFor"], false);
    assert_eq!(changed["oidcData"]["mandatoryClaim"]["values"], json!(["research", "ops"]));
    server.put(root, "/api/v1/idps/oidc", saml()).await.refused(400).names("does not change");

    // Of two who read the same one changes it.
    let tag = server.get(root, "/api/v1/idps/oidc").await.header("etag").unwrap().to_owned();
    let put = |tag: &str| server.ask("PUT", "/api/v1/idps/oidc").by(root).header("if-match", tag).json(&oidc()).send();
    let saved = put(&tag).await;
    saved.done();
    put(&tag).await.refused(412).names("read it again");
    put(saved.header("etag").unwrap()).await.done();

    let mut renamed = oidc();
    renamed["name"] = json!("other");
    server.put(root, "/api/v1/idps/oidc", renamed).await.refused(400).names("cannot be renamed");

    let deleted = server.delete(root, "/api/v1/idps/oidc").await;
    assert_eq!(deleted.status, 200, "{}", deleted.text());
    server.get(root, "/api/v1/idps/oidc").await.refused(404);
    server.delete(root, "/api/v1/idps/oidc").await.refused(404).names("no identity provider");
}

async fn a_saml_provider_is_what_its_metadata_says(server: Server) {
    let root = &server.root;
    server.post(root, IDPS, saml()).await.created();
    let shown = server.get(root, "/api/v1/idps/saml").await.ok();
    assert_eq!(shown["redirectUri"], "http://localhost:8080/sso/saml/acs");
    let data = &shown["samlData"];
    assert_eq!(data["entityId"], "https://idp.example.com/realms/main");
    assert_eq!(data["serviceProviderMetadataUrl"], "http://localhost:8080/sso/saml/metadata");
    assert_eq!(data["serviceProviderLogoutUrl"], "http://localhost:8080/sso/saml/slo");
    assert!(data["signingCertificate"].as_str().unwrap().starts_with("MII"), "{data}");
    assert!(data["singleSignOnServiceUrl"].as_str().unwrap().starts_with("https://idp.example.com/"), "{data}");

    // Vouching is about one provider: the same with other certificates, but no other one behind the same name.
    let mut vouched = saml();
    vouched["emailDomains"] = json!(["example.org"]);
    vouched["emailsVouchedFor"] = json!(true);
    server.put(root, "/api/v1/idps/saml", vouched).await.done();
    let mut renewed = saml();
    renewed["samlData"]["metadataXmlFile"] = json!(METADATA.replacen("</md:KeyDescriptor>", "</md:KeyDescriptor> ", 1));
    server.put(root, "/api/v1/idps/saml", renewed).await.done();
    assert_eq!(server.get(root, "/api/v1/idps/saml").await.ok()["emailsVouchedFor"], true);
    // A client that sends back what it read keeps the file.
    let read = server.get(root, "/api/v1/idps/saml").await.ok();
    let kept = json!({ "type": "saml", "samlData": { "metadataXmlType": "file" } });
    server.put(root, "/api/v1/idps/saml", kept.clone()).await.done();
    assert_eq!(server.get(root, "/api/v1/idps/saml").await.ok(), read);
    let mut fresh = kept;
    fresh["name"] = json!("fresh");
    server.post(root, IDPS, fresh).await.refused(400).names("metadataXmlFile");
    let mut other = saml();
    other["samlData"]["metadataXmlFile"] = json!(METADATA.replace("/realms/main", "/realms/other"));
    server.put(root, "/api/v1/idps/saml", other).await.done();
    assert_eq!(server.get(root, "/api/v1/idps/saml").await.ok()["emailsVouchedFor"], false);

    let by_address = json!({ "name": "by-address", "type": "saml", "samlData": { "metadataXmlType": "url",
        "metadataXmlUrl": "https://idp.example.com/metadata" } });
    server.post(root, IDPS, by_address).await.created();
    let data = server.get(root, "/api/v1/idps/by-address").await.ok()["samlData"].clone();
    assert_eq!([&data["signingCertificate"], &data["singleSignOnServiceUrl"], &data["entityId"]], ["", "", ""]);
}

async fn an_openshift_provider_has_a_base_address(server: Server) {
    let wanted = json!({ "type": "openshift-v4", "ocpData": { "idpBaseUrl": "https://api.gpu.example.com:6443/",
        "clientSecret": "hush-hush", "scopes": ["user:info"] } });
    server.post(&server.root, IDPS, wanted).await.created();
    let shown = server.get(&server.root, "/api/v1/idps/openshift-v4").await.ok();
    assert_eq!(
        shown["ocpData"],
        json!({ "idpBaseUrl": "https://api.gpu.example.com:6443/", "clientId": "runai", "clientSecret": "*******",
            "scopes": ["user:info"] })
    );
}

async fn mappers_have_defaults_and_change_by_themselves(server: Server) {
    let root = &server.root;
    let mut wanted = oidc();
    wanted["mappers"] = json!({ "groups": "realm_access.roles", "uid": "", "firstName": "given_name" });
    server.post(root, IDPS, wanted).await.created();
    let shown = |groups: &str, first_name: &str| {
        json!({ "alias": "oidc", "groups": groups, "uid": "UID", "gid": "GID", "firstName": first_name,
            "supplementaryGroups": "SUPPLEMENTARYGROUPS", "email": "email" })
    };
    let mappers = "/api/v1/idps/oidc/mappers";
    assert_eq!(server.get(root, mappers).await.ok(), shown("realm_access.roles", "given_name"));

    let accepted = server.put(root, mappers, json!({ "alias": "oidc", "groups": "teams", "firstName": "first" })).await;
    assert_eq!(accepted.status, 202, "{}", accepted.text());
    assert_eq!(server.get(root, mappers).await.ok(), shown("teams", "first"));
    assert_eq!(server.get(root, "/api/v1/idps/oidc").await.ok()["oidcData"]["clientId"], "rolecall", "nothing else");
    server.put(root, "/api/v1/idps/oidc", oidc()).await.done();
    assert_eq!(server.get(root, mappers).await.ok(), shown("teams", "first"), "absent mappers are kept");
    server.put(root, "/api/v1/idps/none/mappers", json!({ "alias": "none" })).await.refused(404);
}

async fn a_stored_secret_is_shown_to_nobody_and_can_be_kept(server: Server) {
    let root = &server.root;
    server.post(root, IDPS, oidc()).await.created();
    let stored = async || server.app.store.providers().await.unwrap().remove(0).secret.unwrap();
    let first = stored().await;
    let mut kept = oidc();
    kept["oidcData"]["clientSecret"] = json!("*******");
    server.put(root, "/api/v1/idps/oidc", kept.clone()).await.done();
    assert_eq!(stored().await, first);
    let mut renewed = oidc();
    renewed["oidcData"]["clientSecret"] = json!("another");
    server.put(root, "/api/v1/idps/oidc", renewed).await.done();
    assert_ne!(stored().await, first);
    kept["name"] = json!("another");
    server.post(root, IDPS, kept).await.refused(400).names("clientSecret");
}

async fn what_cannot_be_a_provider_is_refused_by_its_field(server: Server) {
    let with = |part: &str, member: &str, value: Value| {
        let mut wanted = if part == "samlData" { saml() } else { oidc() };
        wanted[part][member] = value;
        wanted
    };
    let about_emails = |members: &Value| {
        let mut wanted = oidc();
        wanted.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        wanted
    };
    for (wanted, field) in [
        (json!({ "type": "ldap" }), "type: \"ldap\" is not one of"),
        (json!({ "type": "oidc" }), "oidcData: missing"),
        (json!({ "type": "saml", "oidcData": oidc()["oidcData"] }), "samlData: missing"),
        (json!({ "type": "openshift-v4", "ocpData": null }), "ocpData: missing"),
        (json!({ "type": "oidc", "name": "my_idp", "oidcData": oidc()["oidcData"] }), "name: \"my_idp\""),
        (with("oidcData", "clientId", json!(" ")), "oidcData.clientId"),
        (with("oidcData", "clientSecret", json!("")), "oidcData.clientSecret"),
        (with("oidcData", "discoverDocumentUrl", json!("ftp://id.example.com")), "oidcData.discoverDocumentUrl"),
        (with("oidcData", "scopes", json!(["grüße"])), "oidcData.scopes"),
        (with("oidcData", "mandatoryClaim", json!({ "claim": "a", "values": [] })), "mandatoryClaim.values"),
        (with("samlData", "metadataXmlFile", json!("<nothing/>")), "samlData.metadataXmlFile"),
        (with("samlData", "metadataXmlFile", json!("")), "samlData.metadataXmlFile: missing"),
        (with("samlData", "metadataXmlType", json!("ftp")), "samlData.metadataXmlType"),
        (about_emails(&json!({ "emailDomains": ["*.example.org"] })), "emailDomains: \"*.example.org\""),
        (about_emails(&json!({ "emailDomains": [], "emailsVouchedFor": true })), "emailsVouchedFor: nobody can vouch"),
        (about_emails(&json!({ "emailsVouchedFor": true })), "emailDomains: missing"),
    ] {
        let answer = server.post(&server.root, IDPS, wanted).await;
        answer.refused(400).names(field);
    }
    assert_eq!(server.get(&server.root, IDPS).await.ok(), json!([]));
}

async fn only_who_holds_everything_changes_a_provider(server: Server) {
    server.post(&server.root, IDPS, oidc()).await.created();
    let account = TestScope::account();
    let is_hidden_from = async |who: &Token| {
        server.get(who, IDPS).await.refused(403);
        server.get(who, "/api/v1/idps/oidc").await.refused(404).names("no identity provider");
        server.get(who, "/api/v1/idps/oidc/mappers").await.refused(404);
        server.post(who, IDPS, saml()).await.refused(403);
        server.put(who, "/api/v1/idps/oidc", oidc()).await.refused(404).names("no identity provider");
        server.put(who, "/api/v1/idps/oidc/mappers", json!({ "alias": "oidc" })).await.refused(404);
        server.delete(who, "/api/v1/idps/oidc").await.refused(404);
    };
    // All predefined roles but System administrator.
    for (number, role) in
        server.get(&server.root, "/api/v1/authorization/roles").await.ok().as_array().unwrap().iter().enumerate()
    {
        let role = role["id"].as_i64().unwrap();
        if role != 1 {
            let who =
                server.user_with_rule(&format!("u{number}@example.com"), i32::try_from(role).unwrap(), &account).await;
            is_hidden_from(&who).await;
        }
    }
    let munich = server.cluster("munich").await;
    is_hidden_from(&server.user_with_rule("mia@example.com", 1, &munich).await).await;
    assert_eq!(server.get(&server.root, IDPS).await.ok().as_array().unwrap().len(), 1);
}

async fn only_a_local_user_deletes_one(server: Server) {
    server.post(&server.root, IDPS, oidc()).await.created();
    let robot = server.service_account("robot").await;
    server.grant_to("service-account", &robot.client_id, 1, &TestScope::account()).await;
    let robot = server.sign_in_machine(&robot).await;
    server.put(&robot, "/api/v1/idps/oidc", oidc()).await.done();
    server.delete(&robot, "/api/v1/idps/oidc").await.refused(403).names("only a local user");
    assert_eq!(server.delete(&server.root, "/api/v1/idps/oidc").await.status, 200, "{ROOT} is one");
}

async fn there_are_a_few_and_their_list_is_bounded(server: Server) {
    let long = |first: char| format!("{first}{}", "🦒".repeat(254));
    for number in 0..20 {
        let mut wanted = oidc();
        wanted["name"] = json!(format!("idp-{number}"));
        wanted["oidcData"]["scopes"] = json!(vec!["s".repeat(255); 50]);
        let values: Vec<_> = ('a'..='z').chain('A'..='X').map(long).collect();
        wanted["oidcData"]["mandatoryClaim"] = json!({ "claim": long('c'), "values": values });
        server.post(&server.root, IDPS, wanted).await.created();
    }
    server.post(&server.root, IDPS, saml()).await.refused(409).names("20 identity providers");
    let list = server.get(&server.root, IDPS).await;
    assert_eq!(list.ok().as_array().unwrap().len(), 20);
    assert!(list.body.len() < 2 * 1024 * 1024, "{} bytes", list.body.len());
}

async fn the_sign_in_page_can_lead_to_one_provider_by_itself(server: Server) {
    const SETTING: &str = "/api/v1/security/settings/autoRedirectSSO";
    let nowhere = json!({ "enabled": false, "idpAlias": null });
    assert_eq!(server.get(&server.root, SETTING).await.ok(), nowhere);
    let leads = async || {
        let offered = server.ask("GET", "/api/v1/session/providers").send().await.ok();
        let leading = offered.as_array().unwrap().iter().filter(|it| it["autoRedirect"] == true);
        leading.map(|it| it["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for name in ["one", "two"] {
        let mut provider = Provider::start().await.settings();
        provider["name"] = json!(name);
        server.post(&server.root, "/api/v1/idps", provider).await.created();
    }
    assert!(leads().await.is_empty());
    for name in ["one", "two"] {
        server.put(&server.root, SETTING, json!({ "enabled": true, "idpAlias": name })).await.done();
        assert_eq!(leads().await, [name]);
    }
    let all = server.get(&server.root, "/api/v1/security/settings").await.ok();
    assert_eq!(all, json!({ "autoRedirectSSO": { "enabled": true, "idpAlias": "two" } }));
    // Nobody is led to a provider that is gone.
    server.delete(&server.root, "/api/v1/idps/two").await.done();
    assert!(leads().await.is_empty());
    assert_eq!(server.get(&server.root, SETTING).await.ok(), nowhere);
    server.put(&server.root, SETTING, json!({ "enabled": true, "idpAlias": "one" })).await.done();
    server.put(&server.root, SETTING, json!({ "enabled": false, "idpAlias": "one" })).await.done();
    assert!(leads().await.is_empty());

    server.put(&server.root, SETTING, json!({ "enabled": true })).await.refused(400).names("idpAlias");
    server.put(&server.root, SETTING, json!({ "enabled": true, "idpAlias": "gone" })).await.refused(404);
    server.put(&server.root, "/api/v1/security/settings/other", json!({})).await.refused(404).names("autoRedirectSSO");
    let viewer = server.user_with_rule("vera@example.com", 4, &server.cluster("berlin").await).await;
    server.get(&viewer, SETTING).await.refused(403);
    server.put(&viewer, SETTING, json!({ "enabled": true, "idpAlias": "one" })).await.refused(404);
    server.put(&viewer, SETTING, json!({ "enabled": false })).await.refused(403);
}
