//! Stale references: rules about entities that are just being deleted, do not exist yet, or come from another version.

use std::time::Duration;

use rolecall_core::access::RuleId;
use rolecall_core::acts::{CreateRule, DeleteProject, DeleteRule, DeleteUser};
use rolecall_core::catalogue::RoleId;
use rolecall_core::identity::{Email, Subject, UserId};
use rolecall_core::org::{ProjectId, Scope};
use rolecall_store::Database;
use serde_json::{Value, json};

use crate::harness::{Options, ROOT, RULES, Server, TestScope, on_both_databases, query, rule};

on_both_databases!(
    a_rule_for_a_user_who_is_just_being_deleted,
    a_user_who_is_deleted_while_a_rule_for_them_is_created,
    a_rule_in_a_scope_that_is_just_being_deleted,
    a_caller_who_loses_the_permission_at_that_moment_grants_nothing,
    an_unknown_role_cannot_be_granted,
    rules_may_wait_for_a_user,
    a_replica_that_has_not_heard_decides_by_the_newest,
    a_clock_that_is_set_back_makes_no_old_world_fresh,
);
on_both_databases!(databases: a_role_of_another_version_permits_nothing_and_can_be_removed);

const ANA: &str = "ana@example.com";

async fn rules_of(server: &Server, subject: &str) -> Vec<Value> {
    let page = server.get(&server.root, &query(RULES, &[("subjectIds", subject)])).await.ok();
    let rules = page["accessRules"].as_array().unwrap().clone();
    let count = query(&format!("{RULES}/count"), &[("filterBy", &format!("subjectId=={subject}"))]);
    assert_eq!(server.get(&server.root, &count).await.ok()["count"], rules.len());
    assert_eq!(page["totalRecords"], rules.len());
    rules
}

fn project(place: &TestScope) -> ProjectId {
    ProjectId::parse(&place.id).unwrap()
}

async fn a_rule_for_a_user_who_is_just_being_deleted(server: Server) {
    let place = server.organisation().await;
    for by_id in [true, false] {
        let (id, _) = server.user(ANA).await;
        server.grant(ANA, 7, &place.speech).await;
        let mut change = server.held().await;
        let permit = change.authorize(DeleteUser(UserId::parse(&id).unwrap())).await.unwrap();
        change.tx.delete_user(&permit).await.unwrap();

        let wanted = rule("user", if by_id { &id } else { ANA }, 7, &place.vision);
        let ask = server.ask("POST", RULES).by(&server.root).json(&wanted);
        let answer = ask.send_behind(change, permit).await;
        let left = rules_of(&server, ANA).await;
        if by_id {
            answer.refused(404).names(&id);
            assert!(left.is_empty(), "{left:?}");
        } else {
            // A rule names an email, not an identity: this one waits for the next user, and the old one is gone.
            answer.created();
            assert_eq!((left.len(), &left[0]["scopeName"]), (1, &json!("vision")));
        }
    }
}

async fn a_user_who_is_deleted_while_a_rule_for_them_is_created(server: Server) {
    let place = server.organisation().await;
    let (id, _) = server.user(ANA).await;
    let mut change = server.held().await;
    let subject = Subject::User(Email::parse("email", ANA).unwrap());
    let scope = Scope::Project(project(&place.vision));
    let permit = change.authorize(CreateRule { subject, role: RoleId::new(7), scope }).await.unwrap();
    change.tx.create_rule(&permit).await.unwrap();

    let ask = server.ask("DELETE", &format!("/api/v1/users/{id}")).by(&server.root);
    ask.send_behind(change, permit).await.gone();
    assert!(rules_of(&server, ANA).await.is_empty(), "the new rule went with the user");
}

