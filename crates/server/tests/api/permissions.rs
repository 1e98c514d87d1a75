//! The caller's own permissions by scope, and the roles that they may grant.

use serde_json::{Value, json};

use crate::harness::{GIA, PLATFORM, ROOTS_PASSWORD, RULES, Server, TestScope, Token, on_both_databases, query, rule};

on_both_databases!(
    the_summary_is_the_sum_of_all_rules,
    in_a_scope_it_is_what_holds_there,
    permitted_scopes_are_the_fewest_that_cover_all,
    what_is_no_question_is_refused_with_what_is_known,
    what_may_be_granted_is_what_is_offered,
    the_permissions_are_listed_for_any_caller_with_a_permission,
    the_account_is_named_to_callers_who_see_anything_in_it,
);

const PERMISSIONS: &str = "/api/v1/authorization/permissions";
const PERMITTED: &str = "/api/v1/authorization/permitted-scopes";
const ROLES: &str = "/api/v1/authorization/roles";
const SESSION: &str = "/api/v1/session";
const TYPES: &str = "/api/v1/authorization/resource-types";

/// The actions on a type of resource.
fn actions<'a>(permissions: &'a Value, resource_type: &str) -> Vec<&'a str> {
    let lines = permissions.as_array().unwrap();
    let line = lines.iter().find(|line| line["resourceType"] == resource_type);
    line.map_or(vec![], |line| line["actions"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect())
}

async fn role(server: &Server, id: i32) -> Value {
    server.get(&server.root, &format!("{ROLES}/{id}")).await.ok()
}

fn scope_word(place: &TestScope) -> String {
    format!("{}:{}", place.kind, place.id)
}

async fn the_summary_is_the_sum_of_all_rules(server: Server) {
    let place = server.organisation().await;
    let gia = server.sign_in(GIA, ROOTS_PASSWORD).await;
    assert_eq!(server.get(&gia, PERMISSIONS).await.ok(), json!([]));

    server.grant(GIA, 7, &place.vision).await;
    let viewer = role(&server, 7).await["permissions"].clone();
    let sorted = |list: &Value| {
        let mut lines: Vec<String> = list.as_array().unwrap().iter().map(ToString::to_string).collect();
        lines.sort_unstable();
        lines
    };
    assert_eq!(sorted(&server.get(&gia, PERMISSIONS).await.ok()), sorted(&viewer), "one rule: what its role lists");

    server.grant_to("group", PLATFORM, 1710, &place.sales).await;
    let both = server.get(&gia, PERMISSIONS).await.ok();
    assert_eq!(actions(&both, "access_rules"), ["create", "read", "update", "delete"], "by a group, and elsewhere");
    server.delete(&server.root, &place.pricing.path()).await.gone();
    server.delete(&server.root, &place.sales.path()).await.gone();
    assert_eq!(sorted(&server.get(&gia, PERMISSIONS).await.ok()), sorted(&viewer), "what is gone permits nothing");
}

async fn in_a_scope_it_is_what_holds_there(server: Server) {
    let place = server.organisation().await;
    let dana = server.user_with_rule("dana@example.com", 1710, &place.research).await;
    server.grant("dana@example.com", 5, &place.pricing).await;
    let held = |place: &TestScope| {
        let path = query(PERMISSIONS, &[("scope", &scope_word(place))]);
        let (server, dana) = (&server, &dana);
        async move { server.get(dana, &path).await }
    };
    assert_eq!(actions(&held(&place.vision).await.ok(), "access_rules"), ["create", "read", "update", "delete"]);
    assert_eq!(actions(&held(&place.pricing).await.ok(), "access_rules"), [""; 0]);
    assert_eq!(actions(&held(&place.pricing).await.ok(), "project"), ["read"]);
    assert_eq!(held(&place.berlin).await.ok(), json!([]), "its name is visible, without permissions there");

    let hidden = server.cluster("oslo").await;
    held(&hidden).await.refused(404).names("there is no cluster");
    held(&TestScope { kind: "project", id: "4711".to_owned() }).await.refused(404).names("4711");
    for bad in ["7", "project", "project:x", "system:1", "tenant:1", "cluster:7"] {
        server.get(&dana, &query(PERMISSIONS, &[("scope", bad)])).await.refused(400).names("scope");
    }
}

