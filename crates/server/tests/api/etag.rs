//! Concurrent changes of one entity: `ETag` and `If-Match`.

use serde_json::{Value, json};

use crate::harness::{Answer, RULES, Server, Token, on_both_databases};

on_both_databases!(
    what_can_be_changed_has_an_etag,
    who_sees_a_name_only_gets_no_etag,
    of_two_who_read_the_same_one_changes_it,
    of_two_at_the_same_moment_one_changes_it,
    every_change_heeds_it,
    signing_in_is_no_change,
    if_match_is_a_list_of_strong_tags,
    what_has_no_etag_matches_none,
    what_is_refused_anyway_is_refused_first,
);

async fn etag(server: &Server, path: &str) -> String {
    let answer = server.get(&server.root, path).await;
    answer.ok();
    answer.header("etag").unwrap_or_else(|| panic!("{path} has no ETag")).to_owned()
}

/// The tag of what a change changed.
fn of_change(change: &Answer) -> String {
    format!("\"{}\"", change.header("rolecall-revision").unwrap())
}

async fn ask(server: &Server, method: &str, path: &str, tag: &str, body: &Value) -> Answer {
    server.ask(method, path).by(&server.root).header("if-match", tag).json(body).send().await
}

/// One of each changeable kind, by its path.
async fn things(server: &Server) -> Vec<String> {
    let place = server.organisation().await;
    let (user, _) = server.user("ana@example.com").await;
    let machine = server.service_account("robot").await.id;
    let people = [format!("/api/v1/users/{user}"), format!("/api/v1/service-accounts/{machine}")];
    [place.berlin, place.research, place.vision].iter().map(crate::harness::TestScope::path).chain(people).collect()
}

async fn what_can_be_changed_has_an_etag(server: Server) {
    let cluster = server.post(&server.root, "/api/v1/clusters", json!({ "name": "oslo" })).await;
    let id = cluster.created()["uuid"].as_str().unwrap().to_owned();
    let tag = cluster.header("etag").unwrap().to_owned();
    assert_eq!(tag, of_change(&cluster), "the revision of the last change, in quotes");
    let path = format!("/api/v1/clusters/{id}");
    assert_eq!(etag(&server, &path).await, tag);

    for path in things(&server).await {
        let tag = etag(&server, &path).await;
        assert!(tag.len() > 2 && tag.starts_with('"') && tag.ends_with('"'), "{path}: {tag}");
        assert_eq!(etag(&server, &path).await, tag, "the same until something changes");
    }
    assert_eq!(etag(&server, &path).await, tag, "what happens elsewhere is no change of this");
    let user = server.post(&server.root, "/api/v1/users", json!({ "email": "ben@example.com" })).await;
    let id = user.created()["id"].as_str().unwrap().to_owned();
    assert_eq!(user.header("etag").unwrap(), etag(&server, &format!("/api/v1/users/{id}")).await);
    let machine = server.post(&server.root, "/api/v1/service-accounts", json!({ "name": "other" })).await;
    let id = machine.created()["id"].as_str().unwrap().to_owned();
    assert_eq!(machine.header("etag").unwrap(), etag(&server, &format!("/api/v1/service-accounts/{id}")).await);

    let before = server.put(&server.root, &path, json!({ "name": "bergen" })).await;
    assert_eq!(etag(&server, &path).await, of_change(&before));
}

async fn who_sees_a_name_only_gets_no_etag(server: Server) {
    let place = server.organisation().await;
    let vera = server.user_with_rule("vera@example.com", 7, &place.vision).await;
    for (node, seen) in [(&place.vision, true), (&place.research, false), (&place.berlin, false)] {
        let answer = server.get(&vera, &node.path()).await;
        answer.ok();
        assert_eq!(answer.header("etag").is_some(), seen, "{node:?}");
    }
}

async fn of_two_who_read_the_same_one_changes_it(server: Server) {
    for path in things(&server).await.into_iter().take(3) {
        let tag = etag(&server, &path).await;
        let first = ask(&server, "PUT", &path, &tag, &json!({ "name": "first" })).await;
        first.done();
        let head = server.head().await;
        let refusal = ask(&server, "PUT", &path, &tag, &json!({ "name": "second" })).await.refused(412);
        refusal.names("If-Match").names("first").names("read it again");
        assert_eq!(server.head().await, head, "nothing changed");
        let found = server.get(&server.root, &path).await;
        assert_eq!(found.ok()["name"], "first");
        if first.status == 200 {
            assert_eq!(first.header("etag"), found.header("etag"), "to go on with");
        }
        ask(&server, "PUT", &path, found.header("etag").unwrap(), &json!({ "name": "second" })).await.done();
    }
}

async fn of_two_at_the_same_moment_one_changes_it(server: Server) {
    let place = server.organisation().await;
    let other = server.replica().await;
    let path = place.vision.path();
    for n in 0..4 {
        let tag = etag(&server, &path).await;
        let (mine, theirs) =
            (json!({ "description": format!("mine {n}") }), json!({ "description": format!("theirs {n}") }));
        let (one, two) =
            tokio::join!(ask(&server, "PUT", &path, &tag, &mine), ask(&other, "PUT", &path, &tag, &theirs));
        let mut both = [one.status, two.status];
        both.sort_unstable();
        assert_eq!(both, [200, 412], "{} {}", one.text(), two.text());
        let winner = if one.status == 200 { one } else { two };
        server.app.engine.catch_up(&server.app.store, server.clock.now()).await.unwrap();
        assert_eq!(server.get(&server.root, &path).await.ok(), winner.json());
    }
}

