//! The number of each user's rules: the table equals the world, after every change and after the migration.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on must fail"
)]

mod common;

use std::collections::BTreeSet;

use common::people::{
    act, at, audit_id, bootstrap_rule, bootstrap_user, bootstrapped, cluster_id, email, node, password, permitted,
    request, research, research_scope, root, sample, subject, user_id,
};
use common::{answered, back_to_schema, on_both_databases, past_the_store};
use rolecall_core::World;
use rolecall_core::access::Actor;
use rolecall_core::acts::{
    AnyAct, CreateDepartment, CreateRule, CreateUser, DeleteDepartment, DeleteProject, DeleteRule, DeleteUser,
    DisableUser, EnableUser, RecoverAccess,
};
use rolecall_core::catalogue::RoleId;
use rolecall_core::identity::{Credential, GroupName, Subject, User};
use rolecall_core::org::{DepartmentId, ProjectId, Scope};
use rolecall_store::{BootstrapScope, BootstrapUser, Database, NewUser, Store};

on_both_databases!(databases:
    the_table_agrees_with_the_world_after_every_change,
    many_rules_and_users_are_counted_at_once,
    a_database_without_the_table_counts_what_it_has,
);

fn group(name: &str) -> Subject {
    Subject::Group(GroupName::parse("group", name).unwrap())
}

fn in_groups(name: &str, id: u128, groups: &[&str]) -> BootstrapUser {
    let groups = groups.iter().map(|group| GroupName::parse("group", group).unwrap()).collect();
    BootstrapUser { groups, ..bootstrap_user(name, id) }
}

async fn counts(database: &Database) -> Vec<String> {
    answered(database, "SELECT email || ': ' || CAST(rules AS TEXT) FROM rule_counts ORDER BY email").await
}

/// The world's counts, in the same format.
fn counts_in(world: &World) -> Vec<String> {
    // Each rule once, though a list of groups may name a group twice.
    let count = |user: &User| world.principal_of_user(user).rules().map(|rule| rule.id).collect::<BTreeSet<_>>().len();
    let mut counts: Vec<_> = world.users().map(|user| format!("{}: {}", user.email, count(user))).collect();
    counts.sort();
    counts
}

async fn assert_agreed(store: &Store, database: &Database) {
    assert_eq!(counts(database).await, counts_in(&store.load_world().await.unwrap()));
}

fn grant(subject: Subject, role: i32, scope: Scope) -> CreateRule {
    CreateRule { subject, role: RoleId::new(role), scope }
}

