//! Exports: their contents, their callers, and slow readers or those who leave.

use std::time::Duration;

use axum::body::to_bytes;
use axum::response::Response;
use rolecall_core::catalogue::RoleId;
use rolecall_store::Database;
use serde_json::json;

use crate::harness::{
    GIA, Options, PLATFORM, ROOT, ROOTS_PASSWORD, RULES, SOL, Server, Token, on_both_databases, query,
};

on_both_databases!(
    users_are_exported_as_the_list_shows_them,
    rules_are_exported_as_the_list_shows_them,
    cells_that_a_spreadsheet_would_execute_are_text,
    a_department_administrator_exports_what_they_see,
    who_can_is_exported_with_the_rules_that_allow_it,
    a_department_administrator_exports_who_can_in_the_department,
    what_makes_no_sense_is_refused
);
on_both_databases!(databases: however_many_there_are_they_come_whole_and_one_after_the_other);

const USERS: &str = "/api/v1/users/export";
const ALL_RULES: &str = "/api/v1/authorization/access-rules/export";
const WHO_CAN: &str = "/api/v1/authorization/who-can/export";
const VIEWER: i32 = 7;
const DEPARTMENT_ADMINISTRATOR: i32 = 1710;

/// The rows of a file, without its header.
async fn exported(server: &Server, who: &Token, path: &str, parameters: &[(&str, &str)]) -> Vec<String> {
    let answer = server.get(who, &query(path, parameters)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    let text = answer.text();
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark").strip_suffix("\r\n").expect("an end");
    text.split("\r\n").skip(1).map(str::to_owned).collect()
}

async fn users_are_exported_as_the_list_shows_them(server: Server) {
    let at = server.organisation().await;
    server.grant(GIA, VIEWER, &at.vision).await;
    server.grant_to("group", PLATFORM, VIEWER, &at.sales).await;
    let answer = server.get(&server.root, USERS).await;
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"users.csv\""));
    let text = answer.text();
    let title = text.strip_prefix('\u{feff}').unwrap().split("\r\n").next().unwrap();
    assert_eq!(
        title,
        "User,Type,Last login,Access rule(s),Created by,Creation time,Last updated,Enabled,Temporary password,\
         Generated password,First name,Last name"
    );

    let columns = ("columns", "username,type,accessRules");
    let lines = exported(&server, &server.root, USERS, &[columns]).await;
    assert_eq!(lines, ["gia@example.com,Local,2", "root@example.com,Local,1", "sol@example.com,SSO,1"]);
    let order = [columns, ("sortBy", "accessRules"), ("sortOrder", "desc"), ("filterBy", "createdBy==host")];
    assert_eq!(
        exported(&server, &server.root, USERS, &order).await,
        ["gia@example.com,Local,2", "root@example.com,Local,1"]
    );
    assert_eq!(exported(&server, &server.root, USERS, &[columns, ("search", "SOL")]).await, ["sol@example.com,SSO,1"]);
    let gia = server.get(&server.root, &format!("/api/v1/users/{}", server.id_of(GIA).await)).await.ok();
    let times = [("columns", "createdBy,creationTime,lastUpdated,lastLogin,enabled"), ("search", "gia")];
    let expected =
        format!("Installation,{},{},,true", gia["createdAt"].as_str().unwrap(), gia["updatedAt"].as_str().unwrap());
    assert_eq!(exported(&server, &server.root, USERS, &times).await, [expected]);
    let none = server.get(&server.root, &query(USERS, &[("search", "nobody"), columns])).await.text();
    assert_eq!(none, "\u{feff}User,Type,Access rule(s)\r\n");
}