async fn every_change_heeds_it(server: Server) {
    let things = things(&server).await;
    let (user, machine) = (things[3].clone(), things[4].clone());
    let mut changes: Vec<(&str, String, &str)> = ["enable", "disable", "password", "logout"]
        .map(|word| ("POST", format!("{user}/{word}"), user.as_str()))
        .into();
    changes.push(("POST", format!("{machine}/secret"), &machine));
    // From the leaves up, so that each can be deleted.
    changes.extend(things.iter().rev().map(|path| ("DELETE", path.clone(), path.as_str())));
    for (method, path, thing) in changes {
        if thing == things[1] {
            // Its contents are deleted first.
            let rest = server.get(&server.root, "/api/v1/org-unit/projects?search=speech").await.ok();
            let speech = rest["projects"][0]["id"].as_str().unwrap();
            server.delete(&server.root, &format!("/api/v1/org-unit/projects/{speech}")).await.gone();
        }
        if thing == things[0] {
            for list in ["projects", "departments"] {
                let rest =
                    server.get(&server.root, &format!("/api/v1/org-unit/{list}?filterBy=name!=default")).await.ok();
                for node in rest[list].as_array().unwrap() {
                    let id = node["id"].as_str().unwrap();
                    server.delete(&server.root, &format!("/api/v1/org-unit/{list}/{id}")).await.gone();
                }
            }
        }
        let head = server.head().await;
        ask(&server, method, &path, "\"0\"", &json!({})).await.refused(412);
        assert_eq!(server.head().await, head, "{method} {path} changed something");
        let tag = etag(&server, thing).await;
        ask(&server, method, &path, &tag, &json!({})).await.done();
    }
    for thing in &things {
        server.get(&server.root, thing).await.refused(404);
    }
}

async fn signing_in_is_no_change(server: Server) {
    let (id, password) = server.user("ana@example.com").await;
    let machine = server.service_account("robot").await;
    let paths = [format!("/api/v1/users/{id}"), format!("/api/v1/service-accounts/{}", machine.id)];
    let before = [etag(&server, &paths[0]).await, etag(&server, &paths[1]).await];
    server.sign_in("ana@example.com", &password).await;
    server.sign_in_machine(&machine).await;
    server.grant("ana@example.com", 7, &crate::harness::TestScope::account()).await;
    assert_eq!([etag(&server, &paths[0]).await, etag(&server, &paths[1]).await], before);
    let view = server.get(&server.root, &paths[0]).await.ok();
    assert!(view["lastLogin"].is_string(), "which is shown all the same");
    server.post(&server.root, &format!("{}/disable", paths[0]), json!({})).await.gone();
    assert_ne!(etag(&server, &paths[0]).await, before[0]);
}

async fn if_match_is_a_list_of_strong_tags(server: Server) {
    let place = server.organisation().await;
    let path = place.vision.path();
    let body = json!({ "description": "x" });
    for wrong in ["", "17", "\"17", "*, \"17\"", "\"1\" \"2\""] {
        ask(&server, "PUT", &path, wrong, &body).await.refused(400).names("If-Match");
    }
    let tag = etag(&server, &path).await;
    for never in [format!("W/{tag}"), "\"\"".to_owned(), "\"abc\"".to_owned(), tag.replacen('"', "\"0", 1)] {
        ask(&server, "PUT", &path, &never, &body).await.refused(412);
    }
    ask(&server, "PUT", &path, "*", &body).await.done();
    let tag = etag(&server, &path).await;
    ask(&server, "PUT", &path, &format!("\"1\", W/\"2\", {tag}"), &body).await.done();
    let tag = etag(&server, &path).await;
    let lines = server.ask("PUT", &path).by(&server.root).header("if-match", "\"1\"").header("if-match", &tag);
    lines.json(&body).send().await.done();
}

async fn what_has_no_etag_matches_none(server: Server) {
    let place = server.organisation().await;
    let rule = server.grant("ana@example.com", 7, &place.vision).await;
    let head = server.head().await;
    let new = json!({ "name": "new", "clusterId": place.berlin.id });
    for (method, path, body) in [
        ("POST", "/api/v1/clusters".to_owned(), &new),
        ("POST", "/api/v1/org-unit/departments".to_owned(), &new),
        ("POST", "/api/v1/users".to_owned(), &json!({ "email": "new@example.com" })),
        ("DELETE", format!("{RULES}/{rule}"), &Value::Null),
    ] {
        ask(&server, method, &path, "\"1\"", body).await.refused(412).names("leave If-Match out");
    }
    assert_eq!(server.head().await, head, "nothing changed");
    // The star only requires that the entity exists.
    ask(&server, "POST", "/api/v1/org-unit/departments", "*", &new).await.created();
    ask(&server, "DELETE", &format!("{RULES}/{rule}"), "*", &Value::Null).await.gone();
}

async fn what_is_refused_anyway_is_refused_first(server: Server) {
    let place = server.organisation().await;
    let vera = server.user_with_rule("vera@example.com", 7, &place.vision).await;
    let body = json!({ "description": "x" });
    for (node, status) in [(&place.vision, 403), (&place.pricing, 404)] {
        for tag in [etag(&server, &node.path()).await, "\"0\"".to_owned(), "*".to_owned()] {
            let asked = server.ask("PUT", &node.path()).by(&vera).header("if-match", &tag).json(&body);
            asked.send().await.refused(status);
        }
    }
    server.delete(&server.root, &place.vision.path()).await.gone();
    ask(&server, "PUT", &place.vision.path(), "*", &body).await.refused(404);
    let nobody = Token("a.b.c".to_owned());
    server.ask("PUT", &place.speech.path()).by(&nobody).header("if-match", "17").json(&body).send().await.refused(401);
}
