//! `GET /api/v1/users/access-rules`: the rules of several users, by name and through their groups.

use serde_json::{Value, json};

use crate::harness::{GIA, PLATFORM, RULES, Server, TestScope, Token, on_both_databases, query};

on_both_databases!(
    rules_come_by_user_and_say_through_which_group,
    one_sees_of_others_what_one_sees_anyway,
    it_needs_permission_to_read_users,
    ids_are_looked_at
);

const VIEWER: i32 = 7;
const EDITOR: i32 = 3;
const DEPARTMENT_ADMINISTRATOR: i32 = 1710;

async fn held(server: &Server, who: &Token, ids: &[&str]) -> Vec<Value> {
    let path = query("/api/v1/users/access-rules", &[("userIds", &ids.join(","))]);
    server.get(who, &path).await.ok()["users"].as_array().unwrap().clone()
}

/// A user's rules as `role in scope`, with the group where there is one.
fn told(user: &Value) -> Vec<String> {
    let rules = user["accessRules"].as_array().unwrap();
    let told: Vec<_> = rules
        .iter()
        .map(|rule| {
            let word = |name: &str| rule[name].as_str().unwrap_or_else(|| panic!("no {name} in {rule}"));
            let sentence = format!("{} in {}", word("roleName"), word("scopeName"));
            match rule["throughGroup"].as_str() {
                Some(group) => format!("{sentence} through {group}"),
                None => sentence,
            }
        })
        .collect();
    assert_eq!(user["totalRecords"], json!(told.len()), "{user}");
    told
}

async fn rules_come_by_user_and_say_through_which_group(server: Server) {
    let at = server.organisation().await;
    let (ana, _) = server.user("ana@example.com").await;
    let gia = server.id_of(GIA).await;
    server.grant(GIA, EDITOR, &at.vision).await;
    server.grant_to("group", PLATFORM, VIEWER, &at.research).await;
    server.grant(GIA, VIEWER, &at.sales).await;
    let gone = server.grant(GIA, VIEWER, &at.pricing).await;
    server.delete(&server.root, &format!("{RULES}/{gone}")).await.gone();

    let users = held(&server, &server.root, &[&gia, &ana, &gia]).await;
    assert_eq!(users.len(), 2, "each once");
    assert_eq!((&users[0]["id"], &users[0]["username"]), (&json!(gia), &json!(GIA)));
    let through = format!("Viewer in research through {PLATFORM}");
    assert_eq!(told(&users[0]), ["Viewer in sales", &through, "Editor in vision"]);
    assert_eq!((&users[1]["id"], told(&users[1])), (&json!(ana), vec![]));
    // A rule has the same form as elsewhere, plus the group.
    let mut rule = users[0]["accessRules"][0].clone();
    assert_eq!(rule.as_object_mut().unwrap().remove("throughGroup"), Some(Value::Null));
    let sales = [("subjectIds", GIA), ("filterBy", "scopeName==sales"), ("limit", "1")];
    let page = server.get(&server.root, &query(RULES, &sales)).await.ok();
    assert_eq!(rule, page["accessRules"][0]);

    for place in [&at.vision, &at.speech, &at.pricing] {
        for role in rolecall_core::catalogue::PredefinedRole::all() {
            server.grant("ana@example.com", role.id.number(), place).await;
        }
    }
    let roles = rolecall_core::catalogue::PredefinedRole::all().len();
    let many = &held(&server, &server.root, &[&ana]).await[0];
    assert_eq!(many["totalRecords"], json!(3 * roles));
    assert_eq!(many["accessRules"].as_array().unwrap().len(), (3 * roles).min(50));

    // Of a user with more rules than are listed the widest are there, however new they are.
    server.grant("ana@example.com", EDITOR, &at.research).await;
    server.grant("ana@example.com", VIEWER, &TestScope::account()).await;
    let hundred: Vec<_> = (1000..1099).map(|n| format!("00000000-0000-0000-0000-{n:012}")).chain([ana]).collect();
    let ids: Vec<&str> = hundred.iter().map(String::as_str).collect();
    let few = &held(&server, &server.root, &ids).await[0];
    assert_eq!(few["accessRules"].as_array().unwrap().len(), 5);
    let scopes: Vec<_> = (0..3).map(|n| few["accessRules"][n]["scopeType"].as_str().unwrap()).collect();
    assert_eq!(scopes, ["tenant", "department", "project"]);
}

async fn one_sees_of_others_what_one_sees_anyway(server: Server) {
    let at = server.organisation().await;
    let dan = server.user_with_rule("dan@example.com", DEPARTMENT_ADMINISTRATOR, &at.research).await;
    let (ana, _) = server.user("ana@example.com").await;
    let (gia, root) = (server.id_of(GIA).await, server.id_of("root@example.com").await);
    server.grant("ana@example.com", VIEWER, &at.vision).await;
    server.grant("ana@example.com", EDITOR, &at.pricing).await;
    server.grant_to("group", PLATFORM, VIEWER, &at.sales).await;
    server.grant_to("group", PLATFORM, VIEWER, &at.speech).await;
    let users = held(&server, &dan, &[&root, &gia, &ana]).await;
    assert_eq!(told(&users[0]), Vec::<String>::new());
    assert_eq!(told(&users[1]), [format!("Viewer in speech through {PLATFORM}")]);
    assert_eq!(told(&users[2]), ["Viewer in vision"]);
    let own = held(&server, &dan, &[&server.id_of("dan@example.com").await]).await;
    assert_eq!(told(&own[0]), ["Department administrator in research"]);
}

async fn it_needs_permission_to_read_users(server: Server) {
    let (id, password) = server.user("nobody@example.com").await;
    let nobody = server.sign_in("nobody@example.com", &password).await;
    let path = query("/api/v1/users/access-rules", &[("userIds", &id)]);
    server.get(&nobody, &path).await.refused(403).names("users:read");
    server.ask("GET", &path).send().await.refused(401);
}

async fn ids_are_looked_at(server: Server) {
    let (ana, _) = server.user("ana@example.com").await;
    let unknown = "3f34e891-62cd-40ef-b397-820926cc19ca";
    // A user who was deleted after the listing does not cost the others their answer.
    let users = held(&server, &server.root, &[unknown, &ana]).await;
    assert_eq!(users.len(), 1);
    assert_eq!(users[0]["id"], json!(ana));
    assert_eq!(held(&server, &server.root, &[unknown]).await, Vec::<Value>::new());
    let repeated = format!("/api/v1/users/access-rules?userIds={ana}&userIds={unknown}&userIds={}", ana.to_uppercase());
    assert_eq!(server.get(&server.root, &repeated).await.ok()["users"].as_array().unwrap().len(), 1);
    let many: Vec<_> = (1000..1101).map(|n| format!("00000000-0000-0000-0000-{n:012}")).collect();
    for (ids, word) in [
        ("", "userIds"),
        (",", "userIds"),
        ("7", "\"7\""),
        ("ana@example.com", "ana@example.com"),
        (&many.join(","), "100"),
    ] {
        let path = query("/api/v1/users/access-rules", &[("userIds", ids)]);
        server.get(&server.root, &path).await.refused(400).names(word);
    }
    server.get(&server.root, "/api/v1/users/access-rules").await.refused(400).names("userIds");
    let full = query("/api/v1/users/access-rules", &[("userIds", &many[..100].join(","))]);
    assert_eq!(server.get(&server.root, &full).await.ok(), json!({ "users": [] }));
}
