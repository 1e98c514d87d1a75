//! The doctor: it finds nothing on a sound database, finds alterations made behind the program's back, and changes
//! nothing.

use std::process::{Command, Output};

use rolecall_core::{RevisionId, Timestamp};
use rolecall_store::{Database, Store};
use tokio_postgres::NoTls;

use crate::harness::on_both_databases;
use crate::process::{Rolecall, data_directory};

on_both_databases!(databases:
    a_sound_database_is_found_sound_beside_a_server_and_stays_as_it_is,
    what_was_altered_by_hand_is_found,
    names_that_people_may_take_for_one_another_are_told,
    a_database_that_is_not_ready_is_refused_and_left_alone,
);

/// Enough users, groups, scopes and rules for every kind of difference to have an effect.
const SAMPLE: [&str; 1] = ["--demo"];

fn doctor(database: &Database, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ROLECALL_")) {
        command.env_remove(name);
    }
    command.arg("doctor");
    match database {
        Database::Sqlite { file } => command.arg("--data-dir").arg(data_directory(file)),
        Database::Postgres { url } => command.arg("--database-url").arg(url),
    };
    command.args(more).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Asserts that it finds the database sound; returns its last line.
#[track_caller]
fn ensure_sound(database: &Database) -> String {
    let output = doctor(database, &["--verify", "--seed", "7"]);
    assert!(output.status.success(), "{output:?}");
    let said = said(&output);
    let last = said.lines().last().unwrap_or_default();
    assert!(last.ends_with("none differs (seed 7)"), "{said}");
    let decisions = last.split_once(' ').unwrap().0;
    assert!(said.contains(&format!("\nComparing all {decisions} decisions, ")), "{said}");
    last.to_owned()
}

async fn a_sound_database_is_found_sound_beside_a_server_and_stays_as_it_is(database: Database) {
    let server = Rolecall::start_with(&database, &SAMPLE).await;
    let beside = ensure_sound(&database);
    let numbers: Vec<u64> = beside.split(|it: char| !it.is_ascii_digit()).filter_map(|it| it.parse().ok()).collect();
    let [decisions, allowed, lists, _seed] = numbers[..] else { panic!("{beside}") };
    assert!(decisions > 100_000 && lists > 300, "{beside}");
    assert!(allowed > decisions / 50 && allowed < decisions / 2, "{beside}");
    drop(server);

    let before = contents(&database).await;
    assert_eq!(ensure_sound(&database), beside, "the same seed asks the same");
    assert!(doctor(&database, &[]).status.success());
    assert!(before == contents(&database).await, "looking changed something");
    let store = Store::open_to_read(&database).await.unwrap();
    assert!(
        store
            .begin(&store.load_world().await.unwrap(), RevisionId::new(1), || Timestamp::from_millis(0))
            .await
            .is_err(),
        "a store that was opened to read cannot change anything"
    );
    store.close().await;
    assert!(before == contents(&database).await);
}

/// A rule of the sample that is not a way in.
const A_RULE: &str = "(SELECT max(r.id) FROM access_rules r)";

async fn what_was_altered_by_hand_is_found(database: Database) {
    drop(Rolecall::start_with(&database, &SAMPLE).await);
    let other_cluster = "(SELECT max(o.cluster) FROM nodes o WHERE o.cluster <> nodes.cluster)";
    let alterations = [
        // Lists use the whole scope path stored with a node, decisions go from parent to parent.
        (
            "a project that carries another cluster",
            format!("UPDATE nodes SET cluster = {other_cluster} WHERE kind = 'project'"),
            "see?",
        ),
        // Lists use the members of groups, decisions the groups of members.
        ("a group without members", "DELETE FROM user_groups".to_owned(), "which rules of"),
        ("a role without a name", "DELETE FROM roles WHERE id = 7".to_owned(), "which access rules does"),
        (
            "a role that permits less than it did past the feed",
            "UPDATE roles SET permissions = '[]' WHERE id = 7".to_owned(),
            "by the change feed",
        ),
        // Followers of the feed have a rule that servers which load the tables do not have.
        (
            "a rule that is gone past the feed",
            format!("UPDATE access_rules SET deleted_at = 1 WHERE id = {A_RULE}"),
            "is there by the change feed and not in its table",
        ),
    ];
    for (what, alteration, words) in alterations {
        let kept = copy_of_rows(&database).await;
        run(&database, &alteration).await;
        let output = doctor(&database, &["--verify", "--seed", "7"]);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{what}: {said}");
        assert!(said.contains(words), "{what}: {said}");
        assert!(said.lines().last().unwrap().ends_with("differ (seed 7)"), "{what}: {said}");
        run(&database, &kept).await;
    }
    ensure_sound(&database);
    run(&database, "UPDATE users SET enabled = 0").await;
    let output = doctor(&database, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("rolecall admin recover"), "{output:?}");
}

