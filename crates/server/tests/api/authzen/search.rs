//! Searches: complete, in a stable order, a page at a time, and only what the caller may know.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::mpsc;
use std::task::Poll;

use serde_json::{Value, json};

use super::{ACTIONS, EVALUATION, RESOURCES, SUBJECTS, resource, user, word};
use crate::harness::{GIA, PLATFORM, ROOT, SOL, Server, TestScope, on_both_databases};

on_both_databases!(
    who_may_is_every_subject_by_name,
    who_may_is_found_by_a_part_of_the_name,
    each_caller_runs_one_search_for_subjects_at_a_time,
    where_a_subject_may_is_every_scope_in_the_order_of_the_tree,
    what_a_subject_may_is_every_action,
    what_is_found_is_allowed,
    unknown_words_find_nothing,
    a_token_is_good_for_its_own_search,
    a_page_without_results_goes_on_where_it_began,
    a_page_outlives_changes,
);

fn ids(found: &[Value]) -> Vec<String> {
    found.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

fn who(kind: &str, place: &TestScope) -> Value {
    json!({ "subject": { "type": kind, "id": "ignored" }, "action": { "name": "read" },
        "resource": resource("project", place) })
}

fn wherever(email: &str, action: &str) -> Value {
    json!({ "subject": user(email), "action": { "name": action }, "resource": { "type": "project", "id": "ignored" } })
}

async fn who_may_is_every_subject_by_name(server: Server) {
    let place = server.organisation().await;
    server.user_with_rule("zoe@example.com", 7, &place.vision).await;
    server.user_with_rule("ana@example.com", 7, &place.berlin).await;
    server.grant("later@example.com", 7, &place.research).await;
    server.grant("elsewhere@example.com", 7, &place.pricing).await;
    server.grant_to("group", PLATFORM, 7, &place.research).await;
    let machine = server.service_account("nightly").await;
    server.grant_to("service-account", &machine.client_id, 7, &place.vision).await;
    let expected = ["ana@example.com", GIA, "later@example.com", ROOT, SOL, "zoe@example.com"];
    for limit in [1, 2, 6, 100] {
        let found = server.found(&server.root, SUBJECTS, who("user", &place.vision), limit).await;
        assert_eq!(ids(&found), expected, "{limit} a page");
        assert!(found.iter().all(|it| it["type"] == "user"));
    }
    assert_eq!(ids(&server.found(&server.root, SUBJECTS, who("group", &place.vision), 9).await), [PLATFORM]);
    let machines = server.found(&server.root, SUBJECTS, who("service-account", &place.vision), 9).await;
    assert_eq!(ids(&machines), [machine.client_id]);
}

fn named(mut body: Value, part: &str) -> Value {
    body["page"] = json!({ "properties": { "search": part } });
    body
}

async fn who_may_is_found_by_a_part_of_the_name(server: Server) {
    let place = server.organisation().await;
    for email in ["zoe@example.com", "ana@example.com", "Anabel@example.com", "banana@example.com", "ben@example.com"] {
        server.grant(email, 7, &place.vision).await;
    }
    server.grant("diana@example.com", 7, &place.pricing).await;
    for group in ["Analysts", "ml-team", "Überanas"] {
        server.grant_to("group", group, 7, &place.research).await;
    }
    for (kind, part, expected) in [
        ("user", "ana", &["ana@example.com", "anabel@example.com", "banana@example.com"][..]),
        ("user", "ANA@", &["ana@example.com", "banana@example.com"]),
        ("user", "diana", &[]),
        ("group", "ana", &["Analysts", "Überanas"]),
        ("group", "überA", &["Überanas"]),
        ("group", "ÜberA", &["Überanas"]),
        ("group", "%", &[]),
    ] {
        for limit in [1, 2, 100] {
            let mut all = Vec::new();
            let mut token = String::new();
            loop {
                let mut body = named(who(kind, &place.vision), part);
                body["page"]["limit"] = json!(limit);
                body["page"]["token"] = json!(token);
                let page = server.post(&server.root, SUBJECTS, body).await.ok();
                all.extend(ids(page["results"].as_array().unwrap()));
                page["page"]["next_token"].as_str().unwrap().clone_into(&mut token);
                if token.is_empty() {
                    break;
                }
            }
            assert_eq!(all, expected, "{part}, {limit} a page");
        }
    }
    // An empty search matches everything, and other members are ignored.
    let all = server.post(&server.root, SUBJECTS, who("user", &place.vision)).await.ok();
    for properties in [json!({}), json!({ "search": "" }), json!({ "search": null, "sort": [] }), json!(null)] {
        let mut body = who("user", &place.vision);
        body["page"] = json!({ "properties": properties });
        assert_eq!(server.post(&server.root, SUBJECTS, body).await.ok(), all);
    }
    let wrong = named(who("user", &place.vision), &"a".repeat(1021));
    server.post(&server.root, SUBJECTS, wrong).await.refused(400).names("page.properties.search");
    for search in [json!(7), json!("a\0b")] {
        let mut body = who("user", &place.vision);
        body["page"] = json!({ "properties": { "search": search } });
        server.post(&server.root, SUBJECTS, body.clone()).await.refused(400).names("page.properties.search");
        // Other searches have no such filter, and ignore it.
        let mut other = wherever(ROOT, "read");
        other["page"] = body["page"].take();
        server.post(&server.root, RESOURCES, other).await.ok();
    }
}

async fn each_caller_runs_one_search_for_subjects_at_a_time(server: Server) {
    let place = server.organisation().await;
    // As long as this test wants, like a search with few matches among many names.
    let (go, gone) = mpsc::channel::<()>();
    let root = server.roots_actor().await;
    let mut long = pin!(server.app.searches.run(&root, move |_| gone.recv().is_err()));
    assert!(poll_fn(|context| Poll::Ready(long.as_mut().poll(context).is_pending())).await);

    let refused = server.post(&server.root, SUBJECTS, who("user", &place.vision)).await;
    refused.refused(503).names("at once");
    assert_eq!(refused.header("retry-after"), Some("1"));
    // Other questions are answered meanwhile.
    assert!(!server.found(&server.root, RESOURCES, wherever(ROOT, "read"), 100).await.is_empty());

    let mut next = pin!(server.post(&server.root, SUBJECTS, who("user", &place.vision)));
    assert!(poll_fn(|context| Poll::Ready(next.as_mut().poll(context).is_pending())).await);
    drop(go);
    assert!(long.await.unwrap());
    assert!(!next.await.ok()["results"].as_array().unwrap().is_empty());
}

async fn where_a_subject_may_is_every_scope_in_the_order_of_the_tree(server: Server) {
    let place = server.organisation().await;
    server.user_with_rule("ana@example.com", 7, &place.research).await;
    server.grant("ana@example.com", 7, &place.pricing).await;
    let expected = [&place.research, &place.vision, &place.speech, &place.pricing].map(word);
    for limit in [1, 2, 3, 4, 100] {
        let found = server.found(&server.root, RESOURCES, wherever("ana@example.com", "read"), limit).await;
        assert_eq!(ids(&found), expected, "{limit} a page");
        assert!(found.iter().all(|it| it["type"] == "project"));
    }
    // A caller with all permissions: the account first, and each scope before its descendants.
    let all = ids(&server.found(&server.root, RESOURCES, wherever(ROOT, "create"), 2).await);
    assert_eq!(all[0], "tenant:1001");
    let at = |place: &TestScope| all.iter().position(|id| *id == word(place)).unwrap();
    assert!(at(&place.berlin) < at(&place.research) && at(&place.research) < at(&place.vision));
    // The account, berlin, its default department, two departments, three projects.
    assert_eq!(all.len(), 8, "{all:?}");
}

async fn what_a_subject_may_is_every_action(server: Server) {
    let place = server.organisation().await;
    server.user_with_rule("ana@example.com", 7, &place.research).await;
    let asked = |email: &str, at: &TestScope| json!({ "subject": user(email), "resource": resource("project", at) });
    let names = |found: Vec<Value>| found.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    for limit in [1, 3, 100] {
        let found = server.found(&server.root, ACTIONS, asked(ROOT, &place.vision), limit).await;
        assert_eq!(names(found), ["create", "read", "update", "delete"]);
        let found = server.found(&server.root, ACTIONS, asked("ana@example.com", &place.vision), limit).await;
        assert_eq!(names(found), ["read"]);
    }
    assert!(server.found(&server.root, ACTIONS, asked("ana@example.com", &place.pricing), 9).await.is_empty());
}

async fn what_is_found_is_allowed(server: Server) {
    let place = server.organisation().await;
    server.user_with_rule("ana@example.com", 1710, &place.research).await;
    server.grant_to("group", PLATFORM, 5, &place.sales).await;
    let dana = server.user_with_rule("dana@example.com", 1710, &place.research).await;
    for who_asks in [&server.root, &dana] {
        for email in ["ana@example.com", GIA, ROOT] {
            for action in ["create", "read", "update"] {
                let body = wherever(email, action);
                for found in server.found(who_asks, RESOURCES, body.clone(), 3).await {
                    let asked = json!({ "subject": user(email), "action": { "name": action }, "resource": found });
                    assert_eq!(
                        server.post(who_asks, EVALUATION, asked).await.ok()["decision"],
                        true,
                        "{email} {found}"
                    );
                }
            }
        }
        for found in server.found(who_asks, SUBJECTS, who("user", &place.vision), 2).await {
            let mut asked = who("user", &place.vision);
            asked["subject"] = found;
            assert_eq!(server.post(who_asks, EVALUATION, asked).await.ok()["decision"], true);
        }
    }
}

async fn unknown_words_find_nothing(server: Server) {
    let place = server.organisation().await;
    let whole =
        json!({ "subject": user(ROOT), "action": { "name": "read" }, "resource": resource("project", &place.vision) });
    let nothing = json!({ "results": [], "page": { "next_token": "" } });
    for (pointer, value, searches) in [
        ("/subject/type", "robot", &[SUBJECTS, RESOURCES, ACTIONS][..]),
        ("/subject/id", "nobody", &[RESOURCES, ACTIONS]),
        ("/subject/id", "nobody@example.com", &[RESOURCES, ACTIONS]),
        ("/action/name", "wear", &[SUBJECTS, RESOURCES]),
        ("/resource/type", "shoes", &[SUBJECTS, RESOURCES, ACTIONS]),
        ("/resource/id", "project:4711", &[SUBJECTS, ACTIONS]),
        ("/resource/id", "/oslo", &[SUBJECTS, ACTIONS]),
        ("/resource/id", "nonsense", &[SUBJECTS, ACTIONS]),
    ] {
        for search in searches {
            let mut body = whole.clone();
            *body.pointer_mut(pointer).unwrap() = json!(value);
            assert_eq!(server.post(&server.root, search, body).await.ok(), nothing, "{search} {value}");
        }
    }
}

async fn a_token_is_good_for_its_own_search(server: Server) {
    let place = server.organisation().await;
    server.grant("ana@example.com", 7, &place.vision).await;
    server.grant("ana@example.com", 1710, &place.vision).await;
    server.grant("ben@example.com", 1710, &place.berlin).await;
    let searches = [
        (SUBJECTS, who("user", &place.vision)),
        (SUBJECTS, who("user", &place.berlin)),
        (SUBJECTS, named(who("user", &place.vision), "a")),
        (SUBJECTS, named(who("user", &place.vision), "@")),
        (RESOURCES, wherever(ROOT, "read")),
        (RESOURCES, wherever("ben@example.com", "read")),
        (RESOURCES, wherever(ROOT, "create")),
        (ACTIONS, json!({ "subject": user(ROOT), "resource": resource("project", &place.vision) })),
        (ACTIONS, json!({ "subject": user("ben@example.com"), "resource": resource("project", &place.vision) })),
    ];
    let mut tokens = Vec::new();
    for (search, body) in &searches {
        let mut body = body.clone();
        body["page"]["limit"] = json!(1);
        let page = server.post(&server.root, search, body).await.ok();
        let token = page["page"]["next_token"].as_str().unwrap().to_owned();
        assert!(!token.is_empty(), "{search} {page}");
        tokens.push(token);
    }
    for (number, (search, body)) in searches.iter().enumerate() {
        for (other, token) in tokens.iter().enumerate() {
            let mut body = body.clone();
            body["page"]["limit"] = json!(1);
            body["page"]["token"] = json!(token);
            let answer = server.post(&server.root, search, body).await;
            if number == other {
                answer.ok();
            } else {
                answer.refused(400).names("page.token");
            }
        }
        for forged in ["x", "%%%", "AAAA", &"A".repeat(5000), &format!("{}A", tokens[number])] {
            let mut body = body.clone();
            body["page"]["token"] = json!(forged);
            let answer = server.post(&server.root, search, body).await;
            assert!(matches!(answer.status, 200 | 400), "{forged}: {}", answer.text());
        }
        // The next page may have another size, but not another question, not even about another time.
        let mut body = body.clone();
        body["page"]["limit"] = json!(2);
        body["page"]["token"] = json!(tokens[number]);
        server.post(&server.root, search, body.clone()).await.ok();
        body["context"] = json!({ "time": "now" });
        server.post(&server.root, search, body).await.refused(400).names("page.token");
    }
}

/// AuthZEN takes any number that is not negative.
async fn a_page_without_results_goes_on_where_it_began(server: Server) {
    let place = server.organisation().await;
    let actions = json!({ "subject": user(ROOT), "resource": resource("project", &place.vision) });
    for (search, mut body) in
        [(SUBJECTS, who("user", &place.vision)), (RESOURCES, wherever(ROOT, "read")), (ACTIONS, actions)]
    {
        body["page"] = json!({ "limit": 0 });
        let nothing = json!({ "results": [], "page": { "next_token": "" } });
        assert_eq!(server.post(&server.root, search, body.clone()).await.ok(), nothing, "{search}");

        body["page"] = json!({ "limit": 1 });
        let first = server.post(&server.root, search, body.clone()).await.ok();
        let token = &first["page"]["next_token"];
        body["page"] = json!({ "limit": 0, "token": token });
        let nothing = json!({ "results": [], "page": { "next_token": token } });
        assert_eq!(server.post(&server.root, search, body).await.ok(), nothing, "{search}");
    }
}

async fn a_page_outlives_changes(server: Server) {
    let place = server.organisation().await;
    server.grant("ana@example.com", 7, &place.research).await;
    let mut body = wherever("ana@example.com", "read");
    body["page"] = json!({ "limit": 2 });
    let first = server.post(&server.root, RESOURCES, body.clone()).await.ok();
    assert_eq!(ids(first["results"].as_array().unwrap()), [word(&place.research), word(&place.vision)]);
    // Between the pages the last scope is deleted and another is created.
    server.delete(&server.root, &place.vision.path()).await.gone();
    let late = server.project("late", &place.berlin, &place.research).await;
    body["page"] = json!({ "token": first["page"]["next_token"] });
    let rest = server.post(&server.root, RESOURCES, body).await.ok();
    assert_eq!(ids(rest["results"].as_array().unwrap()), [word(&place.speech), word(&late)]);

    let mut body = who("user", &place.speech);
    body["page"] = json!({ "limit": 1 });
    let rule = server.grant("abe@example.com", 7, &place.speech).await;
    let first = server.post(&server.root, SUBJECTS, body.clone()).await.ok();
    assert_eq!(ids(first["results"].as_array().unwrap()), ["abe@example.com"]);
    server.delete(&server.root, &format!("{}/{rule}", crate::harness::RULES)).await.gone();
    body["page"] = json!({ "token": first["page"]["next_token"] });
    let rest = server.post(&server.root, SUBJECTS, body).await.ok();
    assert_eq!(ids(rest["results"].as_array().unwrap()), ["ana@example.com", ROOT]);
}
