//! Previews: who gains and who loses what before something is changed, and that it then comes so.

use serde_json::{Value, json};

use crate::harness::{Answer, GIA, PLATFORM, ROOTS_PASSWORD, Server, TestScope, Token, on_both_databases, rule};

on_both_databases!(
    a_new_rule_shows_what_it_adds,
    what_another_rule_permits_is_neither_gained_nor_lost,
    a_role_that_changes_shows_everybody_who_has_it,
    a_group_is_shown_with_its_members,
    what_goes_is_shown_before_it_goes,
    several_acts_are_previewed_together,
    what_would_be_refused_is_refused_in_the_same_words,
    a_caller_learns_only_what_they_may_know,
    a_preview_tells_nothing_that_answers_withhold,
    a_preview_keeps_the_order_of_the_acts,
    a_preview_changes_nothing,
    what_is_no_act_is_refused,
);

const IMPACT: &str = "/api/v1/authorization/impact";
const ROLES: &str = "/api/v2/authorization/roles";

async fn preview(server: &Server, who: &Token, acts: Value) -> Answer {
    server.post(who, IMPACT, json!({ "acts": acts })).await
}

fn create(kind: &str, subject: &str, role: i32, place: &TestScope) -> Value {
    json!([{ "act": "create-access-rule", "accessRule": rule(kind, subject, role, place) }])
}

fn act(act: &str, id: impl ToString) -> Value {
    json!([{ "act": act, "id": id.to_string() }])
}

/// The words of permissions, such as `project:read`.
fn words(lines: &Value) -> Vec<String> {
    let of = |line: &Value| {
        let resource = line["resourceType"].as_str().unwrap().to_owned();
        let actions = line["actions"].as_array().unwrap().clone();
        actions.into_iter().map(move |action| format!("{resource}:{}", action.as_str().unwrap()))
    };
    lines.as_array().unwrap().iter().flat_map(of).collect()
}

/// What a preview says of a subject: scopes by id, what is gained, what is lost.
fn on(preview: &Value, subject: &str) -> Vec<(String, Vec<String>, Vec<String>)> {
    let found = preview["subjects"].as_array().unwrap().iter().find(|it| it["subjectId"] == subject);
    let scope = |it: &Value| {
        let place = it["path"].as_array().unwrap().last().unwrap()["scopeId"].as_str().unwrap().to_owned();
        (place, words(&it["gained"]), words(&it["lost"]))
    };
    found.map_or_else(Vec::new, |it| it["scopes"].as_array().unwrap().iter().map(scope).collect())
}

fn counts(preview: &Value) -> [u64; 3] {
    ["affected", "gaining", "losing"].map(|field| preview[field].as_u64().unwrap())
}

async fn role(server: &Server, name: &str, permissions: &[(&str, &[&str])]) -> i32 {
    let lines: Vec<_> =
        permissions.iter().map(|(of, actions)| json!({ "resourceType": of, "actions": actions })).collect();
    let made = server.post(&server.root, ROLES, json!({ "name": name, "permissions": lines })).await.created();
    i32::try_from(made["id"].as_i64().unwrap()).unwrap()
}

async fn a_new_rule_shows_what_it_adds(server: Server) {
    let place = server.organisation().await;
    let watcher = role(&server, "Watcher", &[("project", &["read"]), ("department", &["read"])]).await;
    let shown = preview(&server, &server.root, create("user", "lea@example.com", watcher, &place.research)).await.ok();
    assert_eq!(counts(&shown), [1, 1, 0]);
    let gained = vec!["department:read".to_owned(), "project:read".to_owned()];
    assert_eq!(on(&shown, "lea@example.com"), [(place.research.id.clone(), gained, vec![])]);
    assert_eq!(shown["subjects"][0]["subjectType"], "user");
    assert_eq!((&shown["isPartial"], shown.get("next")), (&json!(false), None));
    let path = shown["subjects"][0]["scopes"][0]["path"].as_array().unwrap();
    let names: Vec<_> = path.iter().map(|it| it["scopeName"].as_str().unwrap()).collect();
    assert_eq!(names, ["Acme", "berlin", "research"]);

    // It comes so.
    server.grant("lea@example.com", watcher, &place.research).await;
    let again = preview(&server, &server.root, create("user", "lea@example.com", watcher, &place.vision)).await.ok();
    assert_eq!(counts(&again), [0, 0, 0], "it adds nothing below");
}

