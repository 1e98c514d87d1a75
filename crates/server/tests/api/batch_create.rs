//! Creating several access rules in one request.

use serde_json::{Value, json};

use crate::harness::{RULES, Server, TestScope, on_both_databases, query};

on_both_databases!(
    each_subject_gets_the_role_in_each_scope,
    what_makes_no_sense_fails_alone,
    what_is_no_batch_is_refused_as_a_whole,
    a_department_administrator_grants_in_their_department_only,
    nothing_is_tried_against_a_dead_database,
);

const BATCH_CREATE: &str = "/api/v1/authorization/access-rules/batch-create";

fn subjects(kind: &str, ids: &[&str]) -> Value {
    ids.iter().map(|id| json!({ "subjectId": id, "subjectType": kind })).collect()
}

fn scopes(places: &[&TestScope]) -> Value {
    places.iter().map(|place| json!({ "scopeId": place.id, "scopeType": place.kind })).collect()
}

fn payload(subjects: Value, role: i32, scopes: Value) -> Value {
    json!({ "payload": { "subjects": subjects, "roleId": role, "scopes": scopes } })
}

/// The subject and scope of a rule.
type Made = (String, String);

/// The same, with the status of its refusal.
type Failed = (String, String, i64);

/// The result of each.
fn told(answer: &Value) -> (Vec<Made>, Vec<Failed>) {
    let pair = |rule: &Value| {
        let text = |name: &str| rule[name].as_str().unwrap().to_owned();
        (text("subjectId"), text("scopeId"))
    };
    let failed = answer["failed"].as_array().unwrap().iter().map(|item| {
        assert!(!item["message"].as_str().unwrap().is_empty(), "{answer}");
        let (subject, scope) = pair(&item["payload"]);
        (subject, scope, item["code"].as_i64().unwrap())
    });
    (answer["succeeded"].as_array().unwrap().iter().map(pair).collect(), failed.collect())
}

async fn each_subject_gets_the_role_in_each_scope(server: Server) {
    let place = server.organisation().await;
    server.grant("ben@example.com", 7, &place.vision).await;
    let before = server.head().await;
    let body =
        payload(subjects("user", &["ANA@example.com", "ben@example.com"]), 7, scopes(&[&place.pricing, &place.vision]));
    let answer = server.post(&server.root, BATCH_CREATE, body).await;
    let (made, failed) = told(&answer.ok());
    let pair = |who: &str, place: &TestScope| (format!("{who}@example.com"), place.id.clone());
    assert_eq!(made, [pair("ana", &place.pricing), pair("ana", &place.vision), pair("ben", &place.pricing)]);
    assert_eq!(failed, [("ben@example.com".to_owned(), place.vision.id.clone(), 409)], "there is that one already");
    assert_eq!(answer.revision(), before.number() + 3);
    assert_eq!(server.head().await.number(), before.number() + 3, "a revision for each");

    let made = answer.ok()["succeeded"][2].clone();
    let found = server.get(&server.root, &format!("{RULES}/{}", made["id"])).await.ok();
    for (name, value) in made.as_object().unwrap() {
        assert_eq!(found[name], *value, "{name} as it is read");
    }
    let rows = server.audited_after(before).await;
    let audited: Vec<_> = rows.iter().map(|row| row.entity_id.clone()).collect();
    let answer = answer.ok();
    let ids = answer["succeeded"].as_array().unwrap().iter().map(|rule| rule["id"].to_string());
    assert_eq!(audited, ids.collect::<Vec<_>>());
    assert!(rows.iter().all(|row| row.action == "create" && row.url == BATCH_CREATE && row.http_status_code == 200));
}