async fn rules_are_exported_as_the_list_shows_them(server: Server) {
    let at = server.organisation().await;
    server.grant(GIA, VIEWER, &at.vision).await;
    server.grant_to("group", PLATFORM, VIEWER, &at.sales).await;
    let gone = server.grant(SOL, VIEWER, &at.sales).await;
    server.delete(&server.root, &format!("{RULES}/{gone}")).await.gone();
    let columns = ("columns", "subjectType,subjectId,roleName,scopeName,scopeId");
    let sales = format!("department:{}", at.sales.id);
    let mut expected = vec![
        "User,root@example.com,System administrator,Acme,tenant:1001".to_owned(),
        format!("User,gia@example.com,Viewer,vision,project:{}", at.vision.id),
        format!("Group,\"{PLATFORM}\",Viewer,sales,{sales}"),
    ];
    assert_eq!(exported(&server, &server.root, ALL_RULES, &[columns]).await, expected);
    expected.remove(0);
    let narrowed = [columns, ("filterBy", "roleName==viewer"), ("sortBy", "subjectType")];
    let listed = server.get(&server.root, &query(RULES, &narrowed[1..])).await.ok();
    let subjects: Vec<_> = listed["accessRules"].as_array().unwrap().iter().map(|rule| &rule["subjectId"]).collect();
    assert_eq!(subjects, [&json!(PLATFORM), &json!(GIA)]);
    expected.reverse();
    assert_eq!(exported(&server, &server.root, ALL_RULES, &narrowed).await, expected);
    let all = exported(&server, &server.root, ALL_RULES, &[columns, ("includeDeleted", "true")]).await;
    assert_eq!(all.last().unwrap(), &format!("User,sol@example.com,Viewer,sales,{sales}"));
}

async fn cells_that_a_spreadsheet_would_execute_are_text(server: Server) {
    let at = server.organisation().await;
    let names = ["=cmd|' /C calc'!A0", "+1", "-2,3", "@SUM(A1)", "a=b \"c\""];
    for name in names {
        server.grant_to("group", name, VIEWER, &at.vision).await;
    }
    let asked = [("columns", "subjectId"), ("filterBy", "subjectType==group")];
    let lines = exported(&server, &server.root, ALL_RULES, &asked).await;
    assert_eq!(lines, ["'=cmd|' /C calc'!A0", "'+1", "\"'-2,3\"", "'@SUM(A1)", "\"a=b \"\"c\"\"\""]);
}

async fn a_department_administrator_exports_what_they_see(server: Server) {
    let at = server.organisation().await;
    let dan = server.user_with_rule("dan@example.com", DEPARTMENT_ADMINISTRATOR, &at.research).await;
    server.grant(GIA, VIEWER, &at.vision).await;
    server.grant(GIA, VIEWER, &at.sales).await;
    server.grant_to("group", PLATFORM, VIEWER, &at.sales).await;
    let rules = exported(&server, &dan, ALL_RULES, &[("columns", "subjectId,scopeName")]).await;
    assert_eq!(rules, ["dan@example.com,research", "gia@example.com,vision"]);
    let users = exported(&server, &dan, USERS, &[("columns", "username,accessRules")]).await;
    assert_eq!(
        users,
        [
            "dan@example.com,1",
            "gia@example.com,1",
            "root@example.com,None you can see",
            "sol@example.com,None you can see"
        ]
    );

    let (_, password) = server.user("nobody@example.com").await;
    let nobody = server.sign_in("nobody@example.com", &password).await;
    server.get(&nobody, USERS).await.refused(403).names("users:read");
    assert_eq!(server.get(&nobody, &query(ALL_RULES, &[("columns", "subjectId")])).await.text(), "\u{feff}Subject\r\n");
    // A refusal takes no slot.
    server.get(&nobody, USERS).await.refused(403);
}

/// Who of a kind can see a project there.
fn who_sees<'a>(kind: &'a str, scope: &'a str, others: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let question = [("subjectType", kind), ("resourceType", "project"), ("action", "read"), ("scope", scope)];
    question.into_iter().chain(others.iter().copied()).collect()
}

