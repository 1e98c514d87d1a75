//! A database of that size, and the time to load the world from it.

use std::collections::BTreeMap;
use std::path::Path;

use rolecall_core::access::{Role, Rule};
use rolecall_core::identity::User;
use rolecall_core::org::Scope;
use rolecall_core::{Change, World};
use rolecall_store::{Database, Store};
use rusqlite::{Connection, params};

use crate::measure::processor_time;
use crate::organisation::{Size, changes};

/// Writes the organisation into a SQLite file as the store lays it out, loads it, and says how much of the processors'
/// time that took.
pub fn load(size: Size) -> (std::time::Duration, World) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("rolecall.db");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let open = || runtime.block_on(Store::open(&Database::Sqlite { file: file.clone() })).expect("a store");
    runtime.block_on(open().close());
    without_indexes(&file);
    fill(&file, size);
    let store = open();
    let (time, world) = processor_time(|| runtime.block_on(store.load_world()).expect("a world"));
    runtime.block_on(store.close());
    (time, world)
}

/// Loading reads whole tables, so the indexes of lists are left out: they take longer to make than everything else.
fn without_indexes(file: &Path) {
    let connection = Connection::open(file).expect("the file");
    let indexes: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
        .and_then(|mut all| all.query_map([], |row| row.get(0))?.collect())
        .expect("names");
    for index in indexes {
        connection.execute_batch(&format!("DROP INDEX {index}")).expect("an index less");
    }
}

/// Writes the organisation beside what is in the file already.
pub fn fill(file: &Path, size: Size) {
    let mut connection = Connection::open(file).expect("the file");
    connection.pragma_update(None, "synchronous", "off").expect("a setting");
    let transaction = connection.transaction().expect("a transaction");
    // A project's row names the whole way up.
    let mut clusters = BTreeMap::new();
    for change in changes(size) {
        if let Change::DepartmentSet(it) = &change {
            clusters.insert(it.id, it.cluster.to_string());
        }
        let done = match &change {
            Change::ClusterSet(it) => node(
                &transaction,
                Scope::Cluster(it.id),
                "cluster",
                it.name.as_str(),
                (Some(it.id.to_string()), None, Some(it.default_department.number())),
            ),
            Change::DepartmentSet(it) => node(
                &transaction,
                Scope::Department(it.id),
                "department",
                it.name.as_str(),
                (Some(it.cluster.to_string()), Some(it.id.number()), None),
            ),
            Change::ProjectSet(it) => node(
                &transaction,
                Scope::Project(it.id),
                "project",
                it.name.as_str(),
                (clusters.get(&it.department).cloned(), Some(it.department.number()), None),
            ),
            Change::RoleSet(it) => role(&transaction, it),
            Change::UserSet(it) => user(&transaction, it),
            Change::RuleSet(it) => rule(&transaction, it),
            other => panic!("{other:?} fills nothing"),
        };
        done.expect("a row");
    }
    transaction.commit().expect("all rows");
}

/// The ids of the cluster and the department above a node, and of a cluster's default department.
type Above = (Option<String>, Option<i64>, Option<i64>);

fn key(scope: Scope) -> (String, String) {
    match scope {
        Scope::Account => ("tenant".to_owned(), String::new()),
        Scope::Cluster(id) => (format!("cluster:{id}"), id.to_string()),
        Scope::Department(id) => (format!("department:{id}"), id.to_string()),
        Scope::Project(id) => (format!("project:{id}"), id.to_string()),
    }
}

fn node(connection: &Connection, scope: Scope, kind: &str, name: &str, above: Above) -> rusqlite::Result<usize> {
    let (key, id) = key(scope);
    let (cluster, department, default) = above;
    connection
        .prepare_cached(
            "INSERT INTO nodes (scope, kind, id, number, name, description, cluster, department, default_department, \
             created_by, created_at, updated_at) VALUES (?, ?, ?, 0, ?, '', ?, ?, ?, 'bench', 0, 0)",
        )?
        .execute(params![key, kind, id, name, cluster, department, default])
}

/// A new database has the predefined roles' names only; the server's first start writes the same as this.
fn role(connection: &Connection, role: &Role) -> rusqlite::Result<usize> {
    let permissions = serde_json::to_string(&role.definition.permissions).expect("permissions are words");
    connection
        .prepare_cached("UPDATE roles SET permissions = ? WHERE id = ?")?
        .execute(params![permissions, role.id.number()])
}

fn user(connection: &Connection, user: &User) -> rusqlite::Result<usize> {
    let groups: Vec<String> = user.groups.iter().map(|group| format!("{:?}", group.as_str())).collect();
    connection
        .prepare_cached(
            "INSERT INTO users (id, email, enabled, credential, group_names, created_by, created_at, updated_at) \
             VALUES (?, ?, 1, 'external', ?, 'bench', 0, 0)",
        )?
        .execute(params![user.id.to_string(), user.email.as_str(), format!("[{}]", groups.join(","))])
}

fn rule(connection: &Connection, rule: &Rule) -> rusqlite::Result<usize> {
    connection
        .prepare_cached(
            // A few come twice, which the index refuses where there is one.
            "INSERT OR IGNORE INTO access_rules (id, subject_type, subject, role, scope, created_by, created_at, updated_at) \
             VALUES (?, ?, ?, ?, ?, 'bench', 0, 0)",
        )?
        .execute(params![
            rule.id.number(),
            rule.subject.kind().as_str(),
            rule.subject.name(),
            rule.role.number(),
            key(rule.scope).0
        ])
}
