//! The standard API for decisions (AuthZEN 1.0): questions, answers, and callers.

mod bodies;
mod effective;
mod evaluation;
mod evaluations;
mod hidden;
mod search;

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::every_operation::Document;
use crate::harness::{Answer, Server, TestScope, Token};

static DOCUMENT: LazyLock<Document> = LazyLock::new(Document::of_the_routes);

pub const EVALUATION: &str = "/access/v1/evaluation";
pub const EVALUATIONS: &str = "/access/v1/evaluations";
pub const SUBJECTS: &str = "/access/v1/search/subject";
pub const RESOURCES: &str = "/access/v1/search/resource";
pub const ACTIONS: &str = "/access/v1/search/action";

/// A scope in the form of `resource.id`.
pub fn word(place: &TestScope) -> String {
    format!("{}:{}", place.kind, place.id)
}

pub fn user(email: &str) -> Value {
    json!({ "type": "user", "id": email })
}

pub fn resource(resource_type: &str, place: &TestScope) -> Value {
    json!({ "type": resource_type, "id": word(place) })
}

/// May that user do that there?
pub fn question(email: &str, permission: &str, place: &TestScope) -> Value {
    let (resource_type, action) = permission.split_once(':').unwrap();
    json!({ "subject": user(email), "action": { "name": action }, "resource": resource(resource_type, place) })
}

impl Server {
    /// Asks whether that user may do that there.
    pub async fn may(&self, who: &Token, email: &str, permission: &str, place: &TestScope) -> Value {
        let answer = self.post(who, EVALUATION, question(email, permission, place)).await.ok();
        // It is written without a schema.
        DOCUMENT.describes("DecisionAnswer", &answer);
        answer
    }

    /// Every result of a search, page by page; also checks that every page except the last is full.
    pub async fn found(&self, who: &Token, search: &str, mut body: Value, limit: usize) -> Vec<Value> {
        let mut all = Vec::new();
        body["page"] = json!({ "limit": limit });
        loop {
            let page = self.post(who, search, body.clone()).await.ok();
            let results = page["results"].as_array().unwrap();
            all.extend(results.iter().cloned());
            let token = page["page"]["next_token"].as_str().unwrap();
            if token.is_empty() {
                return all;
            }
            assert_eq!(results.len(), limit, "{page}");
            body["page"]["token"] = json!(token);
        }
    }
}

/// Sends these bytes with that content type.
pub async fn raw(server: &Server, who: &Token, path: &str, content_type: Option<&str>, body: &[u8]) -> Answer {
    let asked = server.ask("POST", path).by(who).body(body);
    match content_type {
        Some(content_type) => asked.header("content-type", content_type).send().await,
        None => asked.send().await,
    }
}