async fn who_can_is_exported_with_the_rules_that_allow_it(server: Server) {
    let at = server.organisation().await;
    server.grant(GIA, VIEWER, &at.vision).await;
    server.grant(GIA, VIEWER, &at.research).await;
    server.grant_to("group", PLATFORM, VIEWER, &at.research).await;
    server.grant_to("group", "=1+1", VIEWER, &at.vision).await;
    let (vision, sales) = (format!("project:{}", at.vision.id), format!("department:{}", at.sales.id));
    let answer = server.get(&server.root, &query(WHO_CAN, &who_sees("user", &vision, &[]))).await;
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"who-can.csv\""));
    assert_eq!(
        answer.text(),
        format!(
            "\u{feff}Subject,By access rule(s),Inherited,Through groups\r\n\
             gia@example.com,\"Viewer in vision; Viewer in research; Viewer in research, through the group {PLATFORM}\",Also,\"{PLATFORM}\"\r\n\
             root@example.com,System administrator in Acme,Yes,\r\n\
             sol@example.com,\"Viewer in research, through the group {PLATFORM}\",Yes,\"{PLATFORM}\"\r\n"
        )
    );
    let some = who_sees("user", &vision, &[("search", "GIA"), ("columns", "inherited,subject")]);
    assert_eq!(exported(&server, &server.root, WHO_CAN, &some).await, ["Also,gia@example.com"]);
    let groups = who_sees("group", &vision, &[("columns", "subject,inherited")]);
    let expected = ["'=1+1,No".to_owned(), format!("\"{PLATFORM}\",Yes")];
    assert_eq!(exported(&server, &server.root, WHO_CAN, &groups).await, expected);
    let elsewhere = who_sees("user", &sales, &[("columns", "subject")]);
    assert_eq!(exported(&server, &server.root, WHO_CAN, &elsewhere).await, ["root@example.com"]);

    for missing in ["subjectType", "resourceType", "action", "scope"] {
        let mut question = who_sees("user", &vision, &[]);
        question.retain(|(name, _)| *name != missing);
        server.get(&server.root, &query(WHO_CAN, &question)).await.refused(400).names(missing);
    }
    for (name, nonsense) in [("resourceType", "moon"), ("action", "eat"), ("scope", "moon:1"), ("subjectType", "cat")] {
        let mut question = who_sees("user", &vision, &[]);
        question.retain(|(other, _)| *other != name);
        question.push((name, nonsense));
        server.get(&server.root, &query(WHO_CAN, &question)).await.refused(400).names(nonsense);
    }
    let columns = who_sees("user", &vision, &[("columns", "colour")]);
    server.get(&server.root, &query(WHO_CAN, &columns)).await.refused(400).names("subject");
}

async fn a_department_administrator_exports_who_can_in_the_department(server: Server) {
    let at = server.organisation().await;
    let dan = server.user_with_rule("dan@example.com", DEPARTMENT_ADMINISTRATOR, &at.research).await;
    server.grant(GIA, VIEWER, &at.vision).await;
    server.grant(GIA, VIEWER, &at.berlin).await;
    let (vision, berlin, sales) = (
        format!("project:{}", at.vision.id),
        format!("cluster:{}", at.berlin.id),
        format!("department:{}", at.sales.id),
    );
    // Who may, by rules above as well; those are counted, not named.
    assert_eq!(
        exported(&server, &dan, WHO_CAN, &who_sees("user", &vision, &[])).await,
        [
            "dan@example.com,Department administrator in research,Yes,",
            "gia@example.com,Viewer in vision; and 1 more,No,",
            "root@example.com,None you can see,Unknown,",
        ]
    );
    server.get(&dan, &query(WHO_CAN, &who_sees("user", &berlin, &[]))).await.refused(403).names("berlin");
    server.get(&dan, &query(WHO_CAN, &who_sees("user", &sales, &[]))).await.refused(404).names(&at.sales.id);
}

async fn what_makes_no_sense_is_refused(server: Server) {
    for (path, name) in [(USERS, "username"), (ALL_RULES, "subjectId")] {
        server.get(&server.root, &query(path, &[("columns", "colour")])).await.refused(400).names(name);
        server.get(&server.root, &query(path, &[("sortBy", "colour")])).await.refused(400).names("colour");
        server.get(&server.root, &query(path, &[("filterBy", "colour==red")])).await.refused(400).names("colour");
        assert_eq!(server.get(&server.root, path).await.status, 200);
    }
}