async fn what_another_rule_permits_is_neither_gained_nor_lost(server: Server) {
    let place = server.organisation().await;
    let (wide, narrow) = (
        role(&server, "Wide", &[("project", &["read", "update"])]).await,
        role(&server, "Narrow", &[("project", &["read"])]).await,
    );
    server.grant("lea@example.com", narrow, &place.vision).await;
    let shown = preview(&server, &server.root, create("user", "lea@example.com", wide, &place.research)).await.ok();
    let both = vec!["project:read".to_owned(), "project:update".to_owned()];
    let rest = vec!["project:update".to_owned()];
    assert_eq!(
        on(&shown, "lea@example.com"),
        [(place.research.id.clone(), both, vec![]), (place.vision.id.clone(), rest.clone(), vec![])]
    );
    let id = server.grant("lea@example.com", wide, &place.research).await;
    let shown = preview(&server, &server.root, act("delete-access-rule", id)).await.ok();
    assert_eq!(counts(&shown), [1, 0, 1]);
    assert_eq!(on(&shown, "lea@example.com")[1], (place.vision.id.clone(), vec![], rest));
}

async fn a_role_that_changes_shows_everybody_who_has_it(server: Server) {
    let place = server.organisation().await;
    let id = role(&server, "Watcher", &[("project", &["read"])]).await;
    server.user_with_rule("lea@example.com", id, &place.research).await;
    server.user_with_rule("max@example.com", id, &place.vision).await;
    let machine = server.service_account("nightly").await;
    server.grant_to("service-account", &machine.client_id, id, &place.sales).await;
    let role = json!({ "name": "Watcher", "permissions": [{ "resourceType": "policies", "actions": ["read"] }] });
    let shown = preview(&server, &server.root, json!([{ "act": "update-role", "id": id.to_string(), "role": role }]))
        .await
        .ok();
    assert_eq!(counts(&shown), [3, 3, 3]);
    let (gained, lost) = (vec!["policies:read".to_owned()], vec!["project:read".to_owned()]);
    assert_eq!(on(&shown, "lea@example.com"), [(place.research.id.clone(), gained.clone(), lost.clone())]);
    assert_eq!(on(&shown, "max@example.com"), [(place.vision.id.clone(), gained.clone(), lost.clone())]);
    assert_eq!(on(&shown, &machine.client_id), [(place.sales.id.clone(), gained, lost)]);

    let shown = preview(&server, &server.root, act("disable-role", id)).await.ok();
    assert_eq!(counts(&shown), [3, 0, 3]);
    server.post(&server.root, &format!("{ROLES}/{id}/disable"), json!({})).await.ok();
    assert_eq!(counts(&preview(&server, &server.root, act("enable-role", id)).await.ok()), [3, 3, 0]);
    // One subject on each page.
    let acts = json!({ "acts": act("enable-role", id) });
    let mut seen = Vec::new();
    let mut offset = Some(0);
    while let Some(from) = offset {
        let page = server.post(&server.root, &format!("{IMPACT}?limit=1&offset={from}"), acts.clone()).await.ok();
        assert_eq!(counts(&page), [3, 3, 0], "the counts are those of all pages");
        seen.push(page["subjects"][0]["subjectId"].as_str().unwrap().to_owned());
        offset = page["next"].as_u64();
    }
    assert_eq!(seen, ["lea@example.com", "max@example.com", machine.client_id.as_str()]);
}

async fn a_group_is_shown_with_its_members(server: Server) {
    let place = server.organisation().await;
    let id = role(&server, "Watcher", &[("project", &["read"])]).await;
    let shown = preview(&server, &server.root, create("group", PLATFORM, id, &place.research)).await.ok();
    let gained = vec![(place.research.id.clone(), vec!["project:read".to_owned()], vec![])];
    assert_eq!(on(&shown, PLATFORM), gained);
    assert_eq!(on(&shown, GIA), gained, "a member");
    assert_eq!(shown["subjects"].as_array().unwrap().last().unwrap()["subjectType"], "group");
}

