//! Any bytes as the body of a question, on the real router with the sample organisation: it is answered or refused, never by
//! our own fault, and one question has one answer by whatever way it is asked.
//!
//! An input is a digit that chooses the endpoint, a letter that chooses who asks (`r` is root, anything else a Department
//! administrator), and the body.
#![no_main]

mod server;

use std::sync::OnceLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::{Value, json};

use server::Server;

const EVALUATION: &str = "/access/v1/evaluation";
const EVALUATIONS: &str = "/access/v1/evaluations";
const SUBJECTS: &str = "/access/v1/search/subject";
const RESOURCES: &str = "/access/v1/search/resource";
const ACTIONS: &str = "/access/v1/search/action";

static SERVER: OnceLock<Server> = OnceLock::new();

// Making the server takes seconds, which no input is to be blamed for.
fuzz_target!(init: { SERVER.get_or_init(Server::start) }, |data: &[u8]| -> Corpus {
    let [endpoint, who, body @ ..] = data else { return Corpus::Reject };
    let endpoints = [EVALUATION, EVALUATIONS, SUBJECTS, RESOURCES, ACTIONS];
    let Some(path) = endpoints.get(usize::from(endpoint.wrapping_sub(b'0'))) else { return Corpus::Reject };
    let server = SERVER.get_or_init(Server::start);
    let token = if *who == b'r' { &server.root } else { &server.department_administrator };
    let (status, answer) = server.send(path, token, body);
    if status != 200 {
        // Only a caller who may not ask about others everywhere is ever refused because of the question.
        let may_be_refused = status == 403 && *who != b'r';
        let message = answer["message"].as_str().unwrap_or_default();
        assert!(status == 400 || may_be_refused, "{status} {answer}");
        assert!(!message.is_empty() && message.len() < 2000, "{answer}");
    }
    let body: Option<Value> = serde_json::from_slice(body).ok();
    match (status, body) {
        // What is ignored may hold what this reader cannot, such as a number beyond all bounds.
        (200, None) => {}
        (200, Some(body)) => answered(server, path, token, &body, &answer),
        (_, Some(body)) if *path == EVALUATION && is_one_question(&body) => {
            let (again, _) = server.send(EVALUATIONS, token, body.to_string().as_bytes());
            // What a member given twice means is lost in `body`.
            assert!(again == status || status == 400, "{again}, {status} alone: {body}");
        }
        _ => {}
    }
    Corpus::Keep
});

fn is_one_question(body: &Value) -> bool {
    body.get("evaluations").is_none() && body.get("options").is_none()
}

fn answered(server: &Server, path: &str, token: &str, body: &Value, answer: &Value) {
    match path {
        EVALUATION => {
            decided(answer);
            if is_one_question(body) {
                let (_, again) = server.send(EVALUATIONS, token, body.to_string().as_bytes());
                assert_eq!(again, *answer, "{body}");
            }
        }
        EVALUATIONS => match (body["evaluations"].as_array(), answer["evaluations"].as_array()) {
            (Some(asked), Some(answers)) => {
                let all = body["options"]["evaluations_semantic"].as_str().is_none_or(|it| it == "execute_all");
                assert!(answers.len() == asked.len() || !all && answers.len() < asked.len(), "{answer}");
                answers.iter().for_each(decided);
            }
            _ => decided(answer),
        },
        _ => found(server, path, token, body, answer),
    }
}

fn decided(decision: &Value) {
    let (allowed, context) = (decision["decision"].as_bool().expect("a decision"), &decision["context"]);
    assert!(decision.to_string().len() < 100_000, "an answer grows with what was asked");
    assert_eq!(allowed, context.get("code").is_none() && context.get("error").is_none(), "{decision}");
}

/// What is found is allowed, and the next page can be had.
fn found(server: &Server, path: &str, token: &str, body: &Value, page: &Value) {
    let results = page["results"].as_array().expect("results");
    let next = page["page"]["next_token"].as_str().expect("a token");
    assert!(results.len() <= 1000 && (next.is_empty() || !results.is_empty()), "{page}");
    if let Some(found) = results.last() {
        let mut asked = json!({ "subject": body["subject"], "action": body["action"], "resource": body["resource"] });
        let member = match path {
            SUBJECTS => "subject",
            RESOURCES => "resource",
            _ => "action",
        };
        asked[member] = found.clone();
        let (status, decision) = server.send(EVALUATION, token, asked.to_string().as_bytes());
        assert!(status == 200 && decision["decision"] == true, "{asked}: {status} {decision}");
    }
    if !next.is_empty() {
        next_page(server, path, token, body);
    }
}

/// The token is bound to the whole request, so both pages are asked for as this reader writes it: a number, or a member given
/// twice, may have become another.
fn next_page(server: &Server, path: &str, token: &str, body: &Value) {
    let (status, page) = server.send(path, token, body.to_string().as_bytes());
    let next = page["page"]["next_token"].as_str().unwrap_or_default();
    if status != 200 || next.is_empty() {
        return;
    }
    let mut body = body.clone();
    body["page"]["token"] = json!(next);
    let (status, page) = server.send(path, token, body.to_string().as_bytes());
    assert_eq!(status, 200, "the next page: {page}");
}
