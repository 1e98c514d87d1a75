//! People whose identity provider calls them otherwise than before: by another email, or by another subject.

use serde_json::{Value, json};

use crate::harness::{Provider, Server, TestScope, on_both_databases};

on_both_databases!(
    an_email_that_changed_is_for_an_administrator_to_follow,
    an_email_is_followed_only_where_nobody_gains_more_than_the_administrator_has,
    an_email_is_followed_as_it_was_seen_and_only_where_it_may_be_asserted,
    all_bindings_of_a_provider_end_together,
    each_binding_has_one_turn_and_the_callers_comes_last,
    bindings_to_a_removed_provider_stay_until_they_are_ended,
);

async fn provider(server: &Server) -> Provider {
    let provider = Provider::start().await;
    server.post(&server.root, "/api/v1/idps", provider.settings()).await.created();
    provider
}

fn person(subject: &str, email: &str, groups: &[&str]) -> Value {
    json!({ "sub": subject, "email": email, "groups": groups })
}

async fn username(server: &Server, session: &str) -> Value {
    server.ask("GET", "/api/v1/session").header("cookie", session).send().await.ok()["username"].clone()
}

async fn an_email_that_changed_is_for_an_administrator_to_follow(server: Server) {
    let provider = provider(&server).await;
    let (berlin, paris) = (server.cluster("berlin").await, server.cluster("paris").await);
    for cluster in [&berlin, &paris] {
        server.grant("nia@example.org", 7, cluster).await;
    }
    // The new email has one of these already, and another one.
    server.grant("nia.new@example.org", 7, &paris).await;
    server.grant("nia.new@example.org", 5, &paris).await;
    server.sign_in_with(&provider, person("1", "nia@example.org", &[])).await.session();
    let id = server.id_of("nia@example.org").await;
    let (user, path) = (format!("/api/v1/users/{id}"), format!("/api/v1/users/{id}/email"));
    assert_eq!(server.get(&server.root, &user).await.ok()["emailAtProvider"], Value::Null);
    server.get(&server.root, &path).await.refused(409).names("no other email");

    let session = server.sign_in_with(&provider, person("1", "NIA.NEW@example.org", &[])).await.session();
    assert_eq!(username(&server, &session).await, "nia@example.org");
    assert_eq!(server.get(&server.root, &user).await.ok()["emailAtProvider"], "nia.new@example.org");
    let changed = server.get(&server.root, "/api/v1/users?filterBy=emailChanged==true").await.ok();
    assert_eq!(changed.as_array().unwrap().iter().map(|it| &it["username"]).collect::<Vec<_>>(), ["nia@example.org"]);
    let told = server.get(&server.root, &path).await.ok();
    assert_eq!((&told["email"], &told["emailAtProvider"]), (&json!("nia@example.org"), &json!("nia.new@example.org")));
    let access = |which: &str| -> Vec<String> {
        let first = told[which]["first"].as_array().unwrap();
        first.iter().map(|it| format!("{} in {}", it["role"], it["scope"]).replace('"', "")).collect()
    };
    assert_eq!(access("moving"), ["Viewer in berlin"], "the rule in paris is there already");
    assert_eq!(access("joining"), ["Viewer in paris", "L1 researcher in paris"]);

    // To no other email than that, whatever its case.
    let to = |email: &str| json!({ "email": email });
    server.put(&server.root, &path, to("boss@example.org")).await.refused(409).names("nia.new@example.org");
    server.put(&server.root, &path, to("Nia.New@Example.org")).await.done();
    server.ask("GET", "/api/v1/session").header("cookie", &session).send().await.refused(401);
    let renamed = server.get(&server.root, &user).await.ok();
    assert_eq!((&renamed["username"], &renamed["emailAtProvider"]), (&json!("nia.new@example.org"), &Value::Null));
    let rules =
        server.get(&server.root, "/api/v1/authorization/access-rules?subjectIds=nia.new@example.org").await.ok();
    assert_eq!(rules["totalRecords"], 3);
    let rules = server.get(&server.root, "/api/v1/authorization/access-rules?subjectIds=nia@example.org").await.ok();
    assert_eq!(rules["totalRecords"], 0);
    let session = server.sign_in_with(&provider, person("1", "nia.new@example.org", &[])).await.session();
    assert_eq!(username(&server, &session).await, "nia.new@example.org");

    // A new person with the email of before is a new user, without those rules.
    let newcomer = server.sign_in_with(&provider, person("2", "nia@example.org", &[])).await.session();
    assert_eq!(username(&server, &newcomer).await, "nia@example.org");
    let clusters = server.ask("GET", "/api/v1/clusters").header("cookie", &newcomer).send().await;
    assert_eq!((clusters.status, clusters.json()), (200, json!([])));
}

