//! Groups of users: the table for lists equals each user's row, after a change and after the migration.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on must fail"
)]

mod common;

use common::people::{act, at, bootstrap_user, bootstrapped, facts, permitted, root, sample, user_id};
use common::{answered, on_both_databases, past_the_store};
use rolecall_core::RevisionId;
use rolecall_core::acts::{DeleteUser, DisableUser, ResetPassword};
use rolecall_core::identity::{Credential, GroupName};
use rolecall_store::{BootstrapUser, Database, Store};

on_both_databases!(databases:
    both_tables_agree_after_every_change,
    a_database_of_the_first_schema_becomes_what_a_new_one_is,
);

fn in_groups(name: &str, id: u128, groups: &[&str]) -> BootstrapUser {
    let groups = groups.iter().map(|group| GroupName::parse("group", group).unwrap()).collect();
    BootstrapUser { groups, ..bootstrap_user(name, id) }
}

/// The table's content, as `group: email`.
async fn members(database: &Database) -> Vec<String> {
    answered(database, "SELECT group_name || ': ' || email FROM user_groups ORDER BY group_name, email").await
}

/// The users' rows, in the same format.
async fn members_by_user(database: &Database) -> Vec<String> {
    let emails = answered(database, "SELECT email FROM users ORDER BY email").await;
    let lists = answered(database, "SELECT group_names FROM users ORDER BY email").await;
    let mut members = Vec::new();
    for (email, list) in emails.iter().zip(&lists) {
        let groups: Vec<String> = serde_json::from_str(list).unwrap();
        members.extend(groups.iter().map(|group| format!("{group}: {email}")));
    }
    members.sort();
    members.dedup();
    members
}

async fn both_tables_agree_after_every_change(database: Database) {
    let store = Store::open(&database).await.unwrap();
    let mut bootstrap = sample();
    bootstrap.users.push(in_groups("ben", 4, &["Dev, ops", "dev", "Dev, ops", "\"quoted\" \\ ünï"]));
    bootstrap.users.push(in_groups("eve", 5, &["dev"]));
    bootstrapped(&store, &bootstrap).await;
    let expected = [
        "\"quoted\" \\ ünï: ben@example.com",
        "Dev, ops: ben@example.com",
        "dev: ben@example.com",
        "dev: eve@example.com",
    ];
    assert_eq!(members(&database).await, expected);
    assert_eq!(members_by_user(&database).await, expected);

    // Groups written into the table by hand count for nobody: the next change of the user writes those that the world
    // has.
    let world = store.load_world().await.unwrap();
    past_the_store(&database, r#"UPDATE users SET group_names = '["sre"]' WHERE email = 'eve@example.com'"#).await;
    let mut tx = store.begin(&world, RevisionId::new(2), || at(1)).await.unwrap().unwrap();
    let permit = tx.authorize(&root(), DisableUser(user_id(5))).unwrap();
    tx.disable_user(&permit).await.unwrap();
    let world = tx.commit(permit, &common::people::request()).await.unwrap();
    let eve = world.user_by_id(user_id(5)).unwrap();
    assert_eq!(
        (eve.enabled, eve.groups.iter().map(ToString::to_string).collect::<Vec<_>>()),
        (false, vec!["dev".to_owned()])
    );
    assert_eq!(members(&database).await.last().unwrap(), "dev: eve@example.com");
    assert_eq!(members(&database).await, members_by_user(&database).await);
    assert_eq!(store.load_world().await.unwrap().user_by_id(user_id(5)), Some(eve));

    let (mut tx, permit) = permitted(&store, &root(), ResetPassword(user_id(4)), at(2)).await.unwrap();
    tx.reset_password(&permit, common::people::password("other", Credential::Temporary)).await.unwrap();
    tx.commit(permit, &common::people::request()).await.unwrap();
    assert_eq!(members(&database).await, members_by_user(&database).await);

    act(&store, &root(), DeleteUser(user_id(4)), at(3)).await.unwrap();
    assert_eq!(members(&database).await, ["dev: eve@example.com"]);
    store.close().await;
}

/// Creates what the first version created, in the database's syntax.
async fn first_schema(database: &Database) {
    let (text, bytes) = match database {
        Database::Sqlite { .. } => ("TEXT", "BLOB"),
        Database::Postgres { .. } => (r#"TEXT COLLATE "C""#, "BYTEA"),
    };
    let foundation =
        include_str!("../migrations/0001_foundation.sql").replace("{text}", text).replace("{bytes}", bytes);
    let done = "CREATE TABLE migrations (number BIGINT PRIMARY KEY); INSERT INTO migrations VALUES (1);";
    past_the_store(database, &format!("{foundation};{done}")).await;
}

async fn schema(database: &Database) -> Vec<String> {
    let question = match database {
        Database::Sqlite { .. } => {
            "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY 1"
        }
        Database::Postgres { .. } => {
            "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, collation_name) AS line \
             FROM information_schema.columns WHERE table_schema = 'public' \
             UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' \
             UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint \
             WHERE connamespace = 'public'::regnamespace ORDER BY line"
        }
    };
    answered(database, question).await
}

async fn emptied(database: &Database) {
    match database {
        Database::Sqlite { file } => std::fs::remove_file(file).unwrap(),
        Database::Postgres { .. } => past_the_store(database, "DROP SCHEMA public CASCADE; CREATE SCHEMA public").await,
    }
}

async fn a_database_of_the_first_schema_becomes_what_a_new_one_is(database: Database) {
    let store = Store::open(&database).await.unwrap();
    let mut bootstrap = sample();
    bootstrap.users.push(in_groups("ben", 4, &["Dev, ops", "dev", "Dev, ops", "\"quoted\" \\ ünï"]));
    let world = bootstrapped(&store, &bootstrap).await;
    store.close().await;
    let (new, groups) = (schema(&database).await, members(&database).await);
    assert!(new.iter().any(|line| line.contains("user_groups")), "{new:#?}");
    assert_eq!(groups.len(), 3);
    emptied(&database).await;

    first_schema(&database).await;
    let row = |n: u8, name: &str, groups: &str| {
        format!("('{}', '{name}@example.com', 1, 'external', '{groups}', 'oidc', 1, 1)", user_id(n.into()))
    };
    let rows = [row(3, "ana", "[]"), row(4, "ben", r#"["Dev, ops","dev","Dev, ops","\"quoted\" \\ ünï"]"#)];
    let users = "id, email, enabled, credential, group_names, created_by, created_at, updated_at";
    past_the_store(&database, &format!("INSERT INTO users ({users}) VALUES {}", rows.join(", "))).await;
    let store = Store::open(&database).await.unwrap();
    assert_eq!(schema(&database).await, new);
    assert_eq!(members(&database).await, groups);
    assert_eq!(members_by_user(&database).await, groups);
    let migrated = store.load_world().await.unwrap();
    let groups_of = |world: &rolecall_core::World| world.user_by_id(user_id(4)).unwrap().groups.clone();
    assert_eq!(groups_of(&migrated), groups_of(&world), "{:?}", facts(&migrated));
    store.close().await;
}