fn nowhere() -> Value {
    json!({ "system": false, "tenants": [], "clusters": [], "departments": [], "projects": [] })
}

async fn permitted(server: &Server, who: &Token, resource_type: &str) -> Value {
    server.post(who, PERMITTED, json!({ "resourceType": resource_type })).await.ok()
}

async fn permitted_scopes_are_the_fewest_that_cover_all(server: Server) {
    let place = server.organisation().await;
    let gia = server.sign_in(GIA, ROOTS_PASSWORD).await;
    let none = json!({ "create": nowhere(), "read": nowhere(), "update": nowhere(), "delete": nowhere() });
    assert_eq!(permitted(&server, &gia, "project").await, none);

    // Reading at a department and, by a group, at one of its projects; all actions at a project of the other
    // department.
    server.grant(GIA, 7, &place.research).await;
    server.grant_to("group", PLATFORM, 5, &place.vision).await;
    server.grant(GIA, 1710, &place.pricing).await;
    let here = |departments: &[&TestScope], projects: &[&TestScope]| {
        let ids = |places: &[&TestScope]| places.iter().map(|place| json!(place.id)).collect::<Vec<_>>();
        let mut scopes = nowhere();
        scopes["departments"] = ids(departments).into();
        scopes["projects"] = ids(projects).into();
        scopes
    };
    let told = permitted(&server, &gia, "project").await;
    assert_eq!(told["read"], here(&[&place.research], &[&place.pricing]));
    assert_eq!(told["update"], here(&[], &[&place.pricing]));

    let one = json!({ "resourceType": "project", "action": "read" });
    let told = server.post(&gia, PERMITTED, one).await.ok();
    assert_eq!(told["read"], here(&[&place.research], &[&place.pricing]));
    assert_eq!(told["update"], nowhere(), "only what was asked for");

    server.delete(&server.root, &place.pricing.path()).await.gone();
    assert_eq!(permitted(&server, &gia, "project").await["update"], nowhere());

    server.grant(GIA, 7, &place.berlin).await;
    let told = permitted(&server, &gia, "project").await;
    assert_eq!((&told["read"]["clusters"], &told["read"]["departments"]), (&json!([place.berlin.id]), &json!([])));

    let told = permitted(&server, &server.root, "project").await;
    let mut everywhere = nowhere();
    everywhere["tenants"] = json!(["1001"]);
    everywhere["tenant"] = json!("1001");
    assert_eq!(told, json!({ "create": everywhere, "read": everywhere, "update": everywhere, "delete": everywhere }));
}

async fn what_is_no_question_is_refused_with_what_is_known(server: Server) {
    for (question, words) in [
        (json!({}), ["resourceType", "resourceType"]),
        (json!({ "resourceType": "shoes" }), ["\"shoes\"", "access_rules"]),
        (json!({ "resourceType": "project", "action": "wear" }), ["\"wear\"", "create, read, update, delete"]),
        (json!({ "resourceType": "project", "action": "sync" }), ["\"sync\"", "create, read, update, delete"]),
    ] {
        let refusal = server.post(&server.root, PERMITTED, question).await.refused(400);
        for word in words {
            refusal.names(word);
        }
    }
    server.post(&server.root, PERMITTED, json!({ "resourceType": "project", "action": null })).await.ok();
}

