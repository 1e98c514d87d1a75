//! Several questions at once: in order, each by itself, up to where the semantic ends them.

use serde_json::{Value, json};

use super::{EVALUATION, EVALUATIONS, question, resource, user};
use crate::harness::{Server, TestScope, on_both_databases};

on_both_databases!(
    decisions_come_in_the_order_of_the_questions,
    defaults_stand_in_as_a_whole,
    the_three_semantics,
    a_bad_one_harms_no_other,
    without_evaluations_it_is_one_question,
    an_answer_has_a_limit_however_many_rules_there_are_to_tell,
    what_is_wrong_with_the_whole_is_refused,
);

const ANA: &str = "ana@example.com";

async fn ask(server: &Server, body: Value) -> Vec<Value> {
    let answer = server.post(&server.root, EVALUATIONS, body).await.ok();
    assert_eq!(answer.as_object().unwrap().len(), 1, "no decision beside the decisions: {answer}");
    answer["evaluations"].as_array().unwrap().clone()
}

fn decisions(evaluations: &[Value]) -> Vec<bool> {
    evaluations.iter().map(|it| it["decision"].as_bool().unwrap()).collect()
}

/// Ana is a viewer in research.
async fn set(server: &Server) -> (TestScope, TestScope) {
    let place = server.organisation().await;
    server.user_with_rule(ANA, 7, &place.research).await;
    (place.vision, place.pricing)
}

async fn decisions_come_in_the_order_of_the_questions(server: Server) {
    let (theirs, not_theirs) = set(&server).await;
    let questions: Vec<Value> = [&theirs, &not_theirs, &theirs, &theirs, &not_theirs]
        .iter()
        .flat_map(|place| [question(ANA, "project:read", place), question("ben@example.com", "project:read", place)])
        .collect();
    let answers = ask(&server, json!({ "evaluations": questions })).await;
    assert_eq!(answers.len(), questions.len());
    for (question, answer) in questions.iter().zip(&answers) {
        assert_eq!(server.post(&server.root, EVALUATION, question.clone()).await.ok(), *answer, "{question}");
    }
    assert_eq!(decisions(&answers), [true, false, false, false, true, false, true, false, false, false]);
}

async fn defaults_stand_in_as_a_whole(server: Server) {
    let (theirs, not_theirs) = set(&server).await;
    let answers = ask(
        &server,
        json!({
            "subject": user(ANA), "action": { "name": "read" }, "resource": resource("project", &theirs), "context": {},
            "evaluations": [
                {},
                { "resource": resource("project", &not_theirs) },
                { "subject": user("ben@example.com") },
                { "action": { "name": "delete" }, "context": { "x": 1 } },
                // Half a subject is not completed from the defaults.
                { "subject": { "id": ANA } },
                { "resource": { "type": "project" } },
                // `null` is not replaced by the default.
                { "subject": null },
                { "action": null },
                { "resource": null },
            ],
        }),
    )
    .await;
    assert_eq!(decisions(&answers), [true, false, false, false, false, false, false, false, false]);
    for answer in &answers[4..] {
        assert_eq!(answer["context"]["error"]["status"], 400, "{answer}");
    }
    for answer in &answers[..4] {
        assert!(answer["context"].get("error").is_none(), "{answer}");
    }
}

async fn the_three_semantics(server: Server) {
    let (theirs, not_theirs) = set(&server).await;
    let asked = |semantic: Value, places: &[&TestScope]| {
        let items: Vec<Value> = places.iter().map(|place| json!({ "resource": resource("project", place) })).collect();
        json!({ "subject": user(ANA), "action": { "name": "read" }, "evaluations": items,
            "options": { "evaluations_semantic": semantic, "another": 7 } })
    };
    let (yes, no) = (&theirs, &not_theirs);
    for (semantic, places, expected) in [
        ("execute_all", &[yes, no, yes][..], &[true, false, true][..]),
        ("deny_on_first_deny", &[yes, no, yes], &[true, false]),
        ("deny_on_first_deny", &[yes, yes], &[true, true]),
        ("permit_on_first_permit", &[no, yes, no], &[false, true]),
        ("permit_on_first_permit", &[no, no], &[false, false]),
    ] {
        assert_eq!(decisions(&ask(&server, asked(json!(semantic), places)).await), expected, "{semantic}");
    }
    assert_eq!(decisions(&ask(&server, asked(Value::Null, &[yes, no, yes])).await), [true, false, true]);
    // One that fails counts as denied.
    let mut failing = asked(json!("deny_on_first_deny"), &[yes, no, yes]);
    failing["evaluations"][1] = json!(7);
    assert_eq!(decisions(&ask(&server, failing).await), [true, false]);
    for bad in [json!("all"), json!(7), json!("EXECUTE_ALL"), json!({ "deny_on_first_deny": null })] {
        server.post(&server.root, EVALUATIONS, asked(bad, &[yes])).await.refused(400).names("options");
    }
}

