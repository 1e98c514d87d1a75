//! An administrator's operations: each succeeds as documented, and each change leaves an audit row with actor, action,
//! entity and request; other operations leave none.

use rolecall_signin::opaque::SecretHash;
use rolecall_store::AuditRecord;
use serde_json::Value;

use super::stage::{Me, Stage};
use super::table::{Note, Operation, table};
use super::{Document, ask, audit_rows};
use crate::harness::{Answer, Server, Token, claims, on_both_databases};

on_both_databases!(an_administrator_succeeds_and_the_audit_log_tells_of_it);

async fn an_administrator_succeeds_and_the_audit_log_tells_of_it(server: Server) {
    let document = Document::of_the_routes();
    let (stage, me) = (Stage::set(&server, 0).await, Me::administrator(&server, 0).await);
    for (number, operation) in table(&stage, &me).into_iter().enumerate() {
        if operation.reads() {
            succeeds(&server, &document, &operation, &me, number).await;
            continue;
        }
        // Operations would disturb each other, so each gets its own stage.
        let (stage, me) = (Stage::set(&server, number + 1).await, Me::administrator(&server, number + 1).await);
        let operation = table(&stage, &me).swap_remove(number);
        succeeds(&server, &document, &operation, &me, number).await;
    }
}

async fn succeeds(server: &Server, document: &Document, operation: &Operation, me: &Me, number: usize) {
    let (head, before) = (server.head().await, audit_rows(server).await);
    let request_id = format!("operation-{number}");
    let token = (!operation.public).then_some(&me.token);
    let answer = ask(server, operation, token, &request_id).await;
    assert_eq!(answer.status, document.success(operation), "{}: {}", operation.name, answer.text());
    document.has(operation, &answer);

    let mut told: Vec<AuditRecord> = audit_rows(server).await;
    told.retain(|row| !before.iter().any(|known| known.id == row.id));
    // A change of access is one revision; a sign-in is none.
    let revision = (!operation.reads() && !operation.public).then_some(head.number() + 1);
    assert_eq!(answer.header("rolecall-revision").map(|_| answer.revision()), revision, "{}", operation.name);
    assert_eq!(server.head().await.number(), revision.unwrap_or(head.number()), "{}", operation.name);
    for row in &told {
        let who = if operation.public { &operation.notes[0].name } else { &me.user.name };
        let kind = if who.contains('@') { "user" } else { "service-account" };
        assert_eq!((&row.subject, row.subject_type.as_str()), (who, kind), "{row:?}");
        assert_eq!((row.http_method.as_str(), &row.url), (operation.method().as_str(), &operation.path), "{row:?}");
        assert_eq!((row.result.as_str(), row.http_status_code), ("success", i64::from(answer.status)), "{row:?}");
        assert_eq!((&row.request_id, row.source_ip.as_str()), (&request_id, "127.0.0.1"), "{row:?}");
        assert_eq!(row.revision.map(|revision| revision.number()), revision, "{row:?}");
        assert_eq!(row.at, server.clock.now(), "{row:?}");
    }
    let mut notes = Vec::new();
    for note in &operation.notes {
        notes.push(with_id(note, server, &answer).await);
    }
    let mut noted: Vec<_> = told.into_iter().map(noted).collect();
    notes.sort_unstable();
    noted.sort_unstable();
    assert_eq!(noted, notes, "{}", operation.name);
}

/// Action, kind, name, id.
type Noted = (String, String, String, String);

fn noted(row: AuditRecord) -> Noted {
    (row.action, row.entity_type, row.entity_name, row.entity_id)
}

async fn with_id(note: &Note, server: &Server, answer: &Answer) -> Noted {
    let id = if note.id.is_empty() { id_in(server, answer).await } else { note.id.clone() };
    (note.action.to_owned(), note.kind.to_owned(), note.name.clone(), id)
}

/// The id of the created entity in the response; for a session, by its cookie or token.
async fn id_in(server: &Server, answer: &Answer) -> String {
    if let Some(cookie) = answer.set_cookie("rolecall_session") {
        let secret = cookie.split(['=', ';']).nth(1).unwrap();
        let session = server.app.store.session_by_secret(SecretHash::of(secret).as_bytes()).await.unwrap();
        return session.expect("the session of the cookie").id.to_string();
    }
    let body = answer.json();
    if let Some(token) = ["accessToken", "access_token"].iter().find_map(|name| body[*name].as_str()) {
        return claims(&Token(token.to_owned()))["sid"].as_str().unwrap().to_owned();
    }
    // The id of a batch is not the id of anything created in it.
    let made = body.get("succeeded").map_or(&body, |made| &made[0]);
    match (&made["id"], &made["uuid"], &made["alias"]) {
        (Value::String(id), ..) | (_, Value::String(id), _) | (.., Value::String(id)) => id.clone(),
        (Value::Number(id), ..) => id.to_string(),
        _ => panic!("{}: the answer tells no id: {body}", answer.asked),
    }
}
