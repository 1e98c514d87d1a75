//! Opening a database: created, migrated, refused.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on must fail"
)]

mod common;

use std::os::unix::fs::PermissionsExt;

use common::people::{act, at, bootstrapped, facts, node, robot_id, root, sample, user_id};
use common::{back_to_schema, on_both_databases, past_the_store};
use rolecall_core::access::{Actor, RuleId, Subtrees};
use rolecall_core::acts::{CreateProject, DisableUser, UpdateDepartment, UpdatePredefinedRoles, UpdateProject};
use rolecall_core::org::{DepartmentId, ProjectId, Scope};
use rolecall_core::world::Mistakable;
use rolecall_core::{ErrorKind, Revision, RevisionId, RevisionStamp, filter};
use rolecall_store::{Database, Page, RULE_FIELDS, RuleQuery, Store, Visibility};

on_both_databases!(databases:
    opening_again_keeps_everything,
    rows_from_before_revisions_were_noted_have_none,
    names_of_an_earlier_version_are_kept_and_compared_as_today,
    many_replicas_may_start_at_once,
    a_newer_schema_is_refused,
    rules_with_roles_of_another_version_stay_in_the_lists,
);
on_both_databases!(a_fresh_database_is_empty_and_answers, replicas_agree_on_a_key, a_closed_store_refuses);

async fn a_fresh_database_is_empty_and_answers(store: Store) {
    store.ping().await.unwrap();
    assert!(!store.is_bootstrapped().await.unwrap());
    assert_eq!(store.head().await.unwrap(), Revision::ZERO);
    assert_eq!(store.changes_after(RevisionStamp::ZERO, 10).await.unwrap().unwrap(), []);
    let world = store.load_world().await.unwrap();
    assert_eq!(world.users().count(), 0);
    assert_eq!(world.account().id.to_string(), "1001");
}

async fn opening_again_keeps_everything(database: Database) {
    let store = Store::open(&database).await.unwrap();
    let world = bootstrapped(&store, &sample()).await;
    store.close().await;
    let store = Store::open(&database).await.unwrap();
    assert!(store.is_bootstrapped().await.unwrap());
    assert_eq!(facts(&store.load_world().await.unwrap()), facts(&world));
    store.close().await;
}

async fn rows_from_before_revisions_were_noted_have_none(database: Database) {
    let store = Store::open(&database).await.unwrap();
    bootstrapped(&store, &sample()).await;
    store.close().await;
    // Back to the previous schema, as an older Rolecall left it.
    back_to_schema(&database, 2).await;
    let store = Store::open(&database).await.unwrap();
    act(&store, &Actor::Rolecall, UpdatePredefinedRoles, at(0)).await.unwrap();
    assert_eq!(store.user(user_id(3)).await.unwrap().unwrap().revision, RevisionStamp::ZERO);
    assert_eq!(store.service_account(robot_id()).await.unwrap().unwrap().revision, RevisionStamp::ZERO);
    let disabled = act(&store, &root(), DisableUser(user_id(3)), at(1)).await.unwrap().stamp();
    assert_eq!(store.user(user_id(3)).await.unwrap().unwrap().revision, disabled);
    store.close().await;
}