async fn a_rule_in_a_scope_that_is_just_being_deleted(server: Server) {
    let place = server.organisation().await;
    let mut change = server.held().await;
    let permit = change.authorize(DeleteProject(project(&place.vision))).await.unwrap();
    change.tx.delete_project(&permit).await.unwrap();
    let ask = server.ask("POST", RULES).by(&server.root).json(&rule("user", ANA, 7, &place.vision));
    ask.send_behind(change, permit).await.refused(404).names("scopeId");
    assert!(rules_of(&server, ANA).await.is_empty());

    // The other order: the rule comes first and is deleted with its scope.
    let mut change = server.held().await;
    let subject = Subject::User(Email::parse("email", ANA).unwrap());
    let scope = Scope::Project(project(&place.speech));
    let permit = change.authorize(CreateRule { subject, role: RoleId::new(7), scope }).await.unwrap();
    change.tx.create_rule(&permit).await.unwrap();
    server.ask("DELETE", &place.speech.path()).by(&server.root).send_behind(change, permit).await.gone();
    assert!(rules_of(&server, ANA).await.is_empty());
}

async fn a_caller_who_loses_the_permission_at_that_moment_grants_nothing(server: Server) {
    let place = server.organisation().await;
    let dana = server.user_with_rule("dana@example.com", 1710, &place.research).await;
    let own = rules_of(&server, "dana@example.com").await[0]["id"].as_i64().unwrap();
    let other = server.grant("ben@example.com", 7, &place.speech).await;
    for batch in [false, true] {
        // The second time Ana has the new one, and deletes.
        let own = if batch { server.grant("dana@example.com", 1710, &place.research).await } else { own };
        let mut change = server.held().await;
        let id = RuleId::new(i32::try_from(own).unwrap());
        let permit = change.authorize(DeleteRule(id)).await.unwrap();
        change.tx.delete_rule(&permit).await.unwrap();
        if batch {
            let body = json!({ "ids": [other], "action": "delete" });
            let ask = server.ask("POST", &format!("{RULES}/batch")).by(&dana).json(&body);
            let answer = ask.send_behind(change, permit).await.ok();
            assert_eq!((&answer["succeeded"], &answer["failed"][0]["code"]), (&json!([]), &json!(404)));
        } else {
            let ask = server.ask("POST", RULES).by(&dana).json(&rule("user", ANA, 7, &place.vision));
            ask.send_behind(change, permit).await.denied();
        }
    }
    assert!(rules_of(&server, ANA).await.is_empty());
    assert_eq!(rules_of(&server, "ben@example.com").await.len(), 1);
}

async fn an_unknown_role_cannot_be_granted(server: Server) {
    let before = server.head().await;
    for role in [0, 2, -1, 4711, i32::MAX] {
        let answer = server.post(&server.root, RULES, rule("user", ANA, role, &TestScope::account())).await;
        answer.refused(400).names(&role.to_string());
    }
    assert_eq!(server.head().await, before);
}

async fn rules_may_wait_for_a_user(server: Server) {
    let place = server.organisation().await;
    server.grant(ANA, 1710, &place.research).await;
    let eddy = server.user_with_rule("eddy@example.com", 3, &TestScope::account()).await;
    let wanted = json!({ "email": ANA, "resetPassword": false });
    server.post(&eddy, "/api/v1/users", wanted.clone()).await.refused(403);
    assert_eq!(rules_of(&server, ANA).await.len(), 1);

    let created = server.post(&server.root, "/api/v1/users", wanted).await.created();
    let ana = server.sign_in(ANA, created["tempPassword"].as_str().unwrap()).await;
    server.post(&ana, RULES, rule("group", "Dev", 7, &place.vision)).await.created();
}