async fn names_that_people_may_take_for_one_another_are_told(database: Database) {
    drop(Rolecall::start_with(&database, &SAMPLE).await);
    let said_by = |output: Output| {
        assert!(output.status.success(), "{output:?}");
        said(&output)
    };
    assert!(!said_by(doctor(&database, &[])).contains("Names that"), "the sample has none");
    // Names from an earlier version: two projects of a department, and one whose name ends in an invisible character.
    let project = "kind = 'project' AND department = (SELECT min(o.department) FROM nodes o WHERE o.kind = 'project')";
    let older = format!(
        "UPDATE nodes SET name_key = '\u{f6}rchid', name = '\u{f6}rchid' WHERE number = (SELECT min(n.number) FROM nodes n WHERE n.{project}); \
         UPDATE nodes SET name_key = '\u{f6}rchid', name = '\u{d6}RCHID' WHERE number = (SELECT max(n.number) FROM nodes n WHERE n.{project}); \
         UPDATE nodes SET name_key = name || '\u{200b}', name = name || '\u{200b}' WHERE kind = 'cluster' AND name = (SELECT min(n.name) FROM nodes n WHERE n.kind = 'cluster')"
    );
    run(&database, &older).await;
    let ids = answered(&database, "SELECT id FROM nodes WHERE name_key = '\u{f6}rchid' ORDER BY number").await;
    let told = said_by(doctor(&database, &["--verify", "--seed", "7"]));
    let names = told.lines().find(|line| line.starts_with("Names that differ only in case or spelling: ")).unwrap();
    let [first, second] = &ids[..] else { panic!("{ids:?}") };
    assert!(
        names.contains(&format!("/\u{f6}rchid\" ({first})")) && names.contains(&format!("/\u{d6}RCHID\" ({second})")),
        "{names}"
    );
    assert!(told.contains("A name contains the invisible character U+200B: cluster "), "{told}");
    assert!(told.lines().last().unwrap().ends_with("none differs (seed 7)"), "everything works with them: {told}");

    let server = Rolecall::start(&database).await;
    server.until_logged("Names that differ only in case or spelling: ").await;
    server.until_logged("U+200B").await;
}

async fn a_database_that_is_not_ready_is_refused_and_left_alone(database: Database) {
    let output = doctor(&database, &["--verify"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    if let Database::Sqlite { file } = &database {
        assert!(!file.exists(), "it makes none");
    }
    Store::open(&database).await.unwrap().close().await;
    run(&database, "DELETE FROM migrations WHERE number = (SELECT max(m.number) FROM migrations m)").await;
    let output = doctor(&database, &["--verify"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("rolecall serve"), "{output:?}");
}

/// Undoes the alterations: the rows as they are.
async fn copy_of_rows(database: &Database) -> String {
    let groups = "SELECT 'INSERT INTO user_groups (group_name, email) VALUES (''' || group_name || ''', ''' || email || ''')' \
                  FROM user_groups";
    let roles = "SELECT 'INSERT INTO roles (id, name, name_key, description, permissions, created_by, created_at, updated_at) \
                 VALUES (' || id || ', ''' || name || ''', ''' || name_key || ''', ''' || replace(description, '''', '''''') \
                 || ''', ''' || permissions || ''', ''' || created_by || ''', ' || created_at || ', ' || updated_at || ')' \
                 FROM roles";
    let nodes = "SELECT 'UPDATE nodes SET cluster = ''' || cluster || ''' WHERE scope = ''' || scope || '''' FROM nodes \
                 WHERE kind = 'project'";
    let rule = format!("UPDATE access_rules SET deleted_at = NULL WHERE id = {A_RULE}");
    let mut kept = vec!["DELETE FROM user_groups; DELETE FROM roles".to_owned(), rule];
    for question in [groups, roles, nodes] {
        kept.extend(answered(database, question).await);
    }
    kept.join(";\n")
}

/// The whole contents of a database.
async fn contents(database: &Database) -> Vec<Vec<u8>> {
    match database {
        Database::Sqlite { file } => {
            let wal = file.with_extension("db-wal");
            // An empty file beside it makes no difference.
            vec![std::fs::read(file).unwrap(), std::fs::read(wal).unwrap_or_default()]
        }
        Database::Postgres { .. } => {
            let tables =
                answered(database, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");
            let mut all = Vec::new();
            for table in tables.await {
                let rows = format!("SELECT coalesce(string_agg(t::text, ' ' ORDER BY t::text), '') FROM {table} t");
                all.extend(answered(database, &rows).await.into_iter().map(String::into_bytes));
            }
            all
        }
    }
}

/// The first column of a query that bypasses the store.
async fn answered(database: &Database, question: &str) -> Vec<String> {
    match database {
        Database::Sqlite { file } => {
            let connection = rusqlite::Connection::open(file).unwrap();
            let mut statement = connection.prepare(question).unwrap();
            statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        }
        Database::Postgres { url } => {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
            let connection = tokio::spawn(connection);
            let rows = client.query(question, &[]).await.unwrap();
            drop(client);
            connection.await.unwrap().unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        }
    }
}

/// Runs statements that bypass the store.
pub async fn run(database: &Database, text: &str) {
    match database {
        Database::Sqlite { file } => rusqlite::Connection::open(file).unwrap().execute_batch(text).unwrap(),
        Database::Postgres { url } => {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
            let connection = tokio::spawn(connection);
            client.batch_execute(text).await.unwrap();
            drop(client);
            connection.await.unwrap().unwrap();
        }
    }
}
