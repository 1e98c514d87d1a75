//! A body that is not a question gets 400; one with additional members does not.

use serde_json::{Value, json};

use super::{ACTIONS, EVALUATION, EVALUATIONS, RESOURCES, SUBJECTS, raw};
use crate::harness::{ROOT, Server, Token, on_both_databases};

on_both_databases!(
    what_is_no_json_object_is_refused,
    each_member_must_be_there_and_of_its_type,
    what_is_not_needed_is_ignored,
    the_request_id_comes_back,
    a_caller_who_may_ask_nothing_is_refused_before_the_question_is_read,
    the_metadata_leads_to_every_endpoint,
);

const ALL: [&str; 5] = [EVALUATION, EVALUATIONS, SUBJECTS, RESOURCES, ACTIONS];

fn whole() -> Value {
    json!({
        "subject": { "type": "user", "id": ROOT },
        "action": { "name": "read" },
        "resource": { "type": "project", "id": "tenant:1001" },
    })
}

async fn what_is_no_json_object_is_refused(server: Server) {
    let whole = whole().to_string();
    for path in ALL {
        for content_type in ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON"] {
            raw(&server, &server.root, path, Some(content_type), whole.as_bytes()).await.ok();
        }
        for content_type in
            [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/jsonl")]
        {
            let refusal = raw(&server, &server.root, path, content_type, whole.as_bytes()).await.refused(400);
            refusal.names("Content-Type");
        }
        let deep = format!("{}{}", "{\"context\":".repeat(5_000), "}".repeat(5_000));
        for body in [
            &b""[..],
            b" ",
            b"{",
            b"null",
            b"true",
            b"[]",
            b"\"text\"",
            b"[{\"type\":\"user\",\"id\":\"x\"},{\"name\":\"read\"},{\"type\":\"project\",\"id\":\"x\"}]",
            &[0xff, 0xfe],
            b"{\"subject\":{\"type\":\"user\",\"id\":\"\xff\"}}",
            [whole.as_bytes(), b"x"].concat().as_slice(),
            [whole.as_bytes(), whole.as_bytes()].concat().as_slice(),
            // Double encoding is supported only for the operations of the client that does it.
            json!(whole).to_string().as_bytes(),
            deep.as_bytes(),
        ] {
            let refusal = raw(&server, &server.root, path, Some("application/json"), body).await.refused(400);
            assert!(refusal.message.len() < 1000, "{}", refusal.message);
        }
        let large = vec![b' '; 256 * 1024 + 1];
        raw(&server, &server.root, path, Some("application/json"), &large).await.refused(413);
    }
}

/// Puts a value into a question; `None` removes the one there.
fn with(pointer: &str, value: Option<Value>) -> Value {
    let mut body = whole();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let members = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Some(value) => members.insert(name.to_owned(), value),
        None => members.remove(name),
    };
    body
}

async fn each_member_must_be_there_and_of_its_type(server: Server) {
    for path in ALL {
        let ignored = |pointer: &str| match path {
            SUBJECTS => pointer == "/subject/id",
            RESOURCES => pointer == "/resource/id",
            ACTIONS => pointer.starts_with("/action"),
            _ => false,
        };
        for pointer in [
            "/subject",
            "/subject/type",
            "/subject/id",
            "/action",
            "/action/name",
            "/resource",
            "/resource/type",
            "/resource/id",
        ] {
            for value in [None, Some(json!(7)), Some(json!(["user", "x"])), Some(json!(true)), Some(Value::Null)] {
                let body = with(pointer, value);
                let answer = server.post(&server.root, path, body.clone()).await;
                if ignored(pointer) {
                    answer.ok();
                } else {
                    let name = pointer.rsplit('/').next().unwrap();
                    answer.refused(400).names(name);
                }
            }
        }
        for pointer in ["/context", "/subject/properties", "/resource/properties"] {
            for value in [json!("text"), json!([1]), json!(7), json!("long".repeat(10_000))] {
                let refusal = server.post(&server.root, path, with(pointer, Some(value))).await.refused(400);
                assert!(refusal.message.len() < 1000, "{}", refusal.message);
            }
        }
        // A duplicate member would be ambiguous.
        let twice = whole().to_string().replacen('{', "{\"resource\":{\"type\":\"project\",\"id\":\"project:1\"},", 1);
        raw(&server, &server.root, path, Some("application/json"), twice.as_bytes()).await.refused(400);
    }
    for path in [SUBJECTS, RESOURCES, ACTIONS] {
        for page in [json!("x"), json!([]), json!({ "token": 7 }), json!({ "limit": "7" }), json!({ "limit": -1 })] {
            server.post(&server.root, path, with("/page", Some(page))).await.refused(400).names("page");
        }
        for limit in [json!(1.5), json!(5_000_000_000_u64)] {
            let page = json!({ "limit": limit });
            server.post(&server.root, path, with("/page", Some(page))).await.refused(400).names("limit");
        }
        for page in
            [Value::Null, json!({}), json!({ "token": "" }), json!({ "limit": 0 }), json!({ "limit": 1_000_000 })]
        {
            server.post(&server.root, path, with("/page", Some(page))).await.ok();
        }
    }
}

