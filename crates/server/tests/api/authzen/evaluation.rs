//! One question: the decision follows the rules, and its context explains it.

use serde_json::{Value, json};

use super::{EVALUATION, question, word};
use crate::harness::{GIA, PLATFORM, ROOT, ROOTS_PASSWORD, Server, TestScope, on_both_databases};

on_both_databases!(
    a_decision_is_what_the_rules_say,
    an_allow_tells_of_every_rule,
    a_denial_tells_what_is_missing_and_who_could_add_it,
    a_rule_for_a_missing_service_account_cannot_be_created,
    a_scope_is_named_by_its_id_or_by_the_names_on_the_way_down,
    unknown_words_are_denied,
    groups_are_those_that_the_server_knows,
    the_disabled_may_nothing,
    a_change_counts_at_once,
    machines_ask_and_are_asked_about,
);

async fn a_decision_is_what_the_rules_say(server: Server) {
    let place = server.organisation().await;
    server.user_with_rule("ana@example.com", 5, &place.research).await;
    for (permission, at, allowed) in [
        ("project:read", &place.research, true),
        ("project:read", &place.vision, true),
        ("project:read", &place.berlin, false),
        ("project:read", &place.pricing, false),
        ("users:create", &place.vision, false),
    ] {
        let decision = server.may(&server.root, "ana@example.com", permission, at).await;
        assert_eq!(decision["decision"], allowed, "{permission} {at:?}: {decision}");
        assert!(decision["context"].get("error").is_none(), "{decision}");
    }
    // Emails are the same in any case.
    let shouted = server.may(&server.root, "ANA@Example.com", "project:read", &place.vision).await;
    assert_eq!(shouted["decision"], true);
    assert_eq!(shouted["context"]["rules"][0]["subjectId"], "ana@example.com");
}

async fn an_allow_tells_of_every_rule(server: Server) {
    let place = server.organisation().await;
    let by_group = server.grant_to("group", PLATFORM, 7, &place.berlin).await;
    let own = server.grant(GIA, 7, &place.vision).await;
    let decision = server.may(&server.root, GIA, "project:read", &place.vision).await;
    let viewer = server.get(&server.root, "/api/v1/authorization/roles/7").await.ok()["name"].clone();
    let expected = json!({ "decision": true, "context": { "rules": [
        { "id": by_group, "subjectType": "group", "subjectId": PLATFORM, "roleId": 7, "roleName": viewer,
          "scopeType": "cluster", "scopeId": place.berlin.id, "scopeName": "berlin", "inherited": true, "viaGroup": true },
        { "id": own, "subjectType": "user", "subjectId": GIA, "roleId": 7, "roleName": viewer,
          "scopeType": "project", "scopeId": place.vision.id, "scopeName": "vision", "inherited": false, "viaGroup": false },
    ] } });
    assert_eq!(decision, expected);
    // The subject gets the same answer about themselves, without permission to read rules.
    let gia = server.sign_in(GIA, ROOTS_PASSWORD).await;
    assert_eq!(server.may(&gia, GIA, "project:read", &place.vision).await, expected);
}

async fn a_denial_tells_what_is_missing_and_who_could_add_it(server: Server) {
    let place = server.organisation().await;
    server.user("ana@example.com").await;
    let dana = server.user_with_rule("dana@example.com", 1710, &place.research).await;
    for (who, wanted) in [(&server.root, "users:create"), (&dana, "users:create"), (&dana, "workspaces:read")] {
        let denial = server.may(who, "ana@example.com", wanted, &place.vision).await;
        assert_eq!(denial["decision"], false);
        let context = &denial["context"];
        assert_eq!(context["code"], "no-rule", "{denial}");
        let reason = context["reason"].as_str().unwrap();
        assert!(reason.contains(wanted) && reason.contains("ana@example.com") && reason.contains("vision"), "{reason}");
        let fixes = context["fixes"].as_array().unwrap();
        assert!(!fixes.is_empty());
        for fix in fixes {
            assert_eq!((&fix["scopeType"], &fix["scopeId"]), (&json!("project"), &json!(place.vision.id)));
            // A promised fix is possible: the caller who gets the promise can create the rule, no other caller can, and
            // then it is allowed.
            let role = i32::try_from(fix["roleId"].as_i64().unwrap()).unwrap();
            let wanted_rule = crate::harness::rule("user", "ana@example.com", role, &place.vision);
            let made = server.post(who, crate::harness::RULES, wanted_rule).await;
            assert_eq!(made.status == 201, fix["permitted"] == true, "{fix}: {}", made.text());
            if made.status == 201 {
                assert_eq!(server.may(who, "ana@example.com", wanted, &place.vision).await["decision"], true);
                let rule = format!("{}/{}", crate::harness::RULES, made.created()["id"]);
                server.delete(who, &rule).await.gone();
            }
        }
        let permitted = fixes.iter().filter(|fix| fix["permitted"] == true).count();
        assert_eq!(permitted > 0, wanted == "workspaces:read" || who == &server.root, "{wanted}: {fixes:?}");
    }
}

