//! Deleting several access rules in one request.

use serde_json::{Value, json};

use crate::harness::{ROOT, RULES, Server, TestScope, Token, on_both_databases, query};

on_both_databases!(
    each_is_a_change_of_its_own_in_the_order_given,
    what_is_no_batch_is_refused_as_a_whole,
    another_department_s_rules_are_not_there,
    the_caller_s_own_rules_are_deleted_last,
    of_the_caller_s_own_rules_the_one_that_deletes_goes_last,
    the_last_administrator_stays,
    what_is_validated_is_what_happens,
    nothing_is_tried_against_a_dead_database,
);

const BATCH: &str = "/api/v1/authorization/access-rules/batch";
const DEPARTMENT_ADMINISTRATOR: i32 = 1710;

fn batch(action: &str, ids: impl Into<Value>) -> Value {
    json!({ "action": action, "ids": ids.into() })
}

/// The ids that succeeded; the ids and statuses that failed.
fn told(answer: &Value) -> (Vec<String>, Vec<(String, i64)>) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let succeeded = answer["succeeded"].as_array().unwrap().iter().map(text).collect();
    let failed = answer["failed"].as_array().unwrap().iter().map(|item| {
        assert!(!item["message"].as_str().unwrap().is_empty(), "{answer}");
        (text(&item["id"]), item["code"].as_i64().unwrap())
    });
    (succeeded, failed.collect())
}

/// Validates, which must change nothing; then deletes, with the same result, which is returned.
async fn foretold(server: &Server, who: &Token, ids: &[i64]) -> (Vec<String>, Vec<(String, i64)>) {
    let before = server.head().await;
    let validated = server.post(who, BATCH, batch("validate_delete", ids)).await;
    assert_eq!(validated.header("rolecall-revision"), None, "nothing changed");
    assert_eq!(server.head().await, before, "nothing changed");
    let deleted = server.post(who, BATCH, batch("delete", ids)).await.ok();
    let validated = validated.ok();
    assert_ne!(validated["id"], deleted["id"], "each batch has an id of its own");
    for list in ["succeeded", "failed"] {
        assert_eq!(validated[list], deleted[list], "word for word");
    }
    told(&deleted)
}