async fn a_replica_that_has_not_heard_decides_by_the_newest(server: Server) {
    let place = server.organisation().await;
    let (id, _) = server.user(ANA).await;
    let gone = server.grant("ben@example.com", 7, &place.speech).await;
    let kept = server.grant("cem@example.com", 7, &place.pricing).await;
    let replica = server.replica().await;
    server.delete(&server.root, &format!("/api/v1/users/{id}")).await.gone();
    server.delete(&server.root, &place.speech.path()).await.gone();
    let later = server.project("later", &place.berlin, &place.research).await;
    assert!(replica.app.engine.world().rule(RuleId::new(i32::try_from(gone).unwrap())).is_some(), "it has not heard");

    replica.post(&replica.root, RULES, rule("user", &id, 7, &place.vision)).await.refused(404).names(&id);
    replica.post(&replica.root, RULES, rule("user", ANA, 7, &place.speech)).await.refused(404).names("scopeId");
    for action in ["validate_delete", "delete"] {
        let body = json!({ "ids": [gone, kept], "action": action });
        let answer = replica.post(&replica.root, &format!("{RULES}/batch"), body).await.ok();
        assert_eq!(answer["succeeded"], json!([kept.to_string()]), "{action}");
        assert_eq!(answer["failed"][0]["code"], 404, "{action}");
    }
    replica.post(&replica.root, RULES, rule("user", ANA, 7, &later)).await.created();
}

async fn a_role_of_another_version_permits_nothing_and_can_be_removed(database: Database) {
    // As after a downgrade: the rules exist, and this version has no such role.
    let ned = "ned@example.com";
    let rules = vec![(ned.to_owned(), RoleId::new(4711)), (ANA.to_owned(), RoleId::new(4712))];
    let newer = Server::start_with(&database, Options { rules, ..Options::default() }).await;
    let server = newer.restarted(&database).await;

    let (_, password) = server.user(ned).await;
    let token = server.sign_in(ned, &password).await;
    let page = server.get(&server.root, RULES).await.ok();
    let names: Vec<_> = page["accessRules"].as_array().unwrap().iter().map(|rule| &rule["roleName"]).collect();
    assert_eq!(names, ["System administrator", "role 4711", "role 4712"]);
    assert_eq!(page["totalRecords"], 3);
    let found = &rules_of(&server, ned).await[0];
    let path = format!("{RULES}/{}", found["id"]);
    assert_eq!(server.get(&server.root, &path).await.ok()["roleName"], "role 4711");
    let by_role = query(RULES, &[("roleId", "4711")]);
    assert_eq!(server.get(&server.root, &by_role).await.ok()["totalRecords"], 1);

    // To this caller it is an own rule without permissions.
    let mine = server.get(&token, "/api/v1/authorization/me/access-rules").await.ok();
    assert_eq!(mine["accessRules"]["accessRules"][0]["roleName"], "role 4711");
    assert_eq!(server.get(&token, "/api/v1/authorization/permissions").await.ok(), json!([]));
    server.get(&token, "/api/v1/users").await.refused(403);
    server.delete(&token, &path).await.refused(403).names("access_rules:delete");

    // A caller who may delete access rules there deletes it, alone or with others.
    let eddy = server.user_with_rule("eddy@example.com", 3, &TestScope::account()).await;
    let before = server.head().await;
    server.delete(&eddy, &path).await.gone();
    let batch = json!({ "ids": [rules_of(&server, ANA).await[0]["id"]], "action": "delete" });
    let answer = server.post(&eddy, &format!("{RULES}/batch"), batch).await.ok();
    assert_eq!(answer["failed"], json!([]));
    assert!(rules_of(&server, ned).await.is_empty() && rules_of(&server, ANA).await.is_empty());
    let rows = server.audited_after(before).await;
    assert_eq!(rows.last().unwrap().entity_name, format!("{ANA} has role 4712 in Acme"));
    assert_eq!(rules_of(&server, ROOT).await.len(), 1);
    server.app.store.clone().close().await;
    newer.app.store.clone().close().await;
}

/// Nobody confirms that this server knows the newest rules: the jobs do not run here.
async fn a_clock_that_is_set_back_makes_no_old_world_fresh(server: Server) {
    let reads = || server.get(&server.root, "/api/v1/clusters");
    server.clock.set_back(Duration::from_secs(60));
    server.clock.advance(Duration::from_secs(8));
    reads().await.ok();
    server.clock.advance(Duration::from_secs(3));
    reads().await.refused(503).names("out of date");
    server.later(Duration::ZERO).await;
    reads().await.ok();
}