async fn a_rule_for_a_missing_service_account_cannot_be_created(server: Server) {
    let place = server.organisation().await;
    let machine = server.service_account("nightly").await;
    let (_, password) = server.user("vera@example.com").await;
    server.grant("vera@example.com", 7, &place.research).await;
    let mut refusals = Vec::new();
    for (client_id, there) in [(machine.client_id.as_str(), true), ("yesterdays", false)] {
        let mut body = question("ana@example.com", "workspaces:read", &place.vision);
        body["subject"] = json!({ "type": "service-account", "id": client_id });
        let denial = server.post(&server.root, EVALUATION, body).await.ok();
        let fixes = denial["context"]["fixes"].as_array().unwrap();
        assert!(!fixes.is_empty(), "{denial}");
        for fix in fixes {
            assert_eq!(fix["permitted"], there, "{fix}");
            let role = i32::try_from(fix["roleId"].as_i64().unwrap()).unwrap();
            let wanted = crate::harness::rule("service-account", client_id, role, &place.vision);
            let made = server.post(&server.root, crate::harness::RULES, wanted).await;
            assert_eq!(made.status, if there { 201 } else { 404 }, "{}", made.text());
        }
        // A caller who may create no rule does not learn it.
        let vera = server.sign_in("vera@example.com", &password).await;
        for (at, role, status) in [
            (&place.vision, 3, 403),
            (&place.pricing, 3, 404),
            (&place.vision, 999_999, 403),
            (&place.pricing, 999_999, 404),
        ] {
            let wanted = crate::harness::rule("service-account", client_id, role, at);
            let refused = server.post(&vera, crate::harness::RULES, wanted).await;
            refusals.push(refused.refused(status).message.clone());
        }
    }
    assert_eq!(refusals[..4], refusals[4..]);
}

async fn a_scope_is_named_by_its_id_or_by_the_names_on_the_way_down(server: Server) {
    let place = server.organisation().await;
    server.user_with_rule("ana@example.com", 7, &place.research).await;
    let ask = |id: String| {
        let mut body = question("ana@example.com", "project:read", &place.vision);
        body["resource"]["id"] = json!(id);
        let server = &server;
        async move { server.post(&server.root, EVALUATION, body).await.ok() }
    };
    for (names, at) in [
        ("/", &TestScope::account()),
        ("/berlin", &place.berlin),
        ("/berlin/research", &place.research),
        ("/berlin/research/vision", &place.vision),
        ("/berlin/sales/pricing", &place.pricing),
    ] {
        assert_eq!(ask(names.to_owned()).await, ask(word(at)).await, "{names}");
        assert_ne!(ask(names.to_owned()).await["context"]["code"], "no-such-scope", "{names}");
    }
    let id = &place.vision.id;
    for nonsense in [
        String::new(),
        id.clone(),
        format!("project:{id}x"),
        format!("project:+{id}"),
        format!("department:{id}"),
        format!("Project:{id}"),
        "tenant:1".to_owned(),
        "cluster:berlin".to_owned(),
        "berlin/research/vision".to_owned(),
        "//".to_owned(),
        "/berlin/".to_owned(),
        "/Berlin".to_owned(),
        "/berlin/vision".to_owned(),
        "/berlin/research/vision/".to_owned(),
        "/berlin/research/vision/more".to_owned(),
        "/Acme/berlin".to_owned(),
        "project:4711".to_owned(),
    ] {
        let denial = ask(nonsense.clone()).await;
        assert_eq!(denial["context"]["code"], "no-such-scope", "{nonsense}: {denial}");
    }
}

async fn unknown_words_are_denied(server: Server) {
    let place = server.organisation().await;
    let whole = question("ana@example.com", "project:read", &place.vision);
    for (pointer, value, code) in [
        ("/subject/type", "robot", "unknown-subject-type"),
        ("/subject/type", "app", "unknown-subject-type"),
        ("/subject/type", "User", "unknown-subject-type"),
        ("/subject/id", "not an address", "unknown-subject"),
        ("/subject/id", "", "unknown-subject"),
        ("/action/name", "can_read", "unknown-action"),
        ("/resource/type", "document", "unknown-resource-type"),
    ] {
        let mut body = whole.clone();
        *body.pointer_mut(pointer).unwrap() = json!(value);
        let denial = server.post(&server.root, EVALUATION, body).await.ok();
        assert_eq!((&denial["decision"], &denial["context"]["code"]), (&json!(false), &json!(code)), "{value}");
    }
    let mut long = whole;
    long["resource"]["id"] = json!("x".repeat(768));
    let denial = server.post(&server.root, EVALUATION, long.clone()).await.ok();
    assert!(denial.to_string().len() < 1000, "an answer does not grow with what was asked");
    long["resource"]["id"] = json!("x".repeat(769));
    server.post(&server.root, EVALUATION, long).await.refused(400).names("resource.id");
}

