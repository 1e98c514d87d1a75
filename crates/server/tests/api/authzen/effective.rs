//! All permissions of a subject, scope by scope.

use serde_json::{Value, json};

use crate::harness::{GIA, PLATFORM, ROOT, Server, TestScope, Token, on_both_databases, query};

on_both_databases!(
    it_is_said_where_it_changes,
    about_others_it_is_told_where_one_reads_rules,
    it_comes_in_pages,
    what_makes_no_sense_is_refused_by_name,
);

const EFFECTIVE: &str = "/api/v1/authorization/effective-permissions";

async fn of(server: &Server, who: &Token, email: &str) -> Vec<Value> {
    let path = query(EFFECTIVE, &[("subjectType", "user"), ("subjectId", email)]);
    let answer = server.get(who, &path).await.ok();
    assert!(answer.get("nextPageToken").is_none());
    answer["scopes"].as_array().unwrap().clone()
}

/// The last scope of each path.
fn places(scopes: &[Value]) -> Vec<TestScope> {
    let place = |it: &Value| {
        let last = it["path"].as_array().unwrap().last().unwrap();
        let kind = ["tenant", "cluster", "department", "project"].into_iter().find(|kind| last["scopeType"] == *kind);
        TestScope { kind: kind.unwrap(), id: last["scopeId"].as_str().unwrap().to_owned() }
    };
    scopes.iter().map(place).collect()
}

async fn it_is_said_where_it_changes(server: Server) {
    let place = server.organisation().await;
    server.grant_to("group", PLATFORM, 7, &place.berlin).await;
    server.grant(GIA, 1710, &place.research).await;
    // This adds nothing to Ana's permissions there.
    server.grant(GIA, 7, &place.pricing).await;
    let scopes = of(&server, &server.root, GIA).await;
    assert_eq!(places(&scopes), [place.berlin.clone(), place.research.clone()]);
    let names: Vec<&Value> = scopes[1]["path"].as_array().unwrap().iter().map(|it| &it["scopeName"]).collect();
    assert_eq!(names, ["Acme", "berlin", "research"]);
    // The list equals the permissions there.
    for (scope, place) in scopes.iter().zip(places(&scopes)) {
        for line in scope["permissions"].as_array().unwrap() {
            for action in line["actions"].as_array().unwrap() {
                let permission = format!("{}:{}", line["resourceType"].as_str().unwrap(), action.as_str().unwrap());
                assert_eq!(server.may(&server.root, GIA, &permission, &place).await["decision"], true);
            }
        }
    }
    let by_id = query(EFFECTIVE, &[("subjectType", "user"), ("subjectId", &server.id_of(GIA).await)]);
    assert_eq!(server.get(&server.root, &by_id).await.ok()["scopes"], json!(scopes));
    let gia = server.id_of(GIA).await;
    server.post(&server.root, &format!("/api/v1/users/{gia}/disable"), json!({})).await.done();
    assert!(of(&server, &server.root, GIA).await.is_empty(), "a disabled one may do nothing");
}

async fn about_others_it_is_told_where_one_reads_rules(server: Server) {
    let place = server.organisation().await;
    let dana = server.user_with_rule("dana@example.com", 1710, &place.research).await;
    let vera = server.user_with_rule("vera@example.com", 7, &place.research).await;
    // Root's rule is at the account: Dana knows of it only where they read rules.
    assert_eq!(places(&of(&server, &dana, ROOT).await), vec![place.research.clone()]);
    server.grant(GIA, 7, &place.pricing).await;
    assert!(of(&server, &dana, GIA).await.is_empty());
    server.grant(GIA, 7, &place.vision).await;
    assert_eq!(places(&of(&server, &dana, GIA).await), vec![place.vision.clone()]);
    assert_eq!(places(&of(&server, &vera, "vera@example.com").await), vec![place.research.clone()], "oneself");
    let by_id = of(&server, &vera, &server.id_of("vera@example.com").await).await;
    assert_eq!(places(&by_id), vec![place.research.clone()], "oneself, by one's id");
    let another_s = query(EFFECTIVE, &[("subjectType", "user"), ("subjectId", &server.id_of(GIA).await)]);
    server.get(&vera, &another_s).await.refused(403).names("access_rules:read");
    let path = query(EFFECTIVE, &[("subjectType", "user"), ("subjectId", ROOT)]);
    server.get(&vera, &path).await.refused(403).names("access_rules:read");
    // Nor does Vera learn which subjects exist.
    let machine = server.service_account("nightly").await;
    for name in [machine.client_id.as_str(), "nobody-4711"] {
        let path = query(EFFECTIVE, &[("subjectType", "service-account"), ("subjectId", name)]);
        server.get(&vera, &path).await.refused(403).names("access_rules:read");
    }
}

async fn it_comes_in_pages(server: Server) {
    let place = server.organisation().await;
    for at in [&place.vision, &place.speech, &place.pricing] {
        server.grant(GIA, 7, at).await;
    }
    let whole = of(&server, &server.root, GIA).await;
    assert_eq!(whole.len(), 3);
    let (mut all, mut token) = (Vec::new(), String::new());
    loop {
        let words = [("subjectType", "user"), ("subjectId", GIA), ("limit", "1"), ("pageToken", token.as_str())];
        let page = server.get(&server.root, &query(EFFECTIVE, &words)).await.ok();
        all.extend(page["scopes"].as_array().unwrap().iter().cloned());
        let Some(next) = page.get("nextPageToken") else { break };
        token = next.as_str().unwrap().to_owned();
        let other = [("subjectType", "user"), ("subjectId", ROOT), ("pageToken", token.as_str())];
        server.get(&server.root, &query(EFFECTIVE, &other)).await.refused(400).names("pageToken");
    }
    assert_eq!(all, whole);
}

async fn what_makes_no_sense_is_refused_by_name(server: Server) {
    for (words, name) in [
        (&[("subjectId", ROOT)][..], "subjectType"),
        (&[("subjectType", "user")], "subjectId"),
        (&[("subjectType", "robot"), ("subjectId", ROOT)], "subjectType"),
        (&[("subjectType", "user"), ("subjectId", "nobody")], "subjectId"),
        (&[("subjectType", "user"), ("subjectId", ROOT), ("limit", "501")], "limit"),
        (&[("subjectType", "user"), ("subjectId", ROOT), ("pageToken", "x")], "pageToken"),
    ] {
        server.get(&server.root, &query(EFFECTIVE, words)).await.refused(400).names(name);
    }
    let unknown = query(EFFECTIVE, &[("subjectType", "service-account"), ("subjectId", "nobody")]);
    server.get(&server.root, &unknown).await.refused(404).names("subjectId");
}
