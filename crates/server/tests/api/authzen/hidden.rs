//! Hidden facts stay hidden: scopes, rules, and the permissions of others.

use serde_json::{Value, json};

use super::{ACTIONS, EVALUATION, EVALUATIONS, RESOURCES, SUBJECTS, question, resource, user, word};
use crate::harness::{GIA, PLATFORM, ROOT, ROOTS_PASSWORD, Server, TestScope, Token, on_both_databases};

on_both_databases!(
    every_caller_may_ask_about_themselves,
    about_others_one_asks_where_one_reads_rules,
    a_scope_that_one_does_not_see_is_one_that_is_not_there,
    what_is_said_of_a_token_tells_no_hidden_scope_from_none,
    rules_that_one_may_not_see_are_counted_and_no_more,
    where_others_may_is_told_where_one_reads_rules,
    a_changed_subject_is_decided_as_it_is_now,
);

/// The answer to the same question about another scope, with the scopes' names replaced.
fn alike(answer: &Value, place: &TestScope) -> String {
    answer.to_string().replace(&word(place), "PLACE").replace(&place.id, "ID")
}

async fn every_caller_may_ask_about_themselves(server: Server) {
    let place = server.organisation().await;
    let ana = server.user_with_rule("ana@example.com", 7, &place.vision).await;
    assert_eq!(server.may(&ana, "ana@example.com", "project:read", &place.vision).await["decision"], true);
    let denial = server.may(&ana, "ana@example.com", "project:delete", &place.vision).await;
    assert_eq!(denial["context"]["code"], "no-rule");
    assert!(denial["context"]["fixes"].as_array().unwrap().iter().all(|fix| fix["permitted"] == false), "{denial}");
    let body =
        json!({ "subject": user("ANA@example.com"), "action": { "name": "read" }, "resource": { "type": "project" } });
    assert_eq!(server.found(&ana, RESOURCES, body, 9).await.len(), 1);
    let body = json!({ "subject": user("ana@example.com"), "resource": resource("project", &place.vision) });
    assert_eq!(server.found(&ana, ACTIONS, body, 9).await, [json!({ "name": "read" })]);
}

async fn about_others_one_asks_where_one_reads_rules(server: Server) {
    let place = server.organisation().await;
    let ana = server.user_with_rule("ana@example.com", 7, &place.vision).await;
    let dana = server.user_with_rule("dana@example.com", 1710, &place.research).await;
    assert_eq!(server.may(&dana, "ana@example.com", "project:read", &place.vision).await["decision"], true);
    // Dana sees the project, and the cluster above, and reads no rules there.
    for (who, at) in [(&ana, &place.vision), (&dana, &place.berlin)] {
        let allowed = question(ROOT, "project:read", at);
        let denied = question("nobody@example.com", "project:read", at);
        let refusals: Vec<String> =
            [server.post(who, EVALUATION, allowed.clone()).await, server.post(who, EVALUATION, denied.clone()).await]
                .iter()
                .map(|answer| answer.refused(403).names("access_rules:read").message.clone())
                .collect();
        assert_eq!(refusals[0], refusals[1], "a refusal tells nothing of whom it is about");
        let batch = server.post(who, EVALUATIONS, json!({ "evaluations": [allowed, denied] })).await.ok();
        for item in batch["evaluations"].as_array().unwrap() {
            assert_eq!(item["decision"], false);
            assert_eq!(item["context"], json!({ "error": { "status": 403, "message": refusals[0] } }));
        }
        let body =
            json!({ "subject": { "type": "user" }, "action": { "name": "read" }, "resource": resource("project", at) });
        server.post(who, SUBJECTS, body).await.refused(403).names("access_rules:read");
        let body = json!({ "subject": user(ROOT), "resource": resource("project", at) });
        server.post(who, ACTIONS, body).await.refused(403).names("access_rules:read");
    }
}

async fn a_scope_that_one_does_not_see_is_one_that_is_not_there(server: Server) {
    let place = server.organisation().await;
    let dana = server.user_with_rule("dana@example.com", 1710, &place.research).await;
    server.grant("dana2@example.com", 1, &place.pricing).await;
    let missing = TestScope { kind: "project", id: "4711".to_owned() };
    let (berlin, sales) = ("/berlin/sales/pricing", "/berlin/sales/nothing");
    for email in ["dana@example.com", "dana2@example.com", ROOT, "nobody@example.com"] {
        let answers = |at: &TestScope| {
            let (server, dana) = (&server, &dana);
            let bodies = [
                (EVALUATION, question(email, "project:read", at)),
                (EVALUATIONS, json!({ "evaluations": [question(email, "project:read", at)] })),
                (ACTIONS, json!({ "subject": user(email), "resource": resource("project", at) })),
                (
                    SUBJECTS,
                    json!({ "subject": { "type": "user" }, "action": { "name": "read" }, "resource": resource("project", at) }),
                ),
            ];
            let at = at.clone();
            async move {
                let mut told = Vec::new();
                for (path, body) in bodies {
                    told.push(alike(&server.post(dana, path, body).await.ok(), &at));
                }
                told
            }
        };
        let (hidden, gone) = (answers(&place.pricing).await, answers(&missing).await);
        assert_eq!(hidden, gone, "{email}");
        assert!(hidden[0].contains("no-such-scope"), "{hidden:?}");
        let by_name = |names: &str| {
            let mut body = question(email, "project:read", &missing);
            body["resource"]["id"] = json!(names);
            let (server, dana) = (&server, &dana);
            let names = names.to_owned();
            async move { server.post(dana, EVALUATION, body).await.ok().to_string().replace(&names, "NAMES") }
        };
        assert_eq!(by_name(berlin).await, by_name(sales).await);
    }
}

