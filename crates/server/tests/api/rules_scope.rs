//! The scope in an access rule, and lists by scope.

use serde_json::{Value, json};

use crate::harness::{RULES, Server, TestScope, on_both_databases, query, rule};

on_both_databases!(a_cluster_that_contradicts_the_scope_is_refused, the_level_above_the_account_has_no_rules);

async fn a_cluster_that_contradicts_the_scope_is_refused(server: Server) {
    let place = server.organisation().await;
    let oslo = server.cluster("oslo").await;
    let naming = |at: &TestScope, cluster: &str| {
        let mut wanted = rule("group", "Dev", 7, at);
        wanted["clusterId"] = json!(cluster);
        wanted
    };
    let before = server.head().await;
    for at in [&place.vision, &place.research, &place.berlin, &TestScope::account()] {
        let refusal = server.post(&server.root, RULES, naming(at, &oslo.id)).await.refused(400);
        refusal.names("clusterId: ").names(&oslo.id);
    }
    server.post(&server.root, RULES, naming(&place.vision, "oslo")).await.refused(400).names("clusterId: \"oslo\"");
    let batch = json!({ "payload": {
        "subjects": [{ "subjectId": "Dev", "subjectType": "group" }],
        "roleId": 7,
        "scopes": [{ "scopeId": place.vision.id, "scopeType": "project" }],
        "clusterId": oslo.id,
    } });
    let answer = server.post(&server.root, &format!("{RULES}/batch-create"), batch).await.ok();
    assert_eq!(answer["failed"][0]["code"], 400, "{answer}");
    assert_eq!(server.head().await, before, "nothing changed");
    for at in [&place.vision, &place.research, &place.berlin] {
        server.post(&server.root, RULES, naming(at, &place.berlin.id)).await.created();
    }
    // A caller who does not see the scope gets the same error with any cluster.
    let dana = server.user_with_rule("dana@example.com", 1710, &place.sales).await;
    server.post(&dana, RULES, naming(&place.vision, &oslo.id)).await.refused(404).names("scopeId");
}

async fn the_level_above_the_account_has_no_rules(server: Server) {
    let list: Value = server.get(&server.root, &query(RULES, &[("scopeType", "system")])).await.ok();
    assert_eq!(list, json!({ "totalRecords": 0, "displayRecords": 0, "accessRules": [] }));
    let count = server.get(&server.root, &query(&format!("{RULES}/count"), &[("scopeType", "system")])).await.ok();
    assert_eq!(count["count"], 0);
    server.get(&server.root, &query(RULES, &[("scopeType", "galaxy")])).await.refused(400).names("scopeType");
    let wanted = rule("group", "Dev", 7, &TestScope { kind: "system", id: "1001".to_owned() });
    server.post(&server.root, RULES, wanted).await.refused(400).names("scopeType");
}