async fn groups_are_those_that_the_server_knows(server: Server) {
    let place = server.organisation().await;
    server.grant_to("group", PLATFORM, 7, &place.vision).await;
    server.user("ana@example.com").await;
    let mut body = question("ana@example.com", "project:read", &place.vision);
    body["subject"]["properties"] =
        json!({ "groups": [PLATFORM], "group": PLATFORM, "roles": ["System administrator"] });
    assert_eq!(server.post(&server.root, EVALUATION, body).await.ok()["decision"], false);
    // The group itself may be asked about, and so may names without an identity.
    let mut body = question("", "project:read", &place.vision);
    body["subject"] = json!({ "type": "group", "id": PLATFORM });
    assert_eq!(server.post(&server.root, EVALUATION, body).await.ok()["decision"], true);
    server.grant("later@example.com", 7, &place.vision).await;
    assert_eq!(server.may(&server.root, "later@example.com", "project:read", &place.vision).await["decision"], true);
}

async fn the_disabled_may_nothing(server: Server) {
    let place = server.organisation().await;
    server.user_with_rule("ana@example.com", 7, &place.vision).await;
    // A role that reads access rules but no users would see less; the proof in core covers that.
    let ana = server.id_of("ana@example.com").await;
    server.post(&server.root, &format!("/api/v1/users/{ana}/disable"), json!({})).await.done();
    let denial = server.may(&server.root, "ana@example.com", "project:read", &place.vision).await;
    assert_eq!((&denial["decision"], &denial["context"]["code"]), (&json!(false), &json!("subject-disabled")));
    assert_eq!(denial["context"]["rules"].as_array().unwrap().len(), 1, "{denial}");
    let denial = server.may(&server.root, "ana@example.com", "project:delete", &place.vision).await;
    assert_eq!((&denial["context"]["code"], &denial["context"]["disabled"]), (&json!("no-rule"), &json!(true)));
    server.post(&server.root, &format!("/api/v1/users/{ana}/enable"), json!({})).await.done();
    assert_eq!(server.may(&server.root, "ana@example.com", "project:read", &place.vision).await["decision"], true);
}

async fn a_change_counts_at_once(server: Server) {
    let place = server.organisation().await;
    let may = || server.may(&server.root, "ana@example.com", "project:read", &place.vision);
    let decisions = |value: Value| value["decision"].as_bool().unwrap();
    assert!(!decisions(may().await));
    let rule = server.grant("ana@example.com", 7, &place.research).await;
    assert!(decisions(may().await));
    server.delete(&server.root, &format!("{}/{rule}", crate::harness::RULES)).await.gone();
    assert!(!decisions(may().await));
    // On another replica, a caller that names a revision is answered from a world with it.
    let replica = server.replica().await;
    let rule = server.post(
        &server.root,
        crate::harness::RULES,
        crate::harness::rule("user", "ana@example.com", 7, &place.research),
    );
    let revision = rule.await.revision();
    let asked = replica.ask("POST", EVALUATION).by(&replica.root);
    let asked = asked.json(&question("ana@example.com", "project:read", &place.vision));
    assert!(decisions(asked.header("rolecall-revision", &revision.to_string()).send().await.ok()));
}

async fn machines_ask_and_are_asked_about(server: Server) {
    let place = server.organisation().await;
    let machine = server.service_account("gateway").await;
    server.grant_to("service-account", &machine.client_id, 1710, &place.research).await;
    server.user_with_rule("ana@example.com", 7, &place.vision).await;
    let token = server.sign_in_machine(&machine).await;
    assert_eq!(server.may(&token, "ana@example.com", "project:read", &place.vision).await["decision"], true);
    server.post(&token, EVALUATION, question(ROOT, "project:read", &place.berlin)).await.refused(403);
    let mut body = question("", "access_rules:read", &place.vision);
    body["subject"] = json!({ "type": "service-account", "id": machine.client_id });
    let decision = server.post(&token, EVALUATION, body).await.ok();
    assert_eq!(
        (&decision["decision"], &decision["context"]["rules"][0]["subjectType"]),
        (&json!(true), &json!("service-account"))
    );
}