fn texts(ids: &[i64]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

async fn each_is_a_change_of_its_own_in_the_order_given(server: Server) {
    let place = server.organisation().await;
    let first = server.grant("ana@example.com", 7, &place.vision).await;
    let second = server.grant("ben@example.com", 7, &place.vision).await;
    let kept = server.grant("cem@example.com", 7, &place.vision).await;
    let before = server.head().await;

    // Numbers and strings; a text that is no number, an unknown id, and a deleted one.
    let ids = json!([second, first.to_string(), "4711", "no number", 1.5, -1, second.to_string()]);
    let answer = server.post(&server.root, BATCH, batch("delete", ids)).await;
    let body = answer.ok();
    assert!(uuid::Uuid::parse_str(body["id"].as_str().unwrap()).is_ok(), "{body}");
    let (succeeded, failed) = told(&body);
    assert_eq!(succeeded, texts(&[second, first]));
    let expected = [("4711", 404), ("no number", 400), ("1.5", 400), ("-1", 400), (&second.to_string(), 404)];
    assert_eq!(failed, expected.map(|(id, code)| (id.to_owned(), code)));
    assert!(body["failed"][1]["message"].as_str().unwrap().contains("\"no number\""), "{body}");

    assert_eq!(server.head().await, before.next().next(), "a revision for each that succeeded");
    assert_eq!(answer.revision(), before.number() + 2, "the answer carries the last one");
    let rows = server.audited_after(before).await;
    let told: Vec<_> = rows.iter().map(|row| row.entity_name.as_str()).collect();
    let sentence = |who: &str| format!("{who}@example.com has Viewer in Acme/berlin/research/vision");
    assert_eq!(told, [sentence("ben"), sentence("ana")]);
    for row in &rows {
        assert_eq!((row.action.as_str(), row.url.as_str(), row.http_status_code), ("delete", BATCH, 200));
    }
    let left = server.get(&server.root, &query(RULES, &[("scopeType", "project")])).await.ok();
    assert_eq!(left["accessRules"][0]["id"], kept);
    assert_eq!(left["totalRecords"], 1);
}

async fn what_is_no_batch_is_refused_as_a_whole(server: Server) {
    let place = server.organisation().await;
    let rule = server.grant("ana@example.com", 7, &place.vision).await;
    let before = server.head().await;
    let many: Vec<i64> = (0..501).map(|n| rule + n).collect();
    for (body, word) in [
        (batch("delete", json!([])), "0"),
        (batch("delete", many), "501"),
        (batch("delete", json!([rule, null])), "ids[1]"),
        (batch("delete", json!(rule)), "ids"),
        (batch("erase", json!([rule])), "action"),
        (json!({ "ids": [rule] }), "action"),
        (json!({ "action": "delete" }), "ids"),
    ] {
        server.post(&server.root, BATCH, body).await.refused(400).names(word);
    }
    assert_eq!(server.head().await, before);
    let most: Vec<i64> = (0..500).map(|n| 100_000 + n).collect();
    let answer = server.post(&server.root, BATCH, batch("delete", most)).await.ok();
    assert_eq!(told(&answer).1.len(), 500);
    assert_eq!(server.head().await, before);
}

async fn another_department_s_rules_are_not_there(server: Server) {
    let place = server.organisation().await;
    let dana = server.user_with_rule("dana@example.com", DEPARTMENT_ADMINISTRATOR, &place.research).await;
    let foreign = server.grant("sal@example.com", 7, &place.pricing).await;
    let above = server.grant("sal@example.com", 7, &place.berlin).await;
    // More than the caller has, in their own department.
    let higher = server.grant("eve@example.com", 1, &place.research).await;
    let before = server.head().await;

    let (succeeded, failed) = foretold(&server, &dana, &[foreign, higher, above]).await;
    assert_eq!(succeeded, texts(&[]));
    let codes: Vec<_> = failed.iter().map(|(_, code)| *code).collect();
    assert_eq!(codes, [404, 403, 404]);
    let answer = server.post(&dana, BATCH, batch("delete", json!([foreign]))).await;
    assert_eq!(answer.header("rolecall-revision"), None, "nothing changed");
    let message = answer.ok()["failed"][0]["message"].as_str().unwrap().to_owned();
    let missing = server.post(&dana, BATCH, batch("delete", json!([999_999]))).await.ok();
    let missing = missing["failed"][0]["message"].as_str().unwrap().replace("999999", &foreign.to_string());
    assert_eq!(message, missing, "hidden reads like missing");
    assert_eq!(server.head().await, before, "nothing was written");
}

async fn the_caller_s_own_rules_are_deleted_last(server: Server) {
    let place = server.organisation().await;
    let dana = server.user_with_rule("dana@example.com", DEPARTMENT_ADMINISTRATOR, &place.research).await;
    let own = server.get(&dana, "/api/v1/authorization/me/access-rules").await.ok();
    let own = own["accessRules"]["accessRules"][0]["id"].as_i64().unwrap();
    let first = server.grant("ana@example.com", 7, &place.vision).await;
    let second = server.grant("ben@example.com", 7, &place.vision).await;

    let before = server.head().await;
    let (succeeded, failed) = foretold(&server, &dana, &[own, first, second]).await;
    assert_eq!(succeeded, texts(&[own, first, second]), "told in the order given");
    assert_eq!(failed, []);
    let rows = server.audited_after(before).await;
    let deleted: Vec<_> = rows.iter().map(|row| row.entity_name.split(' ').next().unwrap()).collect();
    assert_eq!(deleted, ["ana@example.com", "ben@example.com", "dana@example.com"], "done with the own one last");
}

async fn of_the_caller_s_own_rules_the_one_that_deletes_goes_last(server: Server) {
    let place = server.organisation().await;
    let dana = server.user_with_rule("dana@example.com", DEPARTMENT_ADMINISTRATOR, &place.research).await;
    let administrates = server.get(&dana, "/api/v1/authorization/me/access-rules").await.ok();
    let administrates = administrates["accessRules"]["accessRules"][0]["id"].as_i64().unwrap();
    let views = server.grant("dana@example.com", 7, &place.vision).await;
    let above = server.grant("dana@example.com", 7, &place.berlin).await;

    let (succeeded, failed) = foretold(&server, &dana, &[administrates, above, views]).await;
    assert_eq!(succeeded, texts(&[administrates, views]));
    assert_eq!(failed, [(above.to_string(), 403)], "theirs to see, and never theirs to delete");

    // The last administrator deletes the others' rules, and keeps their own.
    let anas = server.grant("ana@example.com", 1, &TestScope::account()).await;
    let roots = server.get(&server.root, &query(RULES, &[("subjectIds", ROOT)])).await.ok();
    let roots = roots["accessRules"][0]["id"].as_i64().unwrap();
    let (succeeded, failed) = foretold(&server, &server.root, &[roots, anas]).await;
    assert_eq!(succeeded, texts(&[anas]));
    assert_eq!(failed, [(roots.to_string(), 409)], "the last way in");
}

async fn the_last_administrator_stays(server: Server) {
    let robot = server.service_account("robot").await;
    server.grant_to("service-account", &robot.client_id, 1, &TestScope::account()).await;
    let robot = server.sign_in_machine(&robot).await;
    server.user("ana@example.com").await;
    let anas = server.grant("ana@example.com", 1, &TestScope::account()).await;
    let roots = server.get(&server.root, &query(RULES, &[("subjectIds", ROOT)])).await.ok();
    let roots = roots["accessRules"][0]["id"].as_i64().unwrap();

    let (succeeded, failed) = foretold(&server, &robot, &[roots, anas]).await;
    assert_eq!(succeeded, texts(&[roots]));
    assert_eq!(failed, [(anas.to_string(), 409)], "of two, the second is the last one");
}

async fn what_is_validated_is_what_happens(server: Server) {
    let place = server.organisation().await;
    let dana = server.user_with_rule("dana@example.com", DEPARTMENT_ADMINISTRATOR, &place.research).await;
    let mut ids = Vec::new();
    for (who, role, at) in [
        ("ana@example.com", 7, &place.vision),
        ("ben@example.com", 1, &place.speech),
        ("cem@example.com", 7, &place.pricing),
        ("dan@example.com", DEPARTMENT_ADMINISTRATOR, &place.research),
    ] {
        ids.push(server.grant(who, role, at).await);
    }
    ids.extend([ids[0], 4711]);
    let (succeeded, failed) = foretold(&server, &dana, &ids).await;
    assert_eq!(succeeded, texts(&[ids[0], ids[3]]));
    let codes: Vec<_> = failed.iter().map(|(_, code)| *code).collect();
    assert_eq!(codes, [403, 404, 404, 404]);
}

async fn nothing_is_tried_against_a_dead_database(server: Server) {
    let place = server.organisation().await;
    let rule = server.grant("ana@example.com", 7, &place.vision).await;
    server.app.store.clone().close().await;
    server.post(&server.root, BATCH, batch("validate_delete", json!([rule]))).await.refused(503);
    let answer = server.post(&server.root, BATCH, batch("delete", json!([rule, 4711, "no number", 4712]))).await;
    assert_eq!(answer.header("rolecall-revision"), None);
    let answer = answer.ok();
    let codes: Vec<_> = told(&answer).1.iter().map(|(_, code)| *code).collect();
    assert_eq!(codes, [503, 503, 400, 503]);
    let tried = |n: usize| !answer["failed"][n]["message"].as_str().unwrap().starts_with("not tried");
    assert_eq!([tried(0), tried(1), tried(3)], [true, false, false], "{answer}");
}
