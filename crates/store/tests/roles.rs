//! Roles in the database: made, changed, disabled, deleted, and brought up to another version of Rolecall.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on must fail")]

mod common;

use common::people::{act, actor, at, bootstrapped, facts, followed, permitted, research_scope, root, sample, subject};
use common::{back_to_schema, on_both_databases, past_the_store};
use rolecall_core::access::{Actor, Role, RoleDefinition, RoleName, Subtrees};
use rolecall_core::acts::{
    CreateRole, CreateRule, DeleteRole, DeleteRule, DisableRole, EnableRole, UpdatePredefinedRoles, UpdateRole,
};
use rolecall_core::catalogue::{Action, Permission, Preset, ResourceType, RoleId};
use rolecall_core::{ErrorKind, World};
use rolecall_store::{Database, Page, RuleQuery, Store, Visibility};

on_both_databases! {
    a_role_lives_and_leaves_its_name_to_the_past,
    a_role_is_found_with_its_last_change,
    the_last_administrators_role_cannot_be_disabled,
}
on_both_databases! {
    databases:
    predefined_roles_enter_by_a_revision,
}

const READ_PROJECTS: Permission = Permission::new(ResourceType::Project, Action::Read);
const FIRST: RoleId = RoleId::new(10_001);

fn definition(name: &str, preset: &str) -> RoleDefinition {
    let preset = Preset::all().iter().find(|it| it.name == preset).unwrap();
    RoleDefinition {
        name: RoleName::parse("name", name).unwrap(),
        description: "for tests".to_owned(),
        presets: vec![preset.id],
        permissions: preset.permissions,
        kubernetes: Some("12".to_owned()),
    }
}

fn create(name: &str) -> CreateRole {
    CreateRole { definition: definition(name, "Projects: view"), enabled: true }
}

fn may_read_projects(world: &World) -> bool {
    world.decide(&subject("ben"), READ_PROJECTS, research_scope()).is_allow()
}

async fn a_role_lives_and_leaves_its_name_to_the_past(store: Store) {
    let bootstrapped = bootstrapped(&store, &sample()).await;
    assert!(bootstrapped.roles().map(|role| role.id).eq(Role::predefined().map(|role| role.id)));

    act(&store, &root(), create("Project lead"), at(1)).await.unwrap();
    let rule = CreateRule { subject: subject("ben"), role: FIRST, scope: research_scope() };
    let world = act(&store, &root(), rule, at(2)).await.unwrap();
    assert!(may_read_projects(&world));
    assert_eq!(world.uses_of(FIRST).collect::<Vec<_>>(), [(research_scope(), 1)]);

    assert!(!may_read_projects(&act(&store, &root(), DisableRole(FIRST), at(3)).await.unwrap()));
    assert!(may_read_projects(&act(&store, &root(), EnableRole(FIRST), at(4)).await.unwrap()));
    let other = UpdateRole { role: FIRST, definition: definition("Lead", "Policies: view"), enabled: None };
    let world = act(&store, &root(), other, at(5)).await.unwrap();
    assert!(!may_read_projects(&world));
    let role = world.role(FIRST).unwrap();
    assert_eq!((role.name(), role.created_at, role.updated_at), ("Lead", at(1), at(5)));

    let error = act(&store, &root(), DeleteRole(FIRST), at(6)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
    assert!(error.message.contains("1 access rule has the role \"Lead\""), "{error}");
    let id = world.rules_of(&subject("ben")).next().unwrap().id;
    act(&store, &root(), DeleteRule(id), at(7)).await.unwrap();
    let world = act(&store, &root(), DeleteRole(FIRST), at(8)).await.unwrap();
    assert!(world.role(FIRST).is_none());
    assert_eq!(store.role(FIRST).await.unwrap(), None);

    // The name is free again, the number is not, and rules of the past keep the name.
    let world = act(&store, &root(), create("LEAD"), at(9)).await.unwrap();
    assert_eq!(world.roles().last().unwrap().id, RoleId::new(10_002));
    let mut query =
        RuleQuery::all(Visibility { own: Vec::new(), subtrees: Subtrees::Everything }, Page { offset: 0, limit: 100 });
    query.include_deleted = true;
    let (rules, _) = store.rules(&query).await.unwrap();
    let gone = rules.iter().find(|rule| rule.id == id).unwrap();
    assert_eq!((gone.role_name.as_str(), gone.deleted_at), ("Lead", Some(at(7))));

    assert_eq!(facts(&store.load_world().await.unwrap()), facts(&world));
    assert_eq!(facts(&followed(&store, &bootstrapped).await), facts(&world));
}

async fn a_role_is_found_with_its_last_change(store: Store) {
    bootstrapped(&store, &sample()).await;
    let made = act(&store, &root(), create("Project lead"), at(1)).await.unwrap();
    let (role, last) = store.role(FIRST).await.unwrap().unwrap();
    assert_eq!((&role, last), (made.role(FIRST).unwrap(), made.stamp()));
    let (mut change, permit) = permitted(&store, &root(), DisableRole(FIRST), at(2)).await.unwrap();
    assert_eq!(change.last_change(&permit).await.unwrap(), Some(last));
    drop(change);
    let disabled = act(&store, &root(), DisableRole(FIRST), at(2)).await.unwrap();
    assert_eq!(store.role(FIRST).await.unwrap().unwrap().1, disabled.stamp());
    assert_eq!(store.role(RoleId::new(4711)).await.unwrap(), None);
}

async fn the_last_administrators_role_cannot_be_disabled(store: Store) {
    let before = bootstrapped(&store, &sample()).await;
    let error = act(&store, &root(), DisableRole(RoleId::SYSTEM_ADMINISTRATOR), at(1)).await.unwrap_err();
    assert_eq!((error.kind, error.reason), (ErrorKind::Conflict, Some("last-administrator")));
    let ana = actor("ana", 3, 3);
    let error = act(&store, &ana, create("Project lead"), at(1)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Forbidden);
    assert_eq!(facts(&store.load_world().await.unwrap()), facts(&before));
}

async fn predefined_roles_enter_by_a_revision(database: Database) {
    let store = Store::open(&database).await.unwrap();
    let world = bootstrapped(&store, &sample()).await;
    store.close().await;
    // As a version before roles were facts left it, with another name for one role.
    back_to_schema(&database, 20).await;
    past_the_store(&database, "UPDATE roles SET name = 'Onlooker', name_key = 'onlooker' WHERE id = 7").await;

    let store = Store::open(&database).await.unwrap();
    let before = store.load_world().await.unwrap();
    assert_eq!(before.roles().count(), 0, "they permit nothing before the revision");
    let upgraded = act(&store, &Actor::Rolecall, UpdatePredefinedRoles, at(9)).await.unwrap();
    assert_eq!(upgraded.revision(), world.revision().next());
    assert!(upgraded.roles().eq(world.roles()));
    assert!(upgraded.outdated_predefined_roles(at(9)).is_empty());
    assert_eq!(facts(&store.load_world().await.unwrap()), facts(&upgraded));

    // A role that was disabled stays so when its definition changes.
    act(&store, &root(), DisableRole(RoleId::new(7)), at(10)).await.unwrap();
    past_the_store(&database, "UPDATE roles SET name = 'Onlooker', name_key = 'onlooker' WHERE id = 7").await;
    let outdated = store.load_world().await.unwrap().outdated_predefined_roles(at(11));
    assert_eq!(outdated.iter().map(|role| (role.name(), role.enabled)).collect::<Vec<_>>(), [("Viewer", false)]);
    store.close().await;
}
