//! Service accounts and the audit log.

use rolecall_core::identity::ServiceAccountId;
use rolecall_core::{Revision, Timestamp};
use rolecall_store::{Database, Page, Store};
use uuid::Uuid;

use crate::common::{on_both_databases, past_the_store};

on_both_databases!(databases: service_accounts_are_listed_by_name, the_newest_audit_entries_come_first);

const ALL: Page = Page { offset: 0, limit: u32::MAX };

async fn service_accounts_are_listed_by_name(database: Database) {
    let store = Store::open(&database).await.unwrap();
    assert!(store.service_accounts(ALL).await.unwrap().is_empty());
    let id = |n| ServiceAccountId::new(Uuid::from_u128(n));
    let secret = if matches!(database, Database::Sqlite { .. }) { "x'00'" } else { r"'\x00'" };
    let row = |n: u128, client: &str, name: &str, enabled: u8, login: &str| {
        format!("('{}', '{client}', '{name}', {enabled}, {secret}, 'ana@example.com', 1, 2, {login})", id(n))
    };
    let rows = [row(1, "c-1", "train", 1, "3"), row(2, "C-2", "build_2", 0, "NULL"), row(3, "c-3", "build", 1, "4")];
    past_the_store(
        &database,
        &format!(
            "INSERT INTO service_accounts (id, client_id, name, enabled, secret_hash, created_by, created_at, updated_at, \
             last_login) VALUES {}",
            rows.join(", ")
        ),
    )
    .await;
    let names = async |page| -> Vec<String> {
        store.service_accounts(page).await.unwrap().into_iter().map(|account| account.name).collect()
    };
    assert_eq!(names(ALL).await, ["build", "build_2", "train"]);
    assert_eq!(names(Page { offset: 1, limit: 1 }).await, ["build_2"]);
    let found = store.service_account(id(2)).await.unwrap().unwrap();
    assert_eq!((found.client_id.as_str(), found.enabled, found.last_login), ("C-2", false, None));
    assert_eq!((found.created_at.millis(), found.updated_at.millis()), (1, 2));
    assert_eq!(store.service_account(id(9)).await.unwrap(), None);
    store.close().await;
}

async fn the_newest_audit_entries_come_first(database: Database) {
    let store = Store::open(&database).await.unwrap();
    let row = |id: &str, revision: &str, at: i64| {
        format!(
            "('{id}', {revision}, {at}, 'ana@example.com', 'user', '::1', 'create', 'POST', '/api/v1/users', 'user', 'b@example.com', '7', 'success', 201, 'r-{id}')"
        )
    };
    past_the_store(
        &database,
        &format!("INSERT INTO audit VALUES {}", [row("a", "1", 5), row("b", "NULL", 7), row("c", "2", 7)].join(", ")),
    )
    .await;
    let newest = store.audit_newest(2).await.unwrap();
    assert_eq!(newest.iter().map(|entry| entry.id.as_str()).collect::<Vec<_>>(), ["c", "b"]);
    assert_eq!((newest[0].revision, newest[1].revision), (Some(Revision::new(2)), None));
    assert_eq!((newest[0].at, newest[0].http_status_code), (Timestamp::from_millis(7), 201));
    assert_eq!((newest[0].entity_name.as_str(), newest[0].request_id.as_str()), ("b@example.com", "r-c"));
    store.close().await;
}