async fn what_may_be_granted_is_what_is_offered(server: Server) {
    let place = server.organisation().await;
    let dana = server.user_with_rule("dana@example.com", 1710, &place.research).await;
    let vera = server.user_with_rule("vera@example.com", 7, &place.research).await;
    let offered = |who: &Token, word: &str| {
        let path = query(ROLES, &[("grantableIn", word)]);
        let (server, who) = (&server, who.clone());
        async move { server.get(&who, &path).await }
    };
    let all: Vec<i64> = server
        .get(&server.root, ROLES)
        .await
        .ok()
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["id"].as_i64().unwrap())
        .collect();
    let ids = |list: Value| list.as_array().unwrap().iter().map(|it| it["id"].as_i64().unwrap()).collect::<Vec<_>>();
    assert_eq!(ids(offered(&server.root, "tenant:1001").await.ok()), all);

    let grantable = ids(offered(&dana, &scope_word(&place.vision)).await.ok());
    assert!(grantable.contains(&1710) && !grantable.contains(&1), "{grantable:?}");
    // The offered roles are those that can be granted, role by role.
    for role in all {
        let wanted = rule("group", "Dev", i32::try_from(role).unwrap(), &place.vision);
        let answer = server.post(&dana, RULES, wanted).await;
        assert_eq!(answer.status, if grantable.contains(&role) { 201 } else { 403 }, "role {role}: {}", answer.text());
    }

    assert_eq!(offered(&vera, &scope_word(&place.vision)).await.ok(), json!([]), "a viewer grants nothing");
    assert_eq!(offered(&dana, &scope_word(&place.berlin)).await.ok(), json!([]), "nor above the department");
    offered(&dana, &scope_word(&place.pricing)).await.refused(404).names("there is no project");
    offered(&dana, "project:4711").await.refused(404).names("4711");
    for bad in ["7", "project:x", "system:1001", "tenant:7"] {
        offered(&dana, bad).await.refused(400).names("grantableIn");
    }
}

async fn the_permissions_are_listed_for_any_caller_with_a_permission(server: Server) {
    let everything = server.get(&server.root, TYPES).await.ok();
    let mut permitted: Vec<(String, String)> = Vec::new();
    for role in server.get(&server.root, ROLES).await.ok().as_array().unwrap() {
        for line in role["permissions"].as_array().unwrap() {
            for action in line["actions"].as_array().unwrap() {
                permitted.push((line["resourceType"].to_string(), action.to_string()));
            }
        }
    }
    permitted.sort();
    permitted.dedup();
    let lines = everything.as_array().unwrap();
    let mut told: Vec<(String, String)> = lines
        .iter()
        .flat_map(|line| {
            line["actions"].as_array().unwrap().iter().map(|it| (line["resourceType"].to_string(), it.to_string()))
        })
        .collect();
    told.sort();
    assert_eq!(told, permitted, "what some role permits, each once");
    assert!(
        lines.iter().any(|line| line["resourceType"] == "workspaces" && line["displayName"] == "Workspaces"),
        "{lines:?}"
    );

    // Also for a caller who may not read roles; not for one without permissions.
    let gia = server.sign_in(GIA, ROOTS_PASSWORD).await;
    assert_eq!(server.get(&gia, TYPES).await.ok(), json!([]));
    let place = server.organisation().await;
    server.grant(GIA, 7, &place.vision).await;
    server.get(&gia, ROLES).await.refused(403).names("roles:read");
    assert_eq!(server.get(&gia, TYPES).await.ok(), everything);
}

async fn the_account_is_named_to_callers_who_see_anything_in_it(server: Server) {
    let place = server.organisation().await;
    assert_eq!(server.get(&server.root, SESSION).await.ok()["accountName"], "Acme");
    let gia = server.sign_in(GIA, ROOTS_PASSWORD).await;
    assert!(server.get(&gia, SESSION).await.ok().get("accountName").is_none());
    server.grant(GIA, 7, &place.vision).await;
    assert_eq!(server.get(&gia, SESSION).await.ok()["accountName"], "Acme");
}
