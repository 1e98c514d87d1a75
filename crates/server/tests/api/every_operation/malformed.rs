//! JSON bodies with wrong types: an array instead of an object, and another type instead of each value. The error names
//! the member, in terms of JSON.

use serde_json::{Value, json};

use super::ask;
use super::stage::{Me, Stage};
use super::table::{Operation, table};
use crate::harness::{Answer, Server, on_both_databases};

on_both_databases!(an_array_is_no_object, values_of_another_type_are_refused_in_words_of_json);

/// Each place in a value: its JSON pointer.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| places(value, &format!("{at}/{name}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(number, value)| places(value, &format!("{at}/{number}"), found));
        }
        _ => {}
    }
}

/// Calls each operation with each part of its body altered, where `alter` has a replacement.
async fn altered(server: &Server, alter: fn(&Value) -> Option<Value>, check: fn(&Operation, &str, &Answer)) {
    let (stage, me) = (Stage::set(server, 0).await, Me::administrator(server, 0).await);
    let before = server.head().await;
    for operation in table(&stage, &me).into_iter().filter(|operation| !operation.is_form) {
        let Some(body) = &operation.body else { continue };
        let mut found = Vec::new();
        places(body, "", &mut found);
        // Members without an effect are not checked.
        found.retain(|pointer| !matches!(pointer.as_str(), "/resources" | "/clientID"));
        for pointer in found {
            let mut altered = operation.clone();
            let place = altered.body.as_mut().unwrap().pointer_mut(&pointer).unwrap();
            let Some(other) = alter(place) else { continue };
            *place = other;
            let token = (!operation.public).then_some(&me.token);
            check(&operation, &pointer, &ask(server, &altered, token, "malformed").await);
        }
    }
    assert_eq!(server.head().await, before, "nothing changed");
}

/// If one of several evaluations is malformed, the others are answered all the same.
fn is_of_a_batch(operation: &Operation, pointer: &str) -> bool {
    operation.name == "post /access/v1/evaluations" && pointer.starts_with("/evaluations/")
}

fn message(operation: &Operation, pointer: &str, answer: &Answer) -> String {
    if is_of_a_batch(operation, pointer) {
        let error = answer.ok()["evaluations"][0]["context"]["error"].clone();
        assert_eq!(error["status"], 400, "{}", answer.text());
        return error["message"].as_str().unwrap().to_owned();
    }
    answer.refused(400).message
}

async fn an_array_is_no_object(server: Server) {
    let values = |value: &Value| value.as_object().map(|members| members.values().cloned().collect());
    altered(&server, values, |operation, pointer, answer| {
        let message = message(operation, pointer, answer);
        assert!(message.ends_with(": expected an object, got an array"), "{} {pointer}: {message}", operation.name);
    })
    .await;
}

async fn values_of_another_type_are_refused_in_words_of_json(server: Server) {
    let other = |value: &Value| match value {
        Value::Object(_) => Some(json!(true)),
        Value::Array(_) => Some(json!("none")),
        _ => Some(json!([{ "odd": 1 }])),
    };
    altered(&server, other, |operation, pointer, answer| {
        let message = message(operation, pointer, answer);
        let last = pointer.rsplit('/').find(|step| !step.is_empty() && step.parse::<u8>().is_err());
        let within = if is_of_a_batch(operation, pointer) { None } else { last };
        assert!(message.starts_with("the body") || within.is_none_or(|name| message.contains(name)), "{message}");
        for word in ["struct", "enum", "variant", "sequence", "a map", "element", "boolean", "line ", "u32", "i32"] {
            assert!(!message.contains(word), "{} {pointer}: {message}", operation.name);
        }
    })
    .await;
}