async fn the_table_agrees_with_the_world_after_every_change(database: Database) {
    let store = Store::open(&database).await.unwrap();
    let mut bootstrap = sample();
    bootstrap.users.push(in_groups("ben", 4, &["dev", "sre", "dev"]));
    bootstrap.users.push(in_groups("eve", 5, &["dev"]));
    bootstrap.rules.push(bootstrap_rule(group("dev"), 1710, research()));
    bootstrap.rules.push(bootstrap_rule(group("dev"), 1710, BootstrapScope::Account));
    bootstrap.rules.push(bootstrap_rule(subject("eve"), 1710, research()));
    // A group and a user may have the same name.
    bootstrap.rules.push(bootstrap_rule(group("ben@example.com"), 1710, research()));
    let world = bootstrapped(&store, &bootstrap).await;
    assert_eq!(
        counts_in(&world),
        [
            "ana@example.com: 1",
            "ben@example.com: 2",
            "eve@example.com: 3",
            "root@example.com: 1",
            "vice@example.com: 1"
        ]
    );
    assert_agreed(&store, &database).await;

    let speech = Scope::Project(ProjectId::new(4));
    let acts: [AnyAct; 10] = [
        grant(group("sre"), 1710, research_scope()).into(),
        grant(group("nobody"), 1710, research_scope()).into(),
        grant(subject("ben"), 1710, research_scope()).into(),
        grant(subject("ben"), 1710, speech).into(),
        grant(group("dev"), 1710, speech).into(),
        grant(subject("new"), 1710, speech).into(),
        grant(subject("new"), 1710, research_scope()).into(),
        DisableUser(user_id(5)).into(),
        DeleteProject(ProjectId::new(4)).into(),
        CreateDepartment { cluster: cluster_id(), name: node("sales") }.into(),
    ];
    for (minute, what) in (1..).zip(acts) {
        act(&store, &root(), what.clone(), at(minute)).await.unwrap();
        assert_agreed(&store, &database).await;
    }

    // A new user finds rules with their name; a user who is deleted and created again finds none.
    for minute in [20, 30] {
        let (mut tx, permit) =
            permitted(&store, &root(), CreateUser { email: email("new") }, at(minute)).await.unwrap();
        let new = NewUser {
            id: user_id(6),
            names: rolecall_core::identity::PersonNames::default(),
            password: password("hash", Credential::Temporary),
            generated: false,
        };
        tx.create_user(&permit, new).await.unwrap();
        tx.commit(permit, &request()).await.unwrap();
        assert_agreed(&store, &database).await;
        let expected = format!("new@example.com: {}", if minute == 20 { 1 } else { 0 });
        assert!(counts(&database).await.contains(&expected), "{expected}");
        act(&store, &root(), DeleteUser(user_id(6)), at(minute + 1)).await.unwrap();
        assert_agreed(&store, &database).await;
    }

    // Every rule is deleted, one after the other, except for the ways in.
    let world = store.load_world().await.unwrap();
    for rule in world.rules().filter(|rule| rule.role != RoleId::new(1)) {
        act(&store, &root(), DeleteRule(rule.id), at(40)).await.unwrap();
        assert_agreed(&store, &database).await;
    }
    assert!(counts(&database).await.contains(&"ben@example.com: 0".to_owned()));

    // Groups that changed while the server was down: the next change of the user counts again.
    act(&store, &root(), grant(group("late"), 1710, research_scope()), at(50)).await.unwrap();
    past_the_store(&database, r#"UPDATE users SET group_names = '["late"]' WHERE email = 'eve@example.com'"#).await;
    act(&store, &root(), EnableUser(user_id(5)), at(51)).await.unwrap();
    assert!(counts(&database).await.contains(&"eve@example.com: 1".to_owned()));
    assert_agreed(&store, &database).await;

    for name in ["ana", "helper"] {
        let recover = RecoverAccess { email: email(name) };
        let (mut tx, permit) = permitted(&store, &Actor::Host, recover, at(60)).await.unwrap();
        tx.recover_access(&permit, user_id(7), "hash".to_owned(), audit_id()).await.unwrap();
        tx.commit(permit, &request()).await.unwrap();
        assert_agreed(&store, &database).await;
    }
    act(&store, &root(), DeleteDepartment(DepartmentId::new(5)), at(61)).await.unwrap();
    assert_agreed(&store, &database).await;
    store.close().await;
}

async fn many_rules_and_users_are_counted_at_once(database: Database) {
    let store = Store::open(&database).await.unwrap();
    let mut bootstrap = sample();
    bootstrap.users.extend((10..1210).map(|n| in_groups(&format!("user{n}"), n, &["all"])));
    bootstrap.rules.extend((10..1210).map(|n| bootstrap_rule(subject(&format!("user{n}")), 1710, research())));
    bootstrapped(&store, &bootstrap).await;
    assert_agreed(&store, &database).await;
    act(&store, &root(), grant(group("all"), 1710, research_scope()), at(1)).await.unwrap();
    assert_agreed(&store, &database).await;
    let world = store.load_world().await.unwrap();
    let rule = world.rules_of(&group("all")).next().unwrap().id;
    act(&store, &root(), DeleteRule(rule), at(2)).await.unwrap();
    assert_agreed(&store, &database).await;
    assert!(counts(&database).await.contains(&"user1209@example.com: 1".to_owned()));
    store.close().await;
}

async fn a_database_without_the_table_counts_what_it_has(database: Database) {
    let store = Store::open(&database).await.unwrap();
    let mut bootstrap = sample();
    bootstrap.users.push(in_groups("ben", 4, &["dev", "sre"]));
    bootstrap.users.push(in_groups("eve", 5, &[]));
    bootstrap.rules.push(bootstrap_rule(group("dev"), 1710, research()));
    bootstrap.rules.push(bootstrap_rule(subject("ben"), 1710, research()));
    bootstrapped(&store, &bootstrap).await;
    act(&store, &root(), grant(group("sre"), 1710, research_scope()), at(1)).await.unwrap();
    let world = store.load_world().await.unwrap();
    act(&store, &root(), DeleteRule(world.rules_of(&group("sre")).next().unwrap().id), at(2)).await.unwrap();
    store.close().await;
    let before = counts(&database).await;
    assert!(
        before.contains(&"ben@example.com: 2".to_owned()) && before.contains(&"eve@example.com: 0".to_owned()),
        "{before:?}"
    );

    back_to_schema(&database, 3).await;
    let store = Store::open(&database).await.unwrap();
    assert_eq!(counts(&database).await, before);
    assert_agreed(&store, &database).await;
    store.close().await;
}
