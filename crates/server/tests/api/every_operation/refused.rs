//! Refusals: callers without authentication, without the permission, or with it in another scope. Each of them calls
//! every operation, on existing entities, with a body that works for an administrator.
//!
//! Operations that succeed all the same are listed, one by one, with the reason. They are called last, in order, and
//! must succeed, so the lists contain nothing unneeded.

use serde_json::{Value, json};

use super::stage::{Me, Stage, Thing};
use super::table::{Operation, table};
use super::{Document, ask, audit_rows};
use crate::harness::{Answer, Server, TestScope, Token, on_both_databases};

on_both_databases!(
    without_a_token_nothing_is_told,
    a_session_that_has_ended_is_no_session,
    a_temporary_password_is_good_for_one_thing,
    a_caller_without_a_rule_gets_nothing,
    an_administrator_of_another_department_gets_nothing,
    an_administrator_of_another_cluster_gets_nothing,
);

/// What every signed-in caller may do about themselves.
const THEIR_OWN: [&str; 3] = [
    // It shows the identity of the sign-in.
    "get /api/v1/session",
    // Their own password, which is in the body.
    "post /api/v1/me/password",
    // Their own session; no request can follow.
    "delete /api/v1/session",
];

/// Answers for callers who may read such entities in some scope, since these live at the account and in no branch.
/// It must be listed, without anything of the branch.
const OF_THE_ACCOUNT: [&str; 14] = [
    // A caller who creates access rules in a branch picks subjects from all users,
    "get /api/v1/users",
    // counts them,
    "get /api/v1/users/count",
    // exports them,
    "get /api/v1/users/export",
    // finds them by name,
    "get /api/v1/users-minimal",
    // looks one up,
    "get /api/v1/users/{userId}",
    // and sees which of the visible rules a user has.
    "get /api/v1/users/access-rules",
    // They pick subjects from all service accounts too,
    "get /api/v1/service-accounts",
    // and looks one up.
    "get /api/v1/service-accounts/{serviceAccountId}",
    // They pick roles,
    "get /api/v1/authorization/roles",
    // each of which they can look up,
    "get /api/v1/authorization/roles/{roleId}",
    // in both forms,
    "get /api/v2/authorization/roles",
    "get /api/v2/authorization/roles/{roleId}",
    // and the sets that roles are made of are the same in every installation.
    "get /api/v1/authorization/permission-sets",
    "get /api/v1/authorization/permission-sets/{permissionSetId}",
];

/// Calls all operations except public and listed ones, and asserts that each is refused and nothing changes.
async fn is_refused(
    server: &Server,
    stage: &Stage,
    me: &Me,
    token: Option<&Token>,
    excepted: &[&str],
    refuses: impl Fn(&Operation, &Answer) -> Result<(), String>,
) {
    let document = Document::of_the_routes();
    let table = table(stage, me);
    let (head, rows) = (server.head().await, audit_rows(server).await);
    for operation in table.iter().filter(|operation| !operation.public && !excepted.contains(&operation.name)) {
        let answer = ask(server, operation, token, "refused").await;
        document.has(operation, &answer);
        let refused = refuses(operation, &answer);
        assert!(refused.is_ok(), "{}: {}: {} {}", operation.name, refused.unwrap_err(), answer.status, answer.text());
        assert_eq!(server.head().await, head, "{}: access changed", operation.name);
        if let Some(list) = operation.name.strip_suffix("/count").filter(|_| answer.status == 200) {
            let list = table.iter().find(|operation| operation.name == list).unwrap();
            let shown = ask(server, list, token, "refused").await.ok();
            assert_eq!(
                answer.json()["count"],
                rows_of(&shown).expect("a list"),
                "{} counts what its list does not show",
                operation.name
            );
        }
    }
    assert_eq!(audit_rows(server).await, rows, "the audit log tells of a change");
    for name in excepted {
        let operation = table.iter().find(|operation| operation.name == *name).expect("an operation of the table");
        let answer = ask(server, operation, token, "excepted").await;
        assert_eq!(answer.status, document.success(operation), "{name} is no exception: {}", answer.text());
    }
}

/// Number of rows in the first list.
fn rows_of(page: &Value) -> Option<usize> {
    match page {
        Value::Array(rows) => Some(rows.len()),
        Value::Object(members) => members.values().find_map(rows_of),
        _ => None,
    }
}

/// Whether the answer is a refusal with that status.
fn is_status(status: u16) -> impl Fn(&Operation, &Answer) -> Result<(), String> {
    move |_, answer| {
        if answer.status != status {
            return Err(format!("{status} was expected"));
        }
        answer.refused(status);
        Ok(())
    }
}

fn is_denied(answer: &Answer) -> bool {
    let denied = matches!(answer.status, 403 | 404);
    if denied {
        answer.denied();
    }
    denied
}

/// Whether a batch was answered with every part refused as it would be alone.
fn is_denied_batch(answer: &Answer) -> bool {
    let body = if answer.status == 200 && !is_file(answer) { answer.json() } else { Value::Null };
    let denied = |failed: &Value| failed["code"] == 403 || failed["code"] == 404;
    let failed = body["failed"].as_array().filter(|failed| !failed.is_empty());
    body["succeeded"] == json!([]) && failed.is_some_and(|failed| failed.iter().all(denied))
}

/// Whether a decision denies because there is no such scope.
fn is_denial(value: &Value) -> bool {
    value["decision"] == false && value["context"]["code"] == "no-such-scope"
}

/// Whether the answer is a list as a file.
fn is_file(answer: &Answer) -> bool {
    answer.header("content-type").is_some_and(|kind| kind.starts_with("text/csv"))
}