async fn what_is_not_needed_is_ignored(server: Server) {
    let mut body = whole();
    body["context"] = json!({ "time": "1985-10-26T01:22-07:00", "deep": { "er": [1, 2, { "x": null }] } });
    body["subject"]["properties"] = json!({ "department": "Sales", "groups": ["Platform, on-call"] });
    body["action"]["properties"] = json!({ "method": "GET" });
    body["resource"]["properties"] = json!({});
    body["unknown"] = json!([[[]]]);
    body["subject"]["more"] = json!(7);
    for path in ALL {
        let plain = server.post(&server.root, path, whole()).await.ok();
        assert_eq!(server.post(&server.root, path, body.clone()).await.ok(), plain, "{path}");
        let mut without = body.clone();
        for (object, name) in [("", "context"), ("/subject", "properties"), ("/resource", "properties")] {
            *without.pointer_mut(object).unwrap().get_mut(name).unwrap() = Value::Null;
        }
        assert_eq!(
            server.post(&server.root, path, without).await.ok(),
            plain,
            "{path}: as some clients write what is not there"
        );
    }
    // The same words, written with escapes.
    let escaped = whole().to_string().replace("@example", "\\u0040example").replace("read", "\\u0072ead");
    let plain = server.post(&server.root, EVALUATION, whole()).await.ok();
    let answer = raw(&server, &server.root, EVALUATION, Some("application/json"), escaped.as_bytes()).await.ok();
    assert_eq!(answer, plain);
}

async fn the_request_id_comes_back(server: Server) {
    for (body, status) in [(whole(), 200), (json!({}), 400)] {
        let asked = server.ask("POST", EVALUATION).by(&server.root).json(&body);
        let answer = asked.header("x-request-id", "bfe9eb29-ab87-4ca3-be83-a1d5d8305716").send().await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("x-request-id"), Some("bfe9eb29-ab87-4ca3-be83-a1d5d8305716"));
    }
    let answer = server.ask("POST", EVALUATION).header("x-request-id", "x7").send().await;
    answer.refused(401);
    assert_eq!(answer.header("x-request-id"), Some("x7"));
}

async fn a_caller_who_may_ask_nothing_is_refused_before_the_question_is_read(server: Server) {
    let (_, password) = server.newcomer("nele@example.com").await;
    let nele = server.sign_in("nele@example.com", &password).await;
    for path in ALL {
        for body in [whole().to_string(), "{".to_owned()] {
            server.ask("POST", path).body(body.clone()).send().await.refused(401);
            raw(&server, &Token("a.b.c".to_owned()), path, None, body.as_bytes()).await.refused(401);
            let refusal = raw(&server, &nele, path, Some("application/json"), body.as_bytes()).await.refused(403);
            refusal.because("password-change-required");
        }
    }
}

async fn the_metadata_leads_to_every_endpoint(server: Server) {
    let metadata = server.ask("GET", "/.well-known/authzen-configuration").send().await.ok();
    assert_eq!(metadata["policy_decision_point"], "http://localhost:8080");
    for (name, path) in [
        ("access_evaluation_endpoint", EVALUATION),
        ("access_evaluations_endpoint", EVALUATIONS),
        ("search_subject_endpoint", SUBJECTS),
        ("search_resource_endpoint", RESOURCES),
        ("search_action_endpoint", ACTIONS),
    ] {
        assert_eq!(metadata[name], format!("http://localhost:8080{path}"), "{metadata}");
    }
}