/// An export in progress, once no other is.
async fn begun(server: &Server, path: &str, who: &Token) -> Response {
    let beginning = async {
        loop {
            let response = server.ask("GET", path).by(who).response().await;
            if response.status() != 503 {
                break response;
            }
            tokio::task::yield_now().await;
        }
    };
    let response = tokio::time::timeout(Duration::from_secs(30), beginning).await.unwrap();
    assert_eq!(response.status(), 200);
    response
}

async fn however_many_there_are_they_come_whole_and_one_after_the_other(database: Database) {
    const MANY: usize = 20_500;
    let rules = (0..MANY).map(|n| (format!("user{n:05}@example.com"), RoleId::new(VIEWER))).collect();
    let server = Server::start_with(&database, Options { rules, ..Options::default() }).await;
    let path = query(ALL_RULES, &[("columns", "subjectId"), ("filterBy", "subjectId=^user")]);
    let reading = server.ask("GET", &path).by(&server.root).response().await;
    assert_eq!(reading.status(), 200);

    // Meanwhile no other export starts, but changes go on, and are not in it.
    let refused = server.get(&server.root, &path).await;
    refused.refused(503).names("already have an export");
    assert!(refused.header("retry-after").is_some());
    let late = json!({ "subjectId": "user99999@example.com", "subjectType": "user", "roleId": VIEWER,
        "scopeType": "tenant", "scopeId": "1001" });
    server.post(&server.root, RULES, late).await.created();
    let text = to_bytes(reading.into_body(), usize::MAX).await.unwrap();
    let text = String::from_utf8(text.to_vec()).unwrap();
    let lines: Vec<_> = text.strip_prefix('\u{feff}').unwrap().split_terminator("\r\n").skip(1).collect();
    assert_eq!(lines.len(), MANY);
    for (n, line) in lines.iter().enumerate() {
        assert_eq!(*line, format!("user{n:05}@example.com"));
    }

    // Who can is read from the world, in parts, one after the other.
    let question = who_sees("user", "tenant:1001", &[("search", "user"), ("columns", "subject")]);
    let everybody = exported(&server, &server.root, WHO_CAN, &question).await;
    assert_eq!(everybody.len(), MANY + 1);
    assert!(everybody.iter().zip(&lines).all(|(one, other)| one == other));
    let slow = begun(&server, &query(WHO_CAN, &question), &server.root).await;
    server.get(&server.root, &path).await.refused(503).names("already have an export");
    drop(slow);

    // A running export ends when its reader signs out, or when it takes too long.
    let cut_off = async |reading: Response| to_bytes(reading.into_body(), usize::MAX).await.is_err();
    let slow = begun(&server, &path, &server.root).await;
    server.later(Duration::from_secs(29 * 60)).await;
    assert!(!cut_off(slow).await, "a slow reader gets all of it");
    let root = server.sign_in(ROOT, ROOTS_PASSWORD).await;
    let slower = begun(&server, &path, &root).await;
    server.later(Duration::from_secs(31 * 60)).await;
    assert!(cut_off(slower).await, "nobody keeps others waiting for ever");
    let root = server.sign_in(ROOT, ROOTS_PASSWORD).await;
    let left = begun(&server, &path, &root).await;
    server.delete(&root, "/api/v1/session").await.gone();
    assert!(cut_off(left).await, "a caller who signed out gets no more");

    let root = server.sign_in(ROOT, ROOTS_PASSWORD).await;
    // A reader who leaves frees the slot, as soon as nothing is read for them any more.
    for _ in 0..5 {
        drop(begun(&server, &path, &root).await);
    }
    let whole = to_bytes(begun(&server, &path, &root).await.into_body(), usize::MAX).await.unwrap();
    assert_eq!(String::from_utf8(whole.to_vec()).unwrap().lines().count(), MANY + 2);
    server.app.store.clone().close().await;
}