/// Whether the response is empty; a file has its header.
fn has_nothing(answer: &Answer) -> bool {
    if is_file(answer) { answer.text().lines().count() == 1 } else { is_empty(&answer.json()) }
}

/// Whether a value is empty: no row, no number except zero, no word, and no `true`. A denial with the words for a
/// missing scope also reveals nothing.
fn is_empty(value: &Value) -> bool {
    if is_denial(value) {
        return true;
    }
    match value {
        Value::Array(rows) => rows.iter().all(is_denial),
        Value::Object(members) => members.values().all(is_empty),
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_u64() == Some(0),
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
    }
}

async fn without_a_token_nothing_is_told(server: Server) {
    let stage = Stage::set(&server, 1).await;
    let me = Me::new(&server, "ben@example.com", false, &[]).await;
    let stranger = Token("a.b.c".to_owned());
    for token in [None, Some(&stranger)] {
        is_refused(&server, &stage, &me, token, &[], is_status(401)).await;
    }
}

async fn a_session_that_has_ended_is_no_session(server: Server) {
    let stage = Stage::set(&server, 1).await;
    let everything = [(1, &TestScope::account())];
    let logged_out = Me::new(&server, "lou@example.com", false, &everything).await;
    let disabled = Me::new(&server, "dan@example.com", false, &everything).await;
    for me in [&logged_out, &disabled] {
        server.get(&me.token, "/api/v1/users").await.ok();
    }
    logged_out.log_out(&server).await;
    disabled.disable(&server).await;
    for me in [&logged_out, &disabled] {
        is_refused(&server, &stage, me, Some(&me.token), &[], is_status(401)).await;
    }
}

async fn a_temporary_password_is_good_for_one_thing(server: Server) {
    let stage = Stage::set(&server, 1).await;
    let me = Me::new(&server, "tom@example.com", true, &[(1, &TestScope::account())]).await;
    let refuses = |operation: &Operation, answer: &Answer| {
        is_status(403)(operation, answer)?;
        answer.refused(403).because("password-change-required");
        Ok(())
    };
    is_refused(&server, &stage, &me, Some(&me.token), &THEIR_OWN, refuses).await;
}

async fn a_caller_without_a_rule_gets_nothing(server: Server) {
    let stage = Stage::set(&server, 1).await;
    let me = Me::new(&server, "nobody@example.com", false, &[]).await;
    let refuses = |operation: &Operation, answer: &Answer| {
        let nothing = is_denied(answer)
            || is_denied_batch(answer)
            || (answer.status == 200 && operation.reads() && has_nothing(answer));
        if nothing { Ok(()) } else { Err("403, 404 or an empty list was expected".to_owned()) }
    };
    is_refused(&server, &stage, &me, Some(&me.token), &THEIR_OWN, refuses).await;
}

/// Whether the response is a refusal, or names none of these entities: nodes, and those at the account.
fn tells_nothing(nodes: &[&Thing], of_account: &[&Thing]) -> impl Fn(&Operation, &Answer) -> Result<(), String> {
    move |operation, answer| {
        let excepted = OF_THE_ACCOUNT.contains(&operation.name);
        if !excepted && is_denied(answer) {
            return Ok(());
        }
        if answer.status != 200 || !(operation.reads() || is_denied_batch(answer)) {
            return Err(if excepted { "it is no exception" } else { "403 or 404 was expected" }.to_owned());
        }
        let text = answer.text();
        let hidden = nodes.iter().chain(of_account.iter().filter(|_| !excepted));
        match hidden.map(|thing| thing.name.as_str()).find(|name| text.contains(*name)) {
            Some(name) => Err(format!("it tells of {name}")),
            None => Ok(()),
        }
    }
}

async fn an_administrator_of_another_department_gets_nothing(server: Server) {
    let stage = Stage::set(&server, 1).await;
    let sales = server.department("sales", &stage.cluster.place()).await;
    // Department administrator.
    let me = Me::new(&server, "sal@example.com", false, &[(1710, &sales)]).await;
    let seen = server.get(&me.token, "/api/v1/org-unit/departments").await.ok();
    assert_eq!(seen["departments"][0]["name"], "sales", "the caller has the permission, elsewhere");
    // The cluster is above the caller's department, so the caller sees its name.
    let excepted = [&["get /api/v1/clusters/{clusterUuid}"], &THEIR_OWN[..]].concat();
    let Stage { department, empty_department, project, empty_cluster, user, machine, .. } = &stage;
    let (nodes, of_account) = ([department, empty_department, project, empty_cluster], [user, machine]);
    let refuses = tells_nothing(&nodes, &of_account);
    is_refused(&server, &stage, &me, Some(&me.token), &excepted, refuses).await;
}

async fn an_administrator_of_another_cluster_gets_nothing(server: Server) {
    let stage = Stage::set(&server, 1).await;
    let munich = server.cluster("munich").await;
    // System administrator: what is missing here is not a permission, but the scope.
    let me = Me::new(&server, "mia@example.com", false, &[(1, &munich)]).await;
    let seen = server.get(&me.token, "/api/v1/clusters").await.ok();
    assert_eq!(seen[0]["name"], "munich", "the caller has the permission, elsewhere");
    let Stage { cluster, department, empty_department, project, empty_cluster, user, machine, .. } = &stage;
    let nodes = [cluster, department, empty_department, project, empty_cluster];
    let of_account = [user, machine];
    let refuses = tells_nothing(&nodes, &of_account);
    is_refused(&server, &stage, &me, Some(&me.token), &THEIR_OWN, refuses).await;
}
