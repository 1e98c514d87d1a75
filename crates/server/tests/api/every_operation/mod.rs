//! Properties of every operation in the API document: who is refused, who succeeds, what is audited, and that the
//! document says so. The [`table`] has all of them; an operation missing there fails a test here.

mod document;
mod largest;
mod malformed;
mod refused;
mod stage;
mod succeeds;
mod table;

use std::collections::BTreeSet;

use rolecall_store::AuditRecord;
use serde_json::Value;

use crate::harness::{Answer, Server, Token, on_both_databases};
pub use document::Document;
use stage::{Me, Stage};
use table::{Operation, table};

on_both_databases!(the_table_has_every_operation_of_the_document_and_no_other);

async fn the_table_has_every_operation_of_the_document_and_no_other(server: Server) {
    let (stage, me) = (Stage::set(&server, 0).await, Me::administrator(&server, 0).await);
    let (table, document) = (table(&stage, &me), Document::of_the_routes());
    let documented: BTreeSet<_> = document.operations().into_iter().collect();
    let named: BTreeSet<_> = table.iter().map(|operation| operation.name.to_owned()).collect();
    assert_eq!(named, documented);
    assert_eq!(table.len(), documented.len(), "each operation has one entry");
    for operation in &table {
        assert_eq!(operation.public, document.is_public(operation), "{}: who needs no token?", operation.name);
    }
}

#[test]
fn the_document_that_is_checked_in_is_the_one_that_the_routes_make() {
    let same = Document::checked_in().json() == Document::of_the_routes().json();
    assert!(same, "openapi.json is stale: run `cargo xtask codegen` and commit it");
}

/// Calls an operation as a page of this server or a script would.
async fn ask(server: &Server, operation: &Operation, token: Option<&Token>, request_id: &str) -> Answer {
    let asked = server.ask(&operation.method(), &operation.path).header("x-request-id", request_id);
    let asked = asked.header("sec-fetch-site", "same-origin");
    let asked = match token {
        Some(token) => asked.by(token),
        None => asked,
    };
    let asked = match &operation.body {
        Some(Value::Object(members)) if operation.is_form => {
            let members: Vec<_> =
                members.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
            asked.form(&members)
        }
        Some(body) => asked.json(body),
        None => asked,
    };
    asked.send().await
}

/// The whole audit log.
async fn audit_rows(server: &Server) -> Vec<AuditRecord> {
    server.app.store.audit_newest(u32::MAX).await.unwrap()
}