async fn what_makes_no_sense_fails_alone(server: Server) {
    let place = server.organisation().await;
    let robot = server.service_account("robot").await;
    let mut who = subjects("app", &[&robot.client_id, "nobody-knows-it"]);
    let more = [("user", "no address"), ("robot", "x"), ("service-account", &robot.client_id), ("group", "Dev")];
    who.as_array_mut().unwrap().extend(more.map(|(kind, id)| json!({ "subjectId": id, "subjectType": kind })));
    let mut wanted = payload(who, 7, scopes(&[&place.vision]));
    wanted["payload"]["clusterId"] = json!(place.berlin.id);
    wanted["payload"]["scopes"].as_array_mut().unwrap().push(json!({ "scopeId": "1001", "scopeType": "system" }));
    let answer = server.post(&server.root, BATCH_CREATE, wanted).await.ok();

    let made: Vec<_> = answer["succeeded"].as_array().unwrap().iter().map(|rule| &rule["subjectType"]).collect();
    assert_eq!(made, ["app", "group"], "{answer}: each by the word that it was asked with");
    let (_, failed) = told(&answer);
    let codes: Vec<_> = failed.iter().map(|(who, scope, code)| (who.as_str(), scope == "1001", *code)).collect();
    let robot = robot.client_id.as_str();
    let expected = [
        (robot, true, 400),
        ("nobody-knows-it", false, 404),
        ("nobody-knows-it", true, 400),
        ("no address", false, 400),
        ("no address", true, 400),
        ("x", false, 400),
        ("x", true, 400),
        (robot, false, 409),
        (robot, true, 400),
        ("Dev", true, 400),
    ];
    assert_eq!(codes, expected);
    let first = &answer["failed"][0];
    assert!(first["message"].as_str().unwrap().starts_with("scopeType: \"system\""), "{first}");
    let said = json!({ "subjectId": robot, "subjectType": "app", "roleId": 7, "scopeId": "1001", "scopeType": "system",
        "clusterId": place.berlin.id });
    assert_eq!(first["payload"], said, "as it was asked for");

    let unknown = payload(subjects("group", &["Dev"]), 4711, scopes(&[&place.speech]));
    let answer = server.post(&server.root, BATCH_CREATE, unknown).await.ok();
    assert_eq!(told(&answer).1[0].2, 400);
    assert!(answer["failed"][0]["message"].as_str().unwrap().contains("4711"), "{answer}");
}

async fn what_is_no_batch_is_refused_as_a_whole(server: Server) {
    let before = server.head().await;
    let account = TestScope::account();
    let names: Vec<_> = (0..167).map(|n| format!("group-{n}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let good = || payload(subjects("group", &["Dev"]), 7, scopes(&[&account]));
    let without = |member: &str| {
        let mut body = good();
        body["payload"].as_object_mut().unwrap().remove(member);
        body
    };
    for (body, word) in [
        (json!({}), "payload"),
        (without("subjects"), "subjects"),
        (without("roleId"), "roleId"),
        (without("scopes"), "scopes"),
        (payload(json!([]), 7, scopes(&[&account])), "0"),
        (payload(subjects("group", &["Dev"]), 7, json!([])), "0"),
        (payload(subjects("group", &names), 7, scopes(&[&account; 3])), "501"),
        (payload(json!([{ "subjectId": 7, "subjectType": "user" }]), 7, scopes(&[&account])), "subjects[0].subjectId"),
    ] {
        server.post(&server.root, BATCH_CREATE, body).await.refused(400).names(word);
    }
    assert_eq!(server.head().await, before, "nothing changed");
}

async fn a_department_administrator_grants_in_their_department_only(server: Server) {
    let place = server.organisation().await;
    let dana = server.user_with_rule("dana@example.com", 1710, &place.research).await;
    let before = server.head().await;
    let elsewhere = [&place.pricing, &place.sales, &place.berlin, &TestScope::account()];
    let answer = server.post(&dana, BATCH_CREATE, payload(subjects("group", &["Dev"]), 7, scopes(&elsewhere))).await;
    assert_eq!(answer.header("rolecall-revision"), None);
    let codes: Vec<_> = told(&answer.ok()).1.iter().map(|(_, _, code)| *code).collect();
    assert_eq!(codes, [404, 404, 403, 403], "what the caller does not see, and where they may not");
    let higher = payload(subjects("user", &["dana@example.com"]), 1, scopes(&[&place.research, &place.vision]));
    let codes: Vec<_> = told(&server.post(&dana, BATCH_CREATE, higher).await.ok()).1;
    assert!(codes.iter().all(|(_, _, code)| *code == 403), "no caller raises themselves: {codes:?}");
    assert_eq!(server.head().await, before, "nothing was written");

    let mixed = payload(subjects("group", &["Dev"]), 7, scopes(&[&place.pricing, &place.speech]));
    let (made, failed) = told(&server.post(&dana, BATCH_CREATE, mixed).await.ok());
    assert_eq!((made.len(), failed.len()), (1, 1));
    let devs = server.get(&server.root, &query(RULES, &[("subjectIds", "Dev")])).await.ok();
    assert_eq!((&devs["totalRecords"], &devs["accessRules"][0]["scopeName"]), (&json!(1), &json!("speech")));
}

async fn nothing_is_tried_against_a_dead_database(server: Server) {
    server.app.store.clone().close().await;
    let wanted = payload(subjects("group", &["Dev", "Ops", "QA"]), 7, scopes(&[&TestScope::account()]));
    let answer = server.post(&server.root, BATCH_CREATE, wanted).await.ok();
    let codes: Vec<_> = told(&answer).1.iter().map(|(_, _, code)| *code).collect();
    assert_eq!(codes, [503, 503, 503]);
    assert!(answer["failed"][2]["message"].as_str().unwrap().starts_with("not tried"), "{answer}");
}