async fn what_is_said_of_a_token_tells_no_hidden_scope_from_none(server: Server) {
    let place = server.organisation().await;
    let dana = server.user_with_rule("dana@example.com", 1710, &place.research).await;
    let account = server.user_with_rule("nobody@example.com", 7, &place.vision).await;
    let forged = |words: &[&str]| {
        let words: String = words.iter().flat_map(|word| [*word, "\0"]).collect();
        base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, words)
    };
    let (hidden, missing) = (word(&place.pricing), "project:4711".to_owned());
    for who in [&dana, &account] {
        for (id, other) in [("/berlin/sales/pricing", "/berlin/sales/nothing"), (&*hidden, &*missing)] {
            for (token, path) in [
                ("x".to_owned(), SUBJECTS),
                ("x".to_owned(), ACTIONS),
                (forged(&["subject", "user", "project:read", &hidden]), SUBJECTS),
                (forged(&["action", "user", ROOT, "project", &hidden]), ACTIONS),
            ] {
                let body = |id: &str| {
                    let subject = if path == SUBJECTS { json!({ "type": "user" }) } else { user(ROOT) };
                    json!({ "subject": subject, "action": { "name": "read" }, "page": { "token": token },
                        "resource": { "type": "project", "id": id } })
                };
                let (one, none) = (server.post(who, path, body(id)).await, server.post(who, path, body(other)).await);
                assert_eq!(one.ok(), none.ok(), "{path} {id} {token}");
            }
        }
    }
}

async fn rules_that_one_may_not_see_are_counted_and_no_more(server: Server) {
    let place = server.organisation().await;
    let dana = server.user_with_rule("dana@example.com", 1710, &place.research).await;
    let above = server.grant(GIA, 7, &place.berlin).await;
    let by_group = server.grant_to("group", PLATFORM, 7, &TestScope::account()).await;
    let told = server.may(&dana, GIA, "project:read", &place.vision).await;
    assert_eq!(told, json!({ "decision": true, "context": { "rules": [], "hiddenRules": 2 } }));
    let here = server.grant(GIA, 7, &place.research).await;
    let told = server.may(&dana, GIA, "project:read", &place.vision).await;
    assert_eq!(told["context"]["hiddenRules"], 2);
    assert_eq!(told["context"]["rules"][0]["id"], here);
    assert_eq!(told["context"]["rules"].as_array().unwrap().len(), 1);
    // Gia sees all of them, since they are Gia's own; so does Root.
    let gia = server.sign_in(GIA, ROOTS_PASSWORD).await;
    for who in [&gia, &server.root] {
        let told = server.may(who, GIA, "project:read", &place.vision).await;
        let rules: Vec<i64> =
            told["context"]["rules"].as_array().unwrap().iter().map(|it| it["id"].as_i64().unwrap()).collect();
        assert_eq!(rules, [above, by_group, here]);
        assert!(told["context"].get("hiddenRules").is_none());
    }
    // A group's rule is visible to its members in every scope: Gia administers vision now, and asks about Sol.
    server.grant(GIA, 1710, &place.vision).await;
    let told = server.may(&gia, crate::harness::SOL, "project:read", &place.vision).await;
    assert_eq!(told["context"]["rules"][0]["id"], by_group, "{told}");
}

async fn where_others_may_is_told_where_one_reads_rules(server: Server) {
    let place = server.organisation().await;
    let dana = server.user_with_rule("dana@example.com", 1710, &place.research).await;
    let vera = server.user_with_rule("vera@example.com", 7, &place.research).await;
    let ask = |who: Token| {
        let body = json!({ "subject": user(ROOT), "action": { "name": "read" }, "resource": { "type": "project" } });
        let server = &server;
        async move {
            let found = server.found(&who, RESOURCES, body, 2).await;
            found.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        }
    };
    // Root holds it by a rule at the account, which Dana does not see; in their own branch they may know.
    assert_eq!(ask(dana).await, [&place.research, &place.vision, &place.speech].map(word));
    assert_eq!(ask(vera).await, [""; 0], "a viewer reads no rules");
}

async fn a_changed_subject_is_decided_as_it_is_now(server: Server) {
    let place = server.organisation().await;
    let (_, password) = server.user("dana@example.com").await;
    let rule = server.grant("dana@example.com", 1710, &place.research).await;
    let dana = server.sign_in("dana@example.com", &password).await;
    let asked = question(ROOT, "project:read", &place.vision);
    server.post(&dana, EVALUATION, asked.clone()).await.ok();
    server.delete(&server.root, &format!("{}/{rule}", crate::harness::RULES)).await.gone();
    let told = server.post(&dana, EVALUATION, asked.clone()).await.ok();
    assert_eq!(told["context"]["code"], "no-such-scope", "they see nothing any more");
    let id = server.id_of("dana@example.com").await;
    server.post(&server.root, &format!("/api/v1/users/{id}/logout"), json!({})).await.done();
    server.post(&dana, EVALUATION, asked).await.refused(401);
}