async fn an_email_is_followed_only_where_nobody_gains_more_than_the_administrator_has(server: Server) {
    let provider = provider(&server).await;
    server.newcomer("boss@example.org").await;
    server.sign_in_with(&provider, person("1", "nia@example.org", &[])).await.session();
    server.sign_in_with(&provider, person("1", "boss@example.org", &[])).await.session();
    let path = format!("/api/v1/users/{}/email", server.id_of("nia@example.org").await);
    let to = json!({ "email": "boss@example.org" });
    let taken = server.put(&server.root, &path, to.clone()).await;
    taken.refused(409).names("a user boss@example.org already exists");
    server.get(&server.root, &path).await.refused(409).names("a user boss@example.org already exists");

    let reader = server.user_with_rule("reader@example.com", 3, &TestScope::account()).await;
    for refused in [server.get(&reader, &path).await, server.put(&reader, &path, to.clone()).await] {
        refused.refused(403).names("users:update");
    }
    let viewer = server.user_with_rule("viewer@example.com", 7, &TestScope::account()).await;
    for refused in [server.get(&viewer, &path).await, server.put(&viewer, &path, to.clone()).await] {
        refused.refused(404).names("that you can see");
    }

    // What the provider says of the next person who gets the user is something else.
    let binding = path.replace("/email", "/binding");
    server.delete(&server.root, &binding).await.done();
    server.get(&server.root, &path).await.refused(409).names("no other email");
    // The provider says what everybody knows already.
    server.sign_in_with(&provider, person("1", "nia@example.org", &[])).await.session();
    server.put(&server.root, &path, to).await.refused(409).names("no other email");
}

async fn an_email_is_followed_as_it_was_seen_and_only_where_it_may_be_asserted(server: Server) {
    let provider = provider(&server).await;
    server.sign_in_with(&provider, again("1", "nia")).await.session();
    server.sign_in_with(&provider, person("1", "nia@new.example", &[])).await.session();
    let path = format!("/api/v1/users/{}/email", server.id_of("nia@example.org").await);
    let seen = server.get(&server.root, &path).await.ok()["seen"].clone();
    let to = |seen: &Value| json!({ "email": "nia@new.example", "seen": seen });
    // Someone gives the new email a rule meanwhile, and takes it again.
    let rule = server.grant("nia@new.example", 1, &TestScope::account()).await;
    server.put(&server.root, &path, to(&seen)).await.refused(412).names("look again");
    server.delete(&server.root, &format!("/api/v1/authorization/access-rules/{rule}")).await.done();
    let mut settings = provider.settings();
    settings["emailDomains"] = json!(["example.org"]);
    server.put(&server.root, "/api/v1/idps/oidc", settings.clone()).await.done();
    server.get(&server.root, &path).await.refused(409).names("emailDomains");
    server.put(&server.root, &path, to(&seen)).await.refused(409).names("emailDomains");
    settings["emailDomains"] = json!(["example.org", "new.example"]);
    server.put(&server.root, "/api/v1/idps/oidc", settings).await.done();
    server.put(&server.root, &path, to(&seen)).await.done();
}