async fn what_goes_is_shown_before_it_goes(server: Server) {
    let place = server.organisation().await;
    let id = role(&server, "Watcher", &[("project", &["read"])]).await;
    server.user_with_rule("lea@example.com", id, &place.vision).await;
    server.grant("lea@example.com", id, &place.sales).await;
    let lea = server.id_of("lea@example.com").await;
    let lost = |places: &[&TestScope]| -> Vec<_> {
        places.iter().map(|it| (it.id.clone(), vec![], vec!["project:read".to_owned()])).collect()
    };
    let root = &server.root;
    for what in ["delete-user", "disable-user"] {
        let shown = preview(&server, root, act(what, &lea)).await.ok();
        assert_eq!(on(&shown, "lea@example.com"), lost(&[&place.vision, &place.sales]), "{what}");
    }
    let shown = preview(&server, root, act("delete-project", &place.vision.id)).await.ok();
    assert_eq!((counts(&shown), on(&shown, "lea@example.com")), ([1, 0, 1], lost(&[&place.vision])));
    server.post(root, &format!("/api/v1/users/{lea}/disable"), json!({})).await.done();
    assert_eq!(counts(&preview(&server, root, act("delete-user", &lea)).await.ok()), [0, 0, 0], "they have nothing");
    assert_eq!(counts(&preview(&server, root, act("enable-user", &lea)).await.ok()), [1, 1, 0]);
}

async fn several_acts_are_previewed_together(server: Server) {
    let place = server.organisation().await;
    let id = role(&server, "Watcher", &[("project", &["read"])]).await;
    let here = server.grant("lea@example.com", id, &place.vision).await;
    let above = server.grant("lea@example.com", id, &place.research).await;
    let alone = preview(&server, &server.root, act("delete-access-rule", here)).await.ok();
    assert_eq!(counts(&alone), [0, 0, 0], "the other rule permits it too");
    let both = json!([{ "act": "delete-access-rule", "id": here.to_string() },
        { "act": "delete-access-rule", "id": above.to_string() },
        { "act": "create-access-rule", "accessRule": rule("user", "max@example.com", id, &place.vision) }]);
    let both = preview(&server, &server.root, both).await.ok();
    assert_eq!(counts(&both), [2, 1, 1]);
    // The caller's own rules go last, as when they are deleted.
    let dana = server.user_with_rule("dana@example.com", 1710, &place.research).await;
    let rules = server.get(&dana, "/api/v1/authorization/me/access-rules").await.ok();
    let own = rules["accessRules"]["accessRules"][0]["id"].clone();
    let acts = json!([{ "act": "delete-access-rule", "id": own.to_string() },
        { "act": "delete-access-rule", "id": above.to_string() }]);
    assert_eq!(counts(&preview(&server, &dana, acts).await.ok()), [2, 0, 2]);
}

async fn what_would_be_refused_is_refused_in_the_same_words(server: Server) {
    let place = server.organisation().await;
    let dana = server.user_with_rule("dana@example.com", 1710, &place.research).await;
    for (who, acts, done) in [
        (
            &dana,
            create("user", "lea@example.com", 1, &place.research),
            server.post(&dana, RULES, rule("user", "lea@example.com", 1, &place.research)).await,
        ),
        (
            &dana,
            create("user", "lea@example.com", 7, &place.sales),
            server.post(&dana, RULES, rule("user", "lea@example.com", 7, &place.sales)).await,
        ),
        (
            &server.root,
            act("disable-role", 1),
            server.post(&server.root, &format!("{ROLES}/1/disable"), json!({})).await,
        ),
        (&server.root, act("delete-role", 7), server.delete(&server.root, &format!("{ROLES}/7")).await),
        (
            &server.root,
            act("delete-department", &place.research.id),
            server.delete(&server.root, &place.research.path()).await,
        ),
    ] {
        let shown = preview(&server, who, acts.clone()).await;
        assert!(shown.status >= 400, "{acts}");
        assert_eq!((shown.status, &shown.json()["message"]), (done.status, &done.json()["message"]), "{acts}");
    }
}

const RULES: &str = "/api/v1/authorization/access-rules";

async fn a_caller_learns_only_what_they_may_know(server: Server) {
    let place = server.organisation().await;
    let keeper = role(&server, "Keeper", &[("roles", &["read", "update"]), ("project", &["read"])]).await;
    let kim = server.user_with_rule("kim@example.com", keeper, &TestScope::account()).await;
    let id = role(&server, "Watcher", &[("project", &["read"])]).await;
    server.grant("lea@example.com", id, &place.research).await;
    server.grant("kim@example.com", id, &place.sales).await;
    // Who may change the role but read no rules learns nothing of others.
    let shown = preview(&server, &kim, act("disable-role", id)).await.ok();
    assert_eq!((counts(&shown), &shown["isPartial"]), ([0, 0, 0], &json!(true)));
    assert!(!shown.to_string().contains("lea"), "{shown}");
    // With access rules to read in one department they learn of that one.
    server.grant("kim@example.com", 1710, &place.research).await;
    let shown = preview(&server, &kim, act("disable-role", id)).await.ok();
    assert_eq!((counts(&shown), &shown["isPartial"]), ([1, 0, 1], &json!(true)), "the role may be used elsewhere");
    assert_eq!(on(&shown, "lea@example.com").len(), 1);
}