async fn names_of_an_earlier_version_are_kept_and_compared_as_today(database: Database) {
    let store = Store::open(&database).await.unwrap();
    bootstrapped(&store, &sample()).await;
    store.close().await;
    let older = "UPDATE nodes SET name = '\u{f6}rchid' WHERE scope = 'project:3'; \
                 UPDATE nodes SET name = 'O\u{308}RCHID' WHERE scope = 'project:4'; \
                 UPDATE nodes SET name = 'Lab\u{200b}' WHERE scope = 'department:2'; \
                 INSERT INTO access_rules (id, subject_type, subject, role, scope, created_by, created_at, updated_at) \
                 VALUES (901, 'group', 'STRASSE \u{dc}', 7, 'tenant', 'root', 1, 1), (902, 'group', 'Dev', 7, 'tenant', 'root', 1, 1);";
    back_to_schema(&database, 4).await;
    past_the_store(&database, older).await;

    let store = Store::open(&database).await.unwrap();
    let world = act(&store, &Actor::Rolecall, UpdatePredefinedRoles, at(0)).await.unwrap();
    let (orchid, twin, lab) =
        (Scope::Project(ProjectId::new(3)), Scope::Project(ProjectId::new(4)), Scope::Department(DepartmentId::new(2)));
    assert_eq!(world.name_of(twin), Some("O\u{308}RCHID"), "a name is kept as it was written");
    assert_eq!(world.mistakable(), [Mistakable::Same(vec![orchid, twin]), Mistakable::Unseen(lab, '\u{200b}')]);
    let rules = |said: &'static str| {
        let visible = Visibility { own: Vec::new(), subtrees: Subtrees::Everything };
        let mut query = RuleQuery::all(visible, Page { offset: 0, limit: 100 });
        query.filter = filter::parse(&[said], RULE_FIELDS).unwrap();
        query
    };
    assert_eq!(store.count_rules(&rules("subjectId==stra\u{df}e \u{fc}")).await.unwrap(), 1);
    assert_eq!(store.count_rules(&rules("subjectId=^DE")).await.unwrap(), 1);
    assert_eq!(store.count_rules(&rules("roleName==viewer,subjectId==dev")).await.unwrap(), 1);

    // The name cannot be used a third time, and the renamed one of the two cannot be renamed back.
    let rename = |project, name: &str| UpdateProject { project: ProjectId::new(project), name: Some(node(name)) };
    let third = CreateProject { department: DepartmentId::new(1), name: node("\u{d6}rchid") };
    assert_eq!(act(&store, &root(), third, at(1)).await.unwrap_err().kind, ErrorKind::Conflict);
    act(&store, &root(), rename(4, "tulip"), at(2)).await.unwrap();
    assert_eq!(act(&store, &root(), rename(4, "\u{d6}RCHID"), at(3)).await.unwrap_err().kind, ErrorKind::Conflict);
    act(&store, &root(), rename(3, "\u{d6}RCHID"), at(4)).await.unwrap();
    let department = UpdateDepartment { department: DepartmentId::new(2), name: Some(node("Lab")) };
    assert_eq!(act(&store, &root(), department, at(5)).await.unwrap().mistakable(), []);
    store.close().await;
}

async fn many_replicas_may_start_at_once(database: Database) {
    let open = || {
        tokio::spawn({
            let database = database.clone();
            async move { Store::open(&database).await }
        })
    };
    let starting: Vec<_> = (0..8).map(|_| open()).collect();
    for store in starting {
        let store = store.await.unwrap().unwrap();
        store.ping().await.unwrap();
        store.close().await;
    }
}

async fn a_newer_schema_is_refused(database: Database) {
    Store::open(&database).await.unwrap().close().await;
    past_the_store(&database, "INSERT INTO migrations (number) VALUES (4711)").await;
    let error = Store::open(&database).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid);
    assert!(
        error.message.contains("schema 4711") && error.message.contains("supports schemas up to "),
        "{}",
        error.message
    );
}

