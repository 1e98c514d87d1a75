//! Bad input: a 4xx that names what is wrong, and no change. And the one malformed body that is accepted.

use serde_json::{Value, json};

use crate::harness::{RULES, Server, on_both_databases, query};

on_both_databases!(
    bodies_are_refused_by_field,
    a_body_that_is_encoded_twice_is_understood,
    a_body_is_read_before_its_sender_is_refused,
    queries_are_refused_by_parameter
);

async fn bodies_are_refused_by_field(server: Server) {
    server.user("ana@example.com").await;
    let before = server.head().await;
    let long = format!("{}@example.com", "a".repeat(250));
    for (email, status) in [
        ("ana@example.com", 409),
        ("ANA@Example.COM", 409),
        ("no address", 400),
        ("änna@example.com", 400),
        ("a\u{0}b@example.com", 400),
        (long.as_str(), 400),
    ] {
        let refusal = server.post(&server.root, "/api/v1/users", json!({ "email": email })).await.refused(status);
        refusal.names(if status == 409 { "already exists" } else { "email" });
    }
    let rule = |role: i64, kind: &str, id: &str| json!({ "subjectId": "ana@example.com", "subjectType": "user", "roleId": role, "scopeType": kind, "scopeId": id });
    for (body, word) in [
        (rule(99, "tenant", "1001"), "roleId"),
        (rule(3_000_000_000, "tenant", "1001"), "roleId"),
        (rule(7, "tenant", "7"), "scopeId"),
        (rule(7, "department", "4711"), "scopeId"),
        (rule(7, "cluster", "7"), "scopeId"),
        (rule(7, "system", "1001"), "scopeType"),
    ] {
        let answer = server.post(&server.root, RULES, body).await;
        assert!(matches!(answer.status, 400 | 404), "{} {}", answer.status, answer.text());
        answer.refused(answer.status).names(word);
    }
    for (body, status) in [
        (b"{\"email\":".to_vec(), 400),
        (b"{\"email\":7}".to_vec(), 400),
        (b"[]".to_vec(), 400),
        (b"[\"bob@example.com\"]".to_vec(), 400),
        (b"{\"email\":\"bob@example.com\",\"email\":\"dan@example.com\"}".to_vec(), 400),
        (b"\"ana@example.com\"".to_vec(), 400),
        (Vec::new(), 400),
        (vec![0xff, 0xfe], 400),
        ("[".repeat(60_000).into_bytes(), 400),
        (vec![b' '; 10 * 1024 * 1024], 413),
    ] {
        let ask = server.ask("POST", "/api/v1/users").by(&server.root).header("content-type", "application/json");
        ask.body(body).send().await.refused(status);
    }
    assert_eq!(server.head().await, before, "nothing changed");
}

/// As the asynchronous half of the Run:ai Python client sends it.
async fn a_body_that_is_encoded_twice_is_understood(server: Server) {
    let twice = |object: Value| Value::String(object.to_string());
    let dora = twice(json!({ "email": "dora@example.com" }));
    assert_eq!(server.post(&server.root, "/api/v1/users", dora).await.created()["username"], "dora@example.com");

    let before = server.head().await;
    server.post(&server.root, "/api/v1/users", twice(json!({ "email": 7 }))).await.refused(400).names("email");
    // That client encodes twice; no client encodes three times.
    let thrice = twice(twice(json!({ "email": "emil@example.com" })));
    server.post(&server.root, "/api/v1/users", thrice).await.refused(400);
    assert_eq!(server.head().await, before, "nothing changed");
}

/// Otherwise an early response would close the connection under the client's next request.
async fn a_body_is_read_before_its_sender_is_refused(server: Server) {
    let nobody =
        |body: Vec<u8>| server.ask("POST", "/api/v1/users").header("content-type", "application/json").body(body);
    nobody(vec![b' '; 64 * 1024]).send().await.refused(401);
    // Only reading the body reveals that it is too large.
    nobody(vec![b' '; 64 * 1024 + 1]).send().await.refused(413).names("64 KiB");
}

async fn queries_are_refused_by_parameter(server: Server) {
    for path in ["/api/v1/users", RULES] {
        for (name, value, word) in [
            ("limit", "0", "limit"),
            ("limit", "501", "limit"),
            ("offset", "-1", "offset"),
            ("sortBy", "shoeSize", "shoeSize"),
            ("sortOrder", "sideways", "sideways"),
            ("filterBy", "shoeSize==44", "shoeSize"),
            ("search", "a\u{0}b", "search"),
        ] {
            server.get(&server.root, &query(path, &[(name, value)])).await.refused(400).names(word);
        }
    }
    let date = query("/api/v1/users", &[("filterBy", "creationTime>=yesterday")]);
    server.get(&server.root, &date).await.refused(400).names("creationTime");
    server.get(&server.root, "/api/v1/users?").await.ok();
    server.get(&server.root, "/api/v1/users?search=%ff").await.refused(400).names("search");
}