async fn a_bad_one_harms_no_other(server: Server) {
    let (theirs, _) = set(&server).await;
    let good = question(ANA, "project:read", &theirs);
    for bad in [
        json!(null),
        json!(7),
        json!("text"),
        json!([]),
        json!({}),
        json!({ "subject": 7 }),
        json!({ "subject": user(ANA), "action": { "name": "read" } }),
        json!({ "subject": { "type": "user", "id": 7 }, "action": { "name": "read" }, "resource": resource("project", &theirs) }),
        json!({ "subject": user(ANA), "action": "read", "resource": resource("project", &theirs) }),
        json!({ "subject": user(ANA), "action": { "name": "read" }, "resource": resource("project", &theirs), "context": 7 }),
    ] {
        let answers = ask(&server, json!({ "evaluations": [good, bad, good] })).await;
        assert_eq!(decisions(&answers), [true, false, true], "{bad}");
        let error = &answers[1]["context"]["error"];
        assert_eq!(error["status"], 400, "{bad}: {error}");
        assert!(!error["message"].as_str().unwrap().is_empty());
        assert_eq!(answers[0], server.post(&server.root, EVALUATION, good.clone()).await.ok());
    }
}

async fn without_evaluations_it_is_one_question(server: Server) {
    let (theirs, not_theirs) = set(&server).await;
    for place in [&theirs, &not_theirs] {
        let alone = question(ANA, "project:read", place);
        let expected = server.post(&server.root, EVALUATION, alone.clone()).await.ok();
        for evaluations in [None, Some(json!([])), Some(Value::Null)] {
            let mut body = alone.clone();
            if let Some(evaluations) = evaluations {
                body["evaluations"] = evaluations;
            }
            assert_eq!(server.post(&server.root, EVALUATIONS, body).await.ok(), expected);
        }
    }
    for name in ["subject", "action", "resource"] {
        let mut body = question(ANA, "project:read", &theirs);
        body.as_object_mut().unwrap().remove(name);
        server.post(&server.root, EVALUATIONS, body).await.refused(400).names(name);
    }
}

async fn what_is_wrong_with_the_whole_is_refused(server: Server) {
    let (theirs, _) = set(&server).await;
    let good = question(ANA, "project:read", &theirs);
    for (name, value) in [
        ("subject", json!(7)),
        ("subject", json!({ "type": "user" })),
        ("action", json!([])),
        ("resource", json!("project")),
        ("context", json!("text")),
        ("options", json!([])),
        ("evaluations", json!({})),
        ("evaluations", json!("text")),
    ] {
        let mut body = json!({ "evaluations": [good] });
        body[name] = value.clone();
        let refusal = server.post(&server.root, EVALUATIONS, body).await.refused(400);
        assert!(refusal.message.contains(name), "{name} {value}: {}", refusal.message);
    }
    let (at_most, too_many) = (vec![json!({}); 1000], vec![json!({}); 1001]);
    let with = |evaluations: Vec<Value>| {
        let mut body = good.clone();
        body["evaluations"] = json!(evaluations);
        body
    };
    assert_eq!(decisions(&ask(&server, with(at_most)).await), [true; 1000]);
    server.post(&server.root, EVALUATIONS, with(too_many)).await.refused(400).names("1001");
    let malformed = vec![json!(1); 1001];
    server.post(&server.root, EVALUATIONS, with(malformed)).await.refused(400).names("1001");
}

async fn an_answer_has_a_limit_however_many_rules_there_are_to_tell(server: Server) {
    let place = server.organisation().await;
    for role in [1, 6, 7, 1708, 1710] {
        for at in [&TestScope::account(), &place.berlin, &place.research, &place.vision] {
            server.grant_to("group", "collectors", role, at).await;
        }
    }
    let mut body = question(ANA, "project:read", &place.vision);
    body["subject"] = json!({ "type": "group", "id": "collectors" });
    body["evaluations"] = json!(vec![json!({}); 100]);
    assert_eq!(decisions(&ask(&server, body.clone()).await), [true; 100]);
    body["evaluations"] = json!(vec![json!({}); 1000]);
    server.post(&server.root, EVALUATIONS, body).await.refused(413).names("fewer");
}