async fn rules_with_roles_of_another_version_stay_in_the_lists(database: Database) {
    let store = Store::open(&database).await.unwrap();
    let world = bootstrapped(&store, &sample()).await;
    store.close().await;
    // As a newer version leaves it: a role with its name, and one with a lost name.
    let newer = "INSERT INTO roles (id, name) VALUES (4711, 'Night watch'); \
                 INSERT INTO access_rules (id, subject_type, subject, role, scope, created_by, created_at, updated_at) \
                 VALUES (901, 'group', 'dev', 4711, 'tenant', 'root', 1, 1), (902, 'group', 'dev', 4712, 'tenant', 'root', 1, 1), \
                 (903, 'group', 'dev', 7, 'tenant', 'root', 1, 1)";
    past_the_store(&database, newer).await;

    for _ in 0..2 {
        let store = Store::open(&database).await.unwrap();
        let everything = || Visibility { own: Vec::new(), subtrees: Subtrees::Everything };
        let mut query = RuleQuery::all(everything(), Page { offset: 0, limit: 100 });
        let (rules, total) = store.rules(&query).await.unwrap();
        assert_eq!((rules.len(), total), (world.rules().count() + 3, u64::try_from(rules.len()).unwrap()));
        let names: Vec<_> =
            rules.iter().filter(|rule| rule.subject == "dev").map(|rule| rule.role_name.as_str()).collect();
        assert_eq!(names, ["Night watch", "role 4712", "Viewer"]);

        query.sort.by = Some("roleName");
        assert_eq!(store.rules(&query).await.unwrap().0.len(), rules.len(), "sorting leaves nothing out");
        query.filter = filter::parse(&["roleName!=Viewer", "subjectId==dev"], RULE_FIELDS).unwrap();
        assert_eq!(store.rules(&query).await.unwrap().1, 2);
        query.search = Some("NIGHT".to_owned());
        assert_eq!(store.count_rules(&query).await.unwrap(), 1);
        assert_eq!(store.rule(&everything(), RuleId::new(902)).await.unwrap().unwrap().role_name, "role 4712");
        assert_eq!(store.load_world().await.unwrap().rules().count(), rules.len());
        store.close().await;
    }
}

async fn replicas_agree_on_a_key(store: Store) {
    assert_eq!(store.key("signing").await.unwrap(), None);
    let asking = (0..20_u8).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { store.key_or_insert("signing", &[n; 32], at(0)).await.unwrap() })
    });
    let mut keys = Vec::new();
    for key in asking.collect::<Vec<_>>() {
        keys.push(key.await.unwrap());
    }
    keys.push(store.key("signing").await.unwrap().unwrap());
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    assert_eq!(store.key("another").await.unwrap(), None);
}

async fn a_closed_store_refuses(store: Store) {
    let (clone, world) = (store.clone(), store.load_world().await.unwrap());
    store.close().await;
    assert_eq!(clone.ping().await.unwrap_err().kind, ErrorKind::Overloaded);
    assert_eq!(clone.begin(&world, RevisionId::new(1), || at(0)).await.unwrap_err().kind, ErrorKind::Overloaded);
}

#[tokio::test]
async fn a_sqlite_file_is_its_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new").join("rolecall.db");
    let store = Store::open(&Database::Sqlite { file: file.clone() }).await.unwrap();
    bootstrapped(&store, &sample()).await;
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(&file.with_extension("db-wal")), 0o600);
    assert_eq!(mode(file.parent().unwrap()), 0o700);
}

#[tokio::test]
async fn what_cannot_be_opened_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let error = Store::open(&Database::Sqlite { file: folder.path().to_owned() }).await.unwrap_err();
    assert!(error.message.contains(&folder.path().display().to_string()), "{}", error.message);

    let open = |url: &str| {
        let url = url.to_owned();
        async move { Store::open(&Database::Postgres { url }).await.unwrap_err() }
    };
    assert_eq!(open("nonsense").await.kind, ErrorKind::Invalid);
    assert_eq!(open("postgres://rolecall:geheim@127.0.0.1:1/rolecall").await.kind, ErrorKind::Overloaded);
    let error = open("postgres://rolecall:geheim@127.0.0.1:1/rolecall?sslmode=verify_full").await;
    assert!(error.message.contains("sslmode"), "{}", error.message);
    assert!(!format!("{error:?}").contains("geheim"), "{error:?}");
}

#[test]
fn an_address_is_not_shown() {
    let database = Database::Postgres { url: "postgres://rolecall:geheim@db/rolecall".to_owned() };
    assert!(!format!("{database:?}").contains("geheim"));
}