async fn all_bindings_of_a_provider_end_together(server: Server) {
    let provider = provider(&server).await;
    let berlin = server.cluster("berlin").await;
    server.grant_to("group", "researchers", 7, &berlin).await;
    let ana = server.sign_in_with(&provider, person("1", "ana@example.org", &["researchers"])).await.session();
    server.sign_in_with(&provider, person("2", "ben@example.org", &["others"])).await.session();
    server.sign_in_with(&provider, person("3", "cleo@elsewhere.example", &[])).await.session();
    let mut settings = provider.settings();
    settings["emailDomains"] = json!(["example.org"]);
    server.put(&server.root, "/api/v1/idps/oidc", settings).await.done();

    let path = "/api/v1/idps/oidc/bindings";
    let nobody = json!({ "total": 0, "first": [] });
    let cleo = json!({ "total": 1, "first": ["cleo@elsewhere.example"] });
    let told = json!({ "users": 3, "losing": 1, "renamed": nobody, "stranded": cleo });
    assert_eq!(server.get(&server.root, path).await.ok(), told);
    assert_eq!(server.sign_in_with(&provider, again("9", "ana")).await.problem(), "email-of-another-person");

    let reader = server.user_with_rule("reader@example.com", 3, &TestScope::account()).await;
    server.get(&reader, path).await.refused(404);
    server.delete(&reader, path).await.refused(404);
    server.delete(&server.root, "/api/v1/idps/other/bindings").await.refused(404);
    server.delete(&server.root, &format!("{path}?pageToken=x")).await.refused(400).names("pageToken");

    assert_eq!(server.delete(&server.root, path).await.ok(), json!({ "ended": 3, "next": null }));
    server.ask("GET", "/api/v1/session").header("cookie", &ana).send().await.refused(401);
    assert_eq!(server.delete(&server.root, path).await.ok(), json!({ "ended": 0, "next": null }));
    let session = server.sign_in_with(&provider, again("9", "ana")).await.session();
    assert_eq!(username(&server, &session).await, "ana@example.org");
    assert_eq!(server.sign_in_with(&provider, again("1", "ana")).await.problem(), "email-of-another-person");
}

fn again(subject: &str, name: &str) -> Value {
    person(subject, &format!("{name}@example.org"), &[])
}

async fn each_binding_has_one_turn_and_the_callers_comes_last(server: Server) {
    let provider = provider(&server).await;
    let admin = server.sign_in_with(&provider, again("admin", "admin")).await.session();
    server.grant("admin@example.org", 1, &TestScope::account()).await;
    for number in 0..1001 {
        server.sign_in_with(&provider, again(&number.to_string(), &format!("person-{number}"))).await.session();
    }
    let end = async |token: &str| {
        let path = format!("/api/v1/idps/oidc/bindings?pageToken={token}");
        let ask = server.ask("DELETE", &path).header("cookie", &admin).header("origin", "http://localhost:8080");
        ask.send().await.ok()
    };
    let first = end("").await;
    assert_eq!(first["ended"], 1000);
    let next = first["next"].as_str().unwrap();
    // Someone whose turn is over signs in again, and stays.
    let bound = server.get(&server.root, "/api/v1/users?filterBy=username=@person-&limit=500").await.ok();
    let ended = |user: &&Value| user["identityProvider"].is_null();
    let early = bound.as_array().unwrap().iter().find(ended).unwrap()["username"].as_str().unwrap();
    let session = server.sign_in_with(&provider, person("new", early, &[])).await.session();
    assert_eq!(end(next).await, json!({ "ended": 2, "next": null }));
    assert_eq!(username(&server, &session).await, early);
    server.ask("GET", "/api/v1/session").header("cookie", &admin).send().await.refused(401);
}

async fn bindings_to_a_removed_provider_stay_until_they_are_ended(server: Server) {
    let removed = provider(&server).await;
    server.sign_in_with(&removed, again("1", "ana")).await.session();
    server.sign_in_with(&removed, person("1", "ana.new@example.org", &[])).await.session();
    let email = format!("/api/v1/users/{}/email", server.id_of("ana@example.org").await);
    server.delete(&server.root, "/api/v1/idps/oidc").await.done();
    // Nobody follows the word of a provider that is gone.
    server.get(&server.root, &email).await.refused(409).names("was removed");
    server.put(&server.root, &email, json!({ "email": "ana.new@example.org" })).await.refused(409).names("was removed");

    let anew = provider(&server).await;
    assert_eq!(server.sign_in_with(&anew, again("1", "ana")).await.problem(), "email-of-another-person");
    assert_eq!(server.get(&server.root, "/api/v1/idps/oidc/bindings").await.ok()["users"], 0);
    let path = "/api/v1/removed-idps/bindings";
    let told = server.get(&server.root, path).await.ok();
    assert_eq!((&told["users"], &told["renamed"]["first"]), (&json!(1), &json!(["ana@example.org"])));
    let reader = server.user_with_rule("reader@example.com", 3, &TestScope::account()).await;
    server.get(&reader, path).await.refused(403);
    server.delete(&reader, path).await.refused(403);
    assert_eq!(server.delete(&server.root, path).await.ok(), json!({ "ended": 1, "next": null }));
    assert_eq!(
        username(&server, &server.sign_in_with(&anew, again("1", "ana")).await.session()).await,
        "ana@example.org"
    );
}