/// A preview must not be a way to ask what other answers withhold.
async fn a_preview_tells_nothing_that_answers_withhold(server: Server) {
    let place = server.organisation().await;
    let watcher = role(&server, "Watcher", &[("project", &["read"])]).await;
    let maker = role(&server, "Maker", &[("access_rules", &["create", "delete"]), ("project", &["read"])]).await;
    let may = server.user_with_rule("may@example.com", maker, &place.research).await;
    // Whether someone has a permission already, for a caller who reads no rules.
    let other = role(&server, "Other", &[("project", &["read"])]).await;
    server.grant("lea@example.com", other, &place.research).await;
    for subject in ["lea@example.com", "nil@example.com"] {
        let shown = preview(&server, &may, create("user", subject, watcher, &place.research)).await.ok();
        assert_eq!((counts(&shown), &shown["isPartial"]), ([0, 0, 0], &json!(true)), "{subject}");
    }
    // Who is disabled, and who is in a group, for a caller who reads rules and no users.
    let keeper = role(&server, "Keeper", &[("access_rules", &["create", "read"]), ("project", &["read"])]).await;
    let kay = server.user_with_rule("kay@example.com", keeper, &place.research).await;
    let (ben, _) = server.user("ben@example.com").await;
    server.post(&server.root, &format!("/api/v1/users/{ben}/disable"), json!({})).await;
    for subject in ["ben@example.com", "nil@example.com"] {
        let shown = preview(&server, &kay, create("user", subject, watcher, &place.research)).await.ok();
        assert_eq!((counts(&shown), &shown["isPartial"]), ([1, 1, 0], &json!(false)), "{subject}");
    }
    let shown = preview(&server, &kay, create("group", "dev", watcher, &place.research)).await.ok();
    assert_eq!((counts(&shown), &shown["isPartial"]), ([1, 1, 0], &json!(true)), "{shown}");
}

/// Only deletions of rules are done together; with other acts the order is the caller's.
async fn a_preview_keeps_the_order_of_the_acts(server: Server) {
    let place = server.organisation().await;
    let dana = server.user_with_rule("dana@example.com", 1710, &place.research).await;
    let rules = server.get(&dana, "/api/v1/authorization/me/access-rules").await.ok();
    let own = rules["accessRules"]["accessRules"][0]["id"].as_i64().unwrap();
    let create = create("user", "lea@example.com", 7, &place.research)[0].clone();
    let delete = json!({ "act": "delete-access-rule", "id": own.to_string() });
    preview(&server, &dana, json!([create, delete])).await.ok();
    preview(&server, &dana, json!([delete, create])).await.refused(404);
}

async fn a_preview_changes_nothing(server: Server) {
    let place = server.organisation().await;
    let gia = server.sign_in(GIA, ROOTS_PASSWORD).await;
    let head = server.head().await;
    preview(&server, &server.root, create("user", GIA, 1, &place.research)).await.ok();
    preview(&server, &server.root, act("delete-user", server.id_of(GIA).await)).await.ok();
    assert_eq!(server.head().await, head);
    server.get(&gia, "/api/v1/authorization/me/access-rules").await.ok();
}

async fn what_is_no_act_is_refused(server: Server) {
    for (acts, named) in [
        (json!([]), "acts"),
        (json!([{ "act": "bootstrap-account" }]), "bootstrap-account"),
        (json!([{ "act": "delete-user" }]), "id: missing"),
        (json!([{ "act": "update-role", "id": "7" }]), "role: missing"),
        (json!([{ "act": "create-access-rule" }]), "accessRule: missing"),
        (json!([{ "act": "disable-role", "id": "viewer" }]), "roleId"),
    ] {
        preview(&server, &server.root, acts).await.refused(400).names(named);
    }
    preview(&server, &server.root, act("delete-user", "x")).await.refused(404);
}
