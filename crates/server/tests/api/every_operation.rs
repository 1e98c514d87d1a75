//! What holds for every operation of the API document.

use serde_json::{Value, json};

use crate::harness::{Server, Token, on_both_databases};

on_both_databases!(without_a_token_nothing_is_told, somebody_without_a_rule_gets_nothing, changes_leave_an_audit_row);

/// Operations that need no token: signing in, what relying parties read, and what watches the server.
const PUBLIC: &[&str] = &[
    "post /api/v1/token",
    "post /api/v2/token",
    "post /api/v1/session",
    "get /.well-known/jwks.json",
    "get /.well-known/openid-configuration",
    "get /healthz",
    "get /readyz",
    "get /metrics",
];

/// What somebody without any rule may still do: about himself, or with an answer that is empty for him.
const HIS_OWN: &[&str] = &["post /api/v1/me/password", "get /api/v1/session", "delete /api/v1/session"];

fn operations() -> Vec<(String, String)> {
    let document = serde_json::to_value(rolecall::http::router::document()).unwrap();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            operations.push((method.clone(), path.clone()));
        }
    }
    assert!(operations.len() > 30, "the document lists the API: {operations:?}");
    operations
}

/// The path with ids that look right and belong to nobody.
fn filled(path: &str) -> String {
    path.replace("/users/access-rules", "/users/access-rules?userIds=3f34e891-62cd-40ef-b397-820926cc19ca")
        .replace("{accessRuleId}", "4711")
        .replace("{roleId}", "1")
        .replace("{departmentId}", "4711")
        .replace("{projectId}", "4711")
        .replace("{userId}", "3f34e891-62cd-40ef-b397-820926cc19ca")
        .replace("{clusterUuid}", "3f34e891-62cd-40ef-b397-820926cc19ca")
        .replace("{serviceAccountId}", "3f34e891-62cd-40ef-b397-820926cc19ca")
}

/// A body that makes sense for the operation, so that what refuses is the permission.
fn body(path: &str) -> Value {
    match path {
        "/api/v1/users" => json!({ "email": "new@example.com" }),
        "/api/v1/authorization/access-rules" => json!({ "subjectId": "x@example.com", "subjectType": "user",
            "roleId": 7, "scopeType": "tenant", "scopeId": "1001" }),
        "/api/v1/authorization/access-rules/batch" => json!({ "ids": [1], "action": "delete" }),
        "/api/v1/authorization/access-rules/batch-create" => json!({ "payload": { "roleId": 7,
            "subjects": [{ "subjectId": "x@example.com", "subjectType": "user" }],
            "scopes": [{ "scopeId": "1001", "scopeType": "tenant" }] } }),
        "/api/v1/authorization/permitted-scopes" => json!({ "resourceType": "project" }),
        "/api/v1/org-unit/departments" | "/api/v1/org-unit/projects" => {
            json!({ "name": "new", "clusterId": "3f34e891-62cd-40ef-b397-820926cc19ca", "resources": [] })
        }
        _ => json!({ "name": "new", "enabled": false }),
    }
}

async fn without_a_token_nothing_is_told(server: Server) {
    for (method, path) in operations() {
        let name = format!("{method} {path}");
        if PUBLIC.contains(&name.as_str()) {
            continue;
        }
        let asked = server.ask(&method.to_uppercase(), &filled(&path)).json(&body(&path));
        asked.send().await.refused(401);
        let stranger = Token("a.b.c".to_owned());
        server.ask(&method.to_uppercase(), &filled(&path)).by(&stranger).json(&body(&path)).send().await.refused(401);
    }
}

async fn somebody_without_a_rule_gets_nothing(server: Server) {
    let (_, password) = server.user("nobody@example.com").await;
    let nobody = server.sign_in("nobody@example.com", &password).await;
    let before = server.head().await;
    for (method, path) in operations() {
        let name = format!("{method} {path}");
        if PUBLIC.contains(&name.as_str()) || HIS_OWN.contains(&name.as_str()) {
            continue;
        }
        let asked = server.ask(&method.to_uppercase(), &filled(&path)).by(&nobody).json(&body(&path));
        let answer = asked.send().await;
        if answer.status == 200 {
            let told = answer.json();
            let nowhere = json!({ "system": false, "tenants": [], "clusters": [], "departments": [], "projects": [] });
            let empty = told == json!([])
                || told == json!({ "count": 0 })
                || told == json!({ "departments": [] })
                || told == json!({ "projects": [] })
                || told["totalRecords"] == json!(0)
                || told["accessRules"]["totalRecords"] == json!(0)
                || told["succeeded"] == json!([])
                || told == json!({ "create": nowhere, "read": nowhere, "update": nowhere, "delete": nowhere });
            assert!(empty, "{name} told somebody without a rule {told}");
        } else {
            answer.denied();
        }
    }
    assert_eq!(server.head().await, before, "nothing changed");
}

async fn changes_leave_an_audit_row(server: Server) {
    let place = server.organisation().await;
    let (id, _) = server.user("ana@example.com").await;
    let rule = server.grant("ana@example.com", 7, &place.vision).await;
    server.post(&server.root, &format!("/api/v1/users/{id}/password"), json!({})).await.done();
    server.post(&server.root, &format!("/api/v1/users/{id}/disable"), json!({})).await.gone();
    server.post(&server.root, &format!("/api/v1/users/{id}/enable"), json!({})).await.gone();
    server.delete(&server.root, &format!("/api/v1/authorization/access-rules/{rule}")).await.gone();
    server.delete(&server.root, &place.pricing.path()).await.gone();
    server.delete(&server.root, &format!("/api/v1/users/{id}")).await.gone();

    let rows = server.app.store.audit_newest(100).await.unwrap();
    let told: Vec<_> =
        rows.iter().map(|row| format!("{} {} {}", row.action, row.entity_type, row.entity_name)).collect();
    for wanted in [
        "create cluster berlin",
        "create department research",
        "create project vision",
        "create user ana@example.com",
        "create access-rule ana@example.com is a Viewer in Acme/berlin/research/vision",
        "reset-password user ana@example.com",
        "update user ana@example.com",
        "delete access-rule ana@example.com is a Viewer in Acme/berlin/research/vision",
        "delete project pricing",
        "delete user ana@example.com",
    ] {
        assert!(told.iter().any(|row| row == wanted), "{wanted:?} is not in {told:#?}");
    }
}
