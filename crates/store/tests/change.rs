//! Changes of access: the effect of each on the returned world, the tables and the feed.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test that cannot go on must fail"
)]

mod common;

use std::sync::Arc;

use common::people::*;
use common::{on_both_databases, past_the_store};
use rolecall_core::access::{Actor, RuleId, Subtrees};
use rolecall_core::acts::{
    Act, Admission, AdmitNewcomer, AdmitUser, AnyAct, BootstrapAccount, ChangeEmail, ChangeOwnPassword, CreateCluster,
    CreateDepartment, CreateProject, CreateProvider, CreateRule, CreateServiceAccount, CreateUser, DeleteCluster,
    DeleteDepartment, DeleteProject, DeleteProvider, DeleteRule, DeleteServiceAccount, DeleteUser, DisableUser,
    EnableUser, LogOutUser, RecoverAccess, RenewSecret, ResetPassword, SignOut, UnbindUsers, UpdateCluster,
    UpdateDepartment, UpdateProject, UpdateProvider,
};
use rolecall_core::catalogue::RoleId;
use rolecall_core::filter;
use rolecall_core::identity::{
    Binding, ClientId, Credential, GroupName, ProviderAlias, ProviderId, ProviderKind, ServiceAccountId,
    ServiceAccountName, Subject,
};
use rolecall_core::org::{AccountId, ClusterId, DepartmentId, NodeName, ProjectId, Scope};
use rolecall_core::{ErrorKind, Revision, RevisionId, RevisionStamp, World};
use rolecall_store::{
    Database, NewProvider, NewServiceAccount, NewSession, NewUser, Page, ProviderChange, SessionOwner, SessionThere,
    Sort, Store, USER_FIELDS, UserQuery, Visibility,
};
use uuid::Uuid;

on_both_databases!(databases: a_sign_in_does_not_fail_for_want_of_an_administrator);

on_both_databases!(
    bootstrap_fills_the_account_once,
    a_large_bootstrap_keeps_its_order,
    users_come_and_go,
    disabling_and_enabling,
    rules_come_and_go,
    the_tree_grows_and_shrinks,
    nodes_are_renamed_and_described,
    every_change_of_a_row_is_its_last_change,
    service_accounts_come_and_go,
    identity_providers_come_and_go,
    people_of_a_provider_are_created_bound_and_unbound,
    an_email_that_changed_takes_the_rules_with_it,
    names_that_are_taken_are_refused,
    names_that_are_the_same_to_people_are_taken,
    a_generated_password_is_noted_until_there_is_another,
    recovery_makes_or_takes_a_user,
    a_change_never_locks_everyone_out,
    a_change_of_no_fact_is_a_revision_too,
    a_permit_is_good_for_one_revision,
    the_audit_log_has_each_change,
);

/// The returned, the stored and the feed's facts are the same.
async fn assert_agreed(store: &Store, bootstrapped: &World, world: &World) {
    assert_eq!(facts(&store.load_world().await.unwrap()), facts(world));
    assert_eq!(facts(&followed(store, bootstrapped).await), facts(world));
}

async fn bootstrap_fills_the_account_once(store: Store) {
    let world = bootstrapped(&store, &sample()).await;
    assert_eq!(world.revision(), Revision::new(1));
    assert_eq!(world.account().name.as_str(), "acme");
    assert_eq!(world.path_of(Scope::Project(ProjectId::new(4))).unwrap(), "acme/main/research/speech");
    assert_eq!(world.rule(RuleId::new(3)).unwrap().scope, research_scope());
    assert_agreed(&store, &world, &world).await;

    let (mut tx, permit) = permitted(&store, &Actor::Host, BootstrapAccount(AccountId::new(7)), at(0)).await.unwrap();
    assert_eq!(tx.bootstrap_account(&permit, &sample()).await.unwrap_err().kind, ErrorKind::Conflict);
    drop(tx);
    assert_eq!(store.load_world().await.unwrap().account().id, AccountId::new(1001));
}

async fn a_large_bootstrap_keeps_its_order(store: Store) {
    let mut bootstrap = sample();
    bootstrap.users.extend((10..1510).map(|n| bootstrap_user(&format!("user{n}"), n)));
    let world = bootstrapped(&store, &bootstrap).await;
    assert_eq!(world.users().count(), 1503);
    assert_eq!(facts(&store.load_world().await.unwrap()), facts(&world));
    let feed = store.changes_after(RevisionStamp::ZERO, 1).await.unwrap().unwrap();
    assert_eq!(feed.len(), 1);
    let empty = World::empty(world.account().clone());
    assert_eq!(facts(&empty.apply(feed[0].0.revision, &feed[0].1)), facts(&world));
}

async fn users_come_and_go(store: Store) {
    let bootstrapped = bootstrapped(&store, &sample()).await;
    let (mut tx, permit) = permitted(&store, &root(), CreateUser { email: email("ben") }, at(1)).await.unwrap();
    let new = NewUser {
        id: user_id(4),
        names: rolecall_core::identity::PersonNames::default(),
        password: password("new", Credential::Temporary),
        generated: false,
    };
    tx.create_user(&permit, new).await.unwrap();
    let world = tx.commit(permit, &request()).await.unwrap();
    assert_eq!(world.user(&email("ben")).unwrap().credential, Credential::Temporary);
    assert_agreed(&store, &bootstrapped, &world).await;

    let rule =
        CreateRule { subject: subject("ben"), role: RoleId::new(DEPARTMENT_ADMINISTRATOR), scope: research_scope() };
    act(&store, &root(), rule, at(2)).await.unwrap();
    assert!(store.open_session(session_with("new", user_id(4), 5), sign_in("ben", at(3))).await.unwrap());
    let world = act(&store, &root(), DeleteUser(user_id(4)), at(4)).await.unwrap();
    assert!(world.user(&email("ben")).is_none());
    assert_eq!(world.rules_of(&subject("ben")).count(), 0);
    assert!(world.session_has_ended(session_id(5)));
    assert!(store.session_by_secret(&[5; 32]).await.unwrap().is_none());
    assert_eq!(facts(&followed(&store, &bootstrapped).await), facts(&world));
}

fn session_with(hash: &str, id: rolecall_core::identity::UserId, number: u128) -> rolecall_store::NewSession {
    let who = rolecall_store::SessionOwner::User { id, password_hash: hash.to_owned(), rehashed: None };
    rolecall_store::NewSession { who, ..session_of(id, number, at(3)) }
}

async fn disabling_and_enabling(store: Store) {
    let bootstrapped = bootstrapped(&store, &sample()).await;
    assert!(store.open_session(session_of(user_id(3), 5, at(1)), sign_in("ana", at(1))).await.unwrap());
    let world = act(&store, &root(), DisableUser(user_id(3)), at(2)).await.unwrap();
    assert!(!world.user(&email("ana")).unwrap().enabled);
    assert!(world.session_has_ended(session_id(5)));
    assert_eq!(store.session_by_secret(&[5; 32]).await.unwrap().unwrap().ended_at, Some(at(2)));
    assert_agreed(&store, &bootstrapped, &world).await;
    let world = act(&store, &root(), EnableUser(user_id(3)), at(3)).await.unwrap();
    assert!(world.user(&email("ana")).unwrap().enabled);
    assert_agreed(&store, &bootstrapped, &world).await;
}

async fn rules_come_and_go(store: Store) {
    let bootstrapped = bootstrapped(&store, &sample()).await;
    let devs = Subject::Group(GroupName::parse("group", "Dev").unwrap());
    let rule =
        CreateRule { subject: devs.clone(), role: RoleId::new(DEPARTMENT_ADMINISTRATOR), scope: research_scope() };
    let world = act(&store, &root(), rule.clone(), at(1)).await.unwrap();
    let first = world.rules_of(&devs).next().unwrap().id;
    assert_agreed(&store, &bootstrapped, &world).await;
    let world = act(&store, &root(), DeleteRule(first), at(2)).await.unwrap();
    assert_eq!(world.rules_of(&devs).count(), 0);
    assert_agreed(&store, &bootstrapped, &world).await;
    // The same rule again is another rule.
    let world = act(&store, &root(), rule, at(3)).await.unwrap();
    assert_eq!(world.rules_of(&devs).next().unwrap().id.number(), first.number() + 1);
}

async fn the_tree_grows_and_shrinks(store: Store) {
    let bootstrapped = bootstrapped(&store, &sample()).await;
    let id = ClusterId::new(Uuid::from_u128(0xc2));
    let (mut tx, permit) = permitted(&store, &root(), CreateCluster { name: node("second") }, at(1)).await.unwrap();
    tx.create_cluster(&permit, id).await.unwrap();
    let world = tx.commit(permit, &request()).await.unwrap();
    let default = world.cluster(id).unwrap().default_department;
    assert_eq!(world.path_of(Scope::Department(default)).unwrap(), "acme/second/default");

    let department = CreateDepartment { cluster: id, name: node("sales") };
    let world = act(&store, &root(), department, at(2)).await.unwrap();
    let sales = DepartmentId::new(default.number() + 1);
    assert_eq!(world.department(sales).unwrap().name.as_str(), "sales");
    let world = act(&store, &root(), CreateProject { department: sales, name: node("x") }, at(3)).await.unwrap();
    let project = ProjectId::new(sales.number() + 1);
    assert_eq!(world.path_of(Scope::Project(project)).unwrap(), "acme/second/sales/x");
    let rule = CreateRule {
        subject: subject("ana"),
        role: RoleId::new(DEPARTMENT_ADMINISTRATOR),
        scope: Scope::Project(project),
    };
    let world = act(&store, &root(), rule, at(4)).await.unwrap();
    assert_agreed(&store, &bootstrapped, &world).await;

    let world = act(&store, &root(), DeleteProject(project), at(5)).await.unwrap();
    assert_eq!(world.rules_in(Scope::Project(project)).count(), 0);
    act(&store, &root(), DeleteDepartment(sales), at(6)).await.unwrap();
    let world = act(&store, &root(), DeleteCluster(id), at(7)).await.unwrap();
    assert!(world.cluster(id).is_none() && world.department(default).is_none());
    assert_agreed(&store, &bootstrapped, &world).await;
    // Numbers are never reused; names are.
    let department = CreateDepartment { cluster: cluster_id(), name: node("sales") };
    let world = act(&store, &root(), department, at(8)).await.unwrap();
    assert!(world.department(DepartmentId::new(project.number() + 1)).is_some());
}

async fn nodes_are_renamed_and_described(store: Store) {
    let bootstrapped = bootstrapped(&store, &sample()).await;
    let vision = ProjectId::new(3);
    let update = |name: Option<NodeName>, description: Option<&'static str>, minutes| {
        let store = store.clone();
        async move {
            let act = UpdateProject { project: vision, name };
            let (mut tx, permit) = permitted(&store, &root(), act, at(minutes)).await.unwrap();
            let node = tx.update_project(&permit, description).await.unwrap();
            (node, tx.commit(permit, &request()).await.unwrap())
        }
    };
    let (node_then, world) = update(Some(node("sight")), Some("sees"), 1).await;
    assert_eq!(world.path_of(Scope::Project(vision)).unwrap(), "acme/main/research/sight");
    assert_eq!((node_then.name.as_str(), node_then.description.as_str()), ("sight", "sees"));
    assert_eq!((node_then.created_at, node_then.updated_at, node_then.revision), (at(0), at(1), world.stamp()));
    assert_eq!(store.node(Scope::Project(vision)).await.unwrap().unwrap(), node_then);
    assert_agreed(&store, &bootstrapped, &world).await;

    // An absent field stays unchanged, and a description is no fact for the feed.
    let renamed = world.stamp();
    let (then, world) = update(None, None, 2).await;
    assert_eq!((then.name.as_str(), then.description.as_str(), then.updated_at), ("sight", "sees", at(2)));
    let feed = store.changes_after(renamed, 1).await.unwrap().unwrap();
    assert_eq!(feed, [(world.stamp(), vec![])]);

    let research = DepartmentId::new(2);
    let lab = UpdateDepartment { department: research, name: Some(node("lab")) };
    let (mut tx, permit) = permitted(&store, &root(), lab, at(3)).await.unwrap();
    tx.update_department(&permit, Some("")).await.unwrap();
    let world = tx.commit(permit, &request()).await.unwrap();
    let first = UpdateCluster { cluster: cluster_id(), name: node("first") };
    let world_then = act(&store, &root(), first, at(4)).await.unwrap();
    assert_eq!(world.path_of(research_scope()).unwrap(), "acme/main/lab");
    assert_eq!(world_then.path_of(Scope::Project(vision)).unwrap(), "acme/first/lab/sight");
    assert_eq!(world_then.cluster(cluster_id()).unwrap().default_department, DepartmentId::new(1));
    assert_agreed(&store, &bootstrapped, &world_then).await;

    // The old name is free.
    act(&store, &root(), CreateProject { department: research, name: node("vision") }, at(5)).await.unwrap();
    // A deleted node cannot be changed.
    act(&store, &root(), DeleteProject(vision), at(6)).await.unwrap();
    let late = UpdateProject { project: vision, name: None };
    assert_eq!(act(&store, &root(), late, at(7)).await.unwrap_err().kind, ErrorKind::NotFound);
}

async fn every_change_of_a_row_is_its_last_change(store: Store) {
    let bootstrapped = bootstrapped(&store, &sample()).await.stamp();
    let (ana, robot, vision) = (user_id(3), robot_id(), Scope::Project(ProjectId::new(3)));
    let last = || async {
        let node = store.node(vision).await.unwrap().map(|node| node.revision);
        let user = store.user(ana).await.unwrap().map(|user| user.revision);
        (node, user, store.service_account(robot).await.unwrap().map(|account| account.revision))
    };
    assert_eq!(last().await, (Some(bootstrapped), Some(bootstrapped), Some(bootstrapped)));
    let renamed = act(&store, &root(), UpdateProject { project: ProjectId::new(3), name: None }, at(1)).await;
    let renamed = renamed.unwrap().stamp();
    let disabled = act(&store, &root(), DisableUser(ana), at(2)).await.unwrap().stamp();
    assert_eq!(last().await, (Some(renamed), Some(disabled), Some(bootstrapped)));

    // Each permit finds the last change of its own entity.
    async fn last_of<A: Act>(store: &Store, act: A) -> Option<RevisionStamp> {
        let (mut tx, permit) = permitted(store, &root(), act, at(0)).await.unwrap();
        tx.last_change(&permit).await.unwrap()
    }
    assert_eq!(last_of(&store, DeleteProject(ProjectId::new(3))).await, Some(renamed));
    assert_eq!(last_of(&store, UpdateCluster { cluster: cluster_id(), name: node("x") }).await, Some(bootstrapped));
    assert_eq!(last_of(&store, DeleteUser(ana)).await, Some(disabled));
    assert_eq!(last_of(&store, RenewSecret(robot)).await, Some(bootstrapped));
    assert_eq!(last_of(&store, CreateCluster { name: node("x") }).await, None);
    assert_eq!(last_of(&store, CreateUser { email: email("new") }).await, None);
    assert_eq!(last_of(&store, DeleteRule(RuleId::new(2))).await, None);
    assert_eq!(last_of(&store, SignOut).await, None);

    let enabled = act(&store, &root(), EnableUser(ana), at(3)).await.unwrap().stamp();
    let (mut tx, permit) = permitted(&store, &root(), RenewSecret(robot), at(4)).await.unwrap();
    tx.renew_secret(&permit, [9; 32]).await.unwrap();
    let renewed = tx.commit(permit, &request()).await.unwrap().stamp();
    assert_eq!(last().await, (Some(renamed), Some(enabled), Some(renewed)));
    // Sign-in, sign-out and a new rule are no changes of a user.
    assert!(store.open_session(session_of(ana, 5, at(5)), sign_in("ana", at(5))).await.unwrap());
    act(&store, &root(), LogOutUser(ana), at(6)).await.unwrap();
    let rule =
        CreateRule { subject: subject("ana"), role: RoleId::new(DEPARTMENT_ADMINISTRATOR), scope: Scope::Account };
    act(&store, &root(), rule, at(7)).await.unwrap();
    assert_eq!(last().await, (Some(renamed), Some(enabled), Some(renewed)));

    let (mut tx, permit) = permitted(&store, &root(), ResetPassword(ana), at(8)).await.unwrap();
    tx.reset_password(&permit, password("other", Credential::Temporary)).await.unwrap();
    let reset = tx.commit(permit, &request()).await.unwrap().stamp();
    assert_eq!(last().await.1, Some(reset));
    let recover = RecoverAccess { email: email("ana") };
    let (mut tx, permit) = permitted(&store, &Actor::Host, recover, at(9)).await.unwrap();
    tx.recover_access(&permit, user_id(77), "recovered".to_owned(), audit_id()).await.unwrap();
    let recovered = tx.commit(permit, &request()).await.unwrap().stamp();
    assert_eq!(last().await.1, Some(recovered));
}

async fn service_accounts_come_and_go(store: Store) {
    let bootstrapped = bootstrapped(&store, &sample()).await;
    let name = ServiceAccountName::parse("name", "sync").unwrap();
    let id = ServiceAccountId::new(Uuid::from_u128(0x5a));
    let (mut tx, permit) =
        permitted(&store, &root(), CreateServiceAccount { name: name.clone() }, at(1)).await.unwrap();
    let client_id = ClientId::parse("clientId", "sync-1").unwrap();
    let new = NewServiceAccount { id, client_id: client_id.clone(), secret_hash: [1; 32] };
    tx.create_service_account(&permit, new).await.unwrap();
    let world = tx.commit(permit, &request()).await.unwrap();
    assert_eq!(world.service_account(&client_id).unwrap().name, name);

    let (mut tx, permit) = permitted(&store, &root(), RenewSecret(id), at(2)).await.unwrap();
    tx.renew_secret(&permit, [2; 32]).await.unwrap();
    tx.commit(permit, &request()).await.unwrap();
    let stored = store.service_account_for_sign_in("sync-1").await.unwrap().unwrap();
    assert_eq!((stored.id, stored.secret_hash, stored.enabled), (id, [2; 32], true));
    assert!(store.service_account_for_sign_in("SYNC-1").await.unwrap().is_none());
    assert!(store.service_account_for_sign_in("\0").await.unwrap().is_none());

    let world = act(&store, &root(), DeleteServiceAccount(id), at(3)).await.unwrap();
    assert!(world.service_account(&client_id).is_none());
    let world = {
        drop(world);
        act(&store, &root(), DeleteServiceAccount(robot_id()), at(4)).await.unwrap()
    };
    assert_eq!(world.rules().count(), 3, "the robot's rule went with it");
    assert_agreed(&store, &bootstrapped, &world).await;
}

async fn identity_providers_come_and_go(store: Store) {
    let bootstrapped = bootstrapped(&store, &sample()).await;
    let id = ProviderId::new(Uuid::from_u128(0x1d9));
    let alias = ProviderAlias::parse("name", "keycloak").unwrap();
    let create = CreateProvider { alias: alias.clone(), kind: ProviderKind::Oidc };
    let (mut tx, permit) = permitted(&store, &root(), create, at(1)).await.unwrap();
    let (settings, mappers, emails) = ("{\"client\":1}".to_owned(), "{}".to_owned(), "{}".to_owned());
    let groups_absent = "refuse".to_owned();
    let new = NewProvider { id, settings, mappers, emails, groups_absent, secret: Some(vec![1, 2, 3]) };
    tx.create_provider(&permit, new).await.unwrap();
    let world = tx.commit(permit, &request()).await.unwrap();
    let made = world.provider_named(&alias).unwrap();
    assert!(made.enabled && made.changed == world.revision());
    assert_agreed(&store, &bootstrapped, &world).await;

    let (mut tx, permit) = permitted(&store, &root(), UpdateProvider(id), at(2)).await.unwrap();
    let change = ProviderChange {
        enabled: Some(false),
        mappers: Some("{\"email\":\"mail\"}".to_owned()),
        emails: Some("{\"vouched\":false}".to_owned()),
        ..ProviderChange::default()
    };
    tx.update_provider(&permit, change).await.unwrap();
    let world = tx.commit(permit, &request()).await.unwrap();
    assert!(!world.provider(id).unwrap().enabled);
    assert_agreed(&store, &bootstrapped, &world).await;
    let record = store.provider(id).await.unwrap().unwrap();
    assert_eq!((record.settings.as_str(), record.mappers.as_str()), ("{\"client\":1}", "{\"email\":\"mail\"}"));
    assert_eq!(record.emails, "{\"vouched\":false}");
    assert_eq!((record.created_at, record.updated_at, record.provider.changed), (at(1), at(2), world.revision()));
    assert_eq!(record.secret.as_deref(), Some(&[1, 2, 3][..]), "what is not given is kept");
    store.reseal_provider(id, &[9], &[4]).await.unwrap();
    store.reseal_provider(id, &[1, 2, 3], &[4, 5]).await.unwrap();
    assert_eq!(store.providers().await.unwrap()[0].secret.as_deref(), Some(&[4, 5][..]));

    let (mut tx, permit) = permitted(&store, &root(), DeleteProvider(id), at(3)).await.unwrap();
    tx.delete_provider(&permit).await.unwrap();
    let world = tx.commit(permit, &request()).await.unwrap();
    assert!(world.providers().next().is_none());
    assert!(store.provider(id).await.unwrap().is_none());
    assert_agreed(&store, &bootstrapped, &world).await;
}

/// A provider, and the revision of its creation.
async fn provider(store: &Store) -> (ProviderId, Revision) {
    let id = ProviderId::new(Uuid::from_u128(0x1d9));
    let create = CreateProvider { alias: ProviderKind::Oidc.alias(), kind: ProviderKind::Oidc };
    let (mut tx, permit) = permitted(store, &root(), create, at(1)).await.unwrap();
    let empty = || "{}".to_owned();
    let new = NewProvider {
        id,
        settings: empty(),
        mappers: empty(),
        emails: empty(),
        groups_absent: "refuse".to_owned(),
        secret: None,
    };
    tx.create_provider(&permit, new).await.unwrap();
    let world = tx.commit(permit, &request()).await.unwrap();
    (id, world.provider(id).unwrap().changed)
}

/// What the provider says of a person.
fn described((id, changed): (ProviderId, Revision), subject: &str, name: &str, groups: &[GroupName]) -> Admission {
    Admission {
        binding: Arc::new(Binding::new(id, "https://id.example.com", subject).unwrap()),
        changed,
        email: email(name),
        groups: Some(groups.into()),
    }
}

/// That person signs in.
async fn admitted(store: &Store, act: impl Into<AnyAct>, at_: u64) -> World {
    self::act(store, &Actor::Rolecall, act, at(at_)).await.unwrap()
}

/// Opens the session with that number.
async fn signed_in(store: &Store, admission: Admission, session: u64) -> bool {
    let there = SessionThere { person: None, session: None, since: None, sign_out: None };
    let Admission { binding, changed, groups, .. } = admission;
    let claims = "{}".to_owned();
    let who = SessionOwner::Described { id: user_id(40), binding, changed, groups, claims, there };
    let new = NewSession { who, ..session_of(user_id(40), session.into(), at(session)) };
    store.open_session(new, sign_in("nia", at(session))).await.unwrap()
}

async fn people_of_a_provider_are_created_bound_and_unbound(store: Store) {
    let bootstrapped = bootstrapped(&store, &sample()).await;
    let provider = provider(&store).await;
    let described = |subject: &str, name: &str, groups: &[GroupName]| described(provider, subject, name, groups);
    let dev: GroupName = GroupName::parse("group", "Dev").unwrap();

    // A rule may name someone before their first sign-in.
    let rule = CreateRule { subject: subject("nia"), role: RoleId::new(7), scope: research_scope() };
    act(&store, &root(), rule, at(2)).await.unwrap();
    let nia = described("nia-1", "nia", std::slice::from_ref(&dev));
    let newcomer = AdmitNewcomer(nia.clone());
    let world = admitted(&store, newcomer, 3).await;
    let user = world.user(&email("nia")).unwrap();
    assert_eq!((user.id, user.groups.as_ref(), user.is_local()), (user_id(40), &[dev][..], false));
    assert_eq!(world.user_bound_to(&nia.binding), Some(user));
    assert_agreed(&store, &bootstrapped, &world).await;
    let record = store.user(user_id(40)).await.unwrap().unwrap();
    assert_eq!((record.created_by.as_str(), record.updated_at), ("oidc", at(3)));

    // The same person later, with another email and other groups.
    let later = described("nia-1", "nia.new", &[]);
    let said_later = later.clone();
    let world = admitted(&store, AdmitUser(later), 4).await;
    assert!(world.user(&email("nia")).unwrap().groups.is_empty() && world.user(&email("nia.new")).is_none());
    assert_agreed(&store, &bootstrapped, &world).await;
    let record = store.user(user_id(40)).await.unwrap().unwrap();
    assert_eq!(record.updated_at, at(3), "signing in is no change by an administrator");
    assert_eq!(record.email_there, Some(email("nia.new")));

    // Someone else with their email, until the binding has ended.
    let other = AdmitUser(described("nia-2", "nia", &[]));
    let refused = permitted(&store, &Actor::Rolecall, other.clone(), at(0)).await.unwrap_err();
    assert_eq!((refused.kind, refused.reason), (ErrorKind::Forbidden, Some("email-of-another-person")));
    assert!(signed_in(&store, said_later, 5).await);
    let (mut tx, permit) =
        permitted(&store, &root(), UnbindUsers(vec![user_id(40), user_id(40)]), at(6)).await.unwrap();
    tx.unbind_users(&permit).await.unwrap();
    let world = tx.commit(permit, &request()).await.unwrap();
    assert!(world.user(&email("nia")).unwrap().binding.is_none() && world.user_bound_to(&nia.binding).is_none());
    assert_agreed(&store, &bootstrapped, &world).await;
    let world = admitted(&store, other, 7).await;
    assert_eq!(world.user(&email("nia")).unwrap().binding.as_ref().unwrap().subject(), "nia-2");
    assert_agreed(&store, &bootstrapped, &world).await;
}

async fn an_email_that_changed_takes_the_rules_with_it(store: Store) {
    let bootstrapped = bootstrapped(&store, &sample()).await;
    let provider = provider(&store).await;
    let dev: GroupName = GroupName::parse("group", "Dev").unwrap();
    let rule =
        |name: &str, role: i32, scope: Scope| CreateRule { subject: subject(name), role: RoleId::new(role), scope };
    for new in [
        rule("nia", 7, research_scope()),
        rule("nia", 1, research_scope()),
        // The new email has one of them already, and one of its own.
        rule("nia.new", 7, research_scope()),
        rule("nia.new", 7, Scope::Account),
        CreateRule { subject: Subject::Group(dev.clone()), role: RoleId::new(7), scope: Scope::Account },
    ] {
        act(&store, &root(), new, at(2)).await.unwrap();
    }
    let said = |name: &str| described(provider, "nia-1", name, std::slice::from_ref(&dev));
    admitted(&store, AdmitNewcomer(said("nia")), 3).await;
    let change = ChangeEmail { user: user_id(40), email: email("nia.new") };
    let refused = permitted(&store, &root(), change.clone(), at(0)).await.unwrap_err();
    assert_eq!((refused.kind, refused.reason), (ErrorKind::Conflict, Some("email-not-asserted")));
    admitted(&store, AdmitUser(said("nia.new")), 4).await;
    assert!(signed_in(&store, said("nia.new"), 5).await);

    let (mut tx, permit) = permitted(&store, &root(), change.clone(), at(6)).await.unwrap();
    let moving = tx.world().rules_that_follow(tx.world().user_by_id(user_id(40)).unwrap(), &email("nia.new"));
    assert_eq!(moving.iter().map(|rule| rule.role.number()).collect::<Vec<_>>(), [1]);
    tx.change_email(&permit).await.unwrap();
    let world = tx.commit(permit, &request()).await.unwrap();
    assert_agreed(&store, &bootstrapped, &world).await;
    let user = world.user(&email("nia.new")).unwrap();
    assert_eq!((user.id, user.email_there.as_ref(), user.groups.as_ref()), (user_id(40), None, &[dev.clone()][..]));
    assert!(user.binding.is_some() && world.user(&email("nia")).is_none());
    let mut rules: Vec<_> = world.rules_of(&subject("nia.new")).map(|it| (it.role.number(), it.scope)).collect();
    rules.sort();
    assert_eq!(rules, [(1, research_scope()), (7, Scope::Account), (7, research_scope())]);
    assert_eq!(world.rules_of(&subject("nia")).count(), 0);
    // The list counts them, with the one through the group.
    let query = UserQuery {
        visible: Visibility { own: Vec::new(), subtrees: Subtrees::Everything },
        filter: filter::parse(&["accessRules==4"], USER_FIELDS).unwrap(),
        access_in: Vec::new(),
        search: None,
        sort: Sort::default(),
        page: Page { offset: 0, limit: 10 },
    };
    let found: Vec<_> = store.users(&query).await.unwrap().into_iter().map(|user| (user.id, user.updated_at)).collect();
    assert_eq!(found, [(user_id(40), at(6))]);
    assert!(world.session_has_ended(session_id(5)));

    // At the next sign-in nothing is another any more, and the name of before is free.
    let world = admitted(&store, AdmitUser(said("nia.new")), 7).await;
    assert_eq!(world.user(&email("nia.new")).unwrap().email_there, None);
    act(&store, &root(), rule("nia", 7, research_scope()), at(8)).await.unwrap();
    assert_eq!(store.load_world().await.unwrap().rules_of(&subject("nia.new")).count(), 3);
}

async fn names_that_are_taken_are_refused(store: Store) {
    bootstrapped(&store, &sample()).await;
    let cluster = |name: &'static str| {
        let store = store.clone();
        async move {
            let (mut tx, permit) = permitted(&store, &root(), CreateCluster { name: node(name) }, at(1)).await.unwrap();
            tx.create_cluster(&permit, ClusterId::new(Uuid::from_u128(0xc3))).await.unwrap_err()
        }
    };
    let error = cluster("MAIN").await;
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Conflict, "a cluster named \"MAIN\" already exists"));

    let department = CreateDepartment { cluster: cluster_id(), name: node("Research") };
    let error = act(&store, &root(), department, at(1)).await.unwrap_err();
    assert!(error.cause.is_none(), "an expected conflict is no news for the log");
    assert_eq!(error.message, "a department named \"Research\" already exists in this cluster");
    let department = DepartmentId::new(1);
    let error = act(&store, &root(), CreateProject { department, name: node("vision") }, at(1)).await.unwrap_err();
    assert_eq!(error.message, "a project named \"vision\" already exists in this cluster");

    let name = ServiceAccountName::parse("name", "robot").unwrap();
    let (mut tx, permit) = permitted(&store, &root(), CreateServiceAccount { name }, at(0)).await.unwrap();
    let client_id = ClientId::parse("clientId", "other").unwrap();
    let id = ServiceAccountId::new(Uuid::from_u128(9));
    let new = NewServiceAccount { id, client_id, secret_hash: [1; 32] };
    let error = tx.create_service_account(&permit, new).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
    drop(tx);
    // A project may have the name of a department.
    let department = DepartmentId::new(2);
    act(&store, &root(), CreateProject { department, name: node("research") }, at(2)).await.unwrap();

    // A node cannot be renamed to another node's name; its own name in another case is allowed.
    let speech = ProjectId::new(4);
    for (name, words) in
        [("VISION", Some("a project named \"VISION\" already exists in this cluster")), ("SPEECH", None)]
    {
        let rename = UpdateProject { project: speech, name: Some(node(name)) };
        let told = act(&store, &root(), rename, at(3)).await.map(drop).map_err(|error| error.message);
        assert_eq!(told.err().as_deref(), words);
    }
    let rename = UpdateDepartment { department: DepartmentId::new(1), name: Some(node("research")) };
    let error = act(&store, &root(), rename, at(3)).await.unwrap_err();
    assert_eq!(error.message, "a department named \"research\" already exists in this cluster");
    act(&store, &root(), UpdateCluster { cluster: cluster_id(), name: node("Main") }, at(3)).await.unwrap();
}

async fn names_that_are_the_same_to_people_are_taken(store: Store) {
    let mut twice = sample();
    twice.clusters[0].departments[0].name = node("RESEARCH");
    let (mut tx, permit) =
        permitted(&store, &Actor::Host, BootstrapAccount(AccountId::new(1001)), at(0)).await.unwrap();
    assert_eq!(tx.bootstrap_account(&permit, &twice).await.unwrap_err().kind, ErrorKind::Conflict);
    drop(tx);

    let bootstrapped = bootstrapped(&store, &sample()).await;
    let create = |name: &str| CreateDepartment { cluster: cluster_id(), name: node(name) };
    for (first, second) in [
        ("Lab", "LAB"),
        ("\u{e9}", "e\u{301}"),
        ("\u{f6}rchid", "\u{d6}RCHID"),
        ("stra\u{df}e", "STRASSE"),
        ("milan", "mi\u{307}lan"),
        ("a\u{2010}z", "a\u{2011}z"),
        ("istanbul", "\u{130}STANBUL"),
    ] {
        act(&store, &root(), create(first), at(1)).await.unwrap();
        let error = act(&store, &root(), create(second), at(1)).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Conflict, "{first} {second}");
        assert!(error.message.contains("already exists in this cluster"), "{}", error.message);
    }
    // A letter of its own, in Turkish and to the eye.
    act(&store, &root(), create("\u{131}stanbul"), at(1)).await.unwrap();
    let world = store.load_world().await.unwrap();
    assert_eq!(world.mistakable(), []);
    assert_agreed(&store, &bootstrapped, &world).await;
}

async fn a_generated_password_is_noted_until_there_is_another(store: Store) {
    bootstrapped(&store, &sample()).await;
    let make = |name: &'static str, number, generated| {
        let store = store.clone();
        async move {
            let (mut tx, permit) = permitted(&store, &root(), CreateUser { email: email(name) }, at(1)).await.unwrap();
            let password = password("made", Credential::Own);
            tx.create_user(
                &permit,
                NewUser {
                    id: user_id(number),
                    names: rolecall_core::identity::PersonNames::default(),
                    password,
                    generated,
                },
            )
            .await
            .unwrap();
            tx.commit(permit, &request()).await.unwrap();
        }
    };
    make("ben", 4, true).await;
    make("eve", 5, false).await;
    let noted = |number| {
        let store = store.clone();
        async move { store.user(user_id(number)).await.unwrap().unwrap().generated_password }
    };
    assert_eq!((noted(4).await, noted(5).await, noted(3).await), (true, false, false));
    act(&store, &root(), DisableUser(user_id(4)), at(2)).await.unwrap();
    act(&store, &root(), EnableUser(user_id(4)), at(2)).await.unwrap();
    assert!(noted(4).await, "it is still the same password");

    let (mut tx, permit) = permitted(&store, &actor("ben", 4, 4), ChangeOwnPassword, at(3)).await.unwrap();
    tx.change_own_password(&permit, password("another", Credential::Own)).await.unwrap();
    tx.commit(permit, &request()).await.unwrap();
    assert!(!noted(4).await, "its owner has changed it");
    make("ivy", 6, true).await;
    let (mut tx, permit) = permitted(&store, &root(), ResetPassword(user_id(6)), at(3)).await.unwrap();
    tx.reset_password(&permit, password("another", Credential::Temporary)).await.unwrap();
    tx.commit(permit, &request()).await.unwrap();
    assert!(!noted(6).await, "a temporary password is no lasting one");
}

async fn recovery_makes_or_takes_a_user(store: Store) {
    let mut bootstrap = sample();
    let mut external = bootstrap_user("sso", 9);
    external.credential = Credential::External;
    external.password_hash = None;
    bootstrap.users.push(external);
    let bootstrapped = bootstrapped(&store, &bootstrap).await;
    let recover = |name: &'static str, id| {
        let store = store.clone();
        async move {
            let act = RecoverAccess { email: email(name) };
            let (mut tx, permit) = permitted(&store, &Actor::Host, act, at(5)).await.unwrap();
            tx.recover_access(&permit, user_id(id), "recovered".to_owned(), audit_id()).await?;
            tx.commit(permit, &request()).await
        }
    };
    assert!(store.open_session(session_of(user_id(3), 5, at(1)), sign_in("ana", at(1))).await.unwrap());
    act(&store, &root(), DisableUser(user_id(3)), at(2)).await.unwrap();
    let world = recover("ana", 77).await.unwrap();
    let ana = world.user(&email("ana")).unwrap();
    assert_eq!((ana.id, ana.enabled, ana.credential), (user_id(3), true, Credential::LastingTemporary));
    assert!(world.ways_in().any(|user| user.email == email("ana")));
    let newest = |count| {
        let store = store.clone();
        async move {
            let rows = store.audit_newest(count).await.unwrap();
            let mut rows: Vec<_> = rows.into_iter().map(|row| (row.action, row.entity_name, row.revision)).collect();
            rows.sort();
            rows
        }
    };
    let revision = Some(world.revision());
    let rule = format!("{} has System administrator in acme", email("ana"));
    let expected =
        [("create".to_owned(), rule, revision), ("reset-password".to_owned(), email("ana").to_string(), revision)];
    assert_eq!(newest(2).await, expected, "the rule has a row of its own");
    let world = recover("new", 78).await.unwrap();
    assert!(world.ways_in().any(|user| user.id == user_id(78)));
    assert_agreed(&store, &bootstrapped, &world).await;
    // A second time changes no rule, and records none.
    let again = recover("new", 79).await.unwrap();
    assert_eq!(again.rules().count(), world.rules().count());
    let revisions: Vec<_> = newest(2).await.into_iter().map(|(_, _, revision)| revision).collect();
    assert!(revisions.contains(&Some(again.revision())) && revisions.contains(&Some(world.revision())));
    assert_eq!(recover("sso", 80).await.unwrap_err().kind, ErrorKind::Conflict);
}

async fn a_change_never_locks_everyone_out(store: Store) {
    let world = bootstrapped(&store, &sample()).await;
    act(&store, &root(), DisableUser(user_id(2)), at(1)).await.unwrap();
    let before = store.load_world().await.unwrap();
    for wrong in
        [AnyAct::from(DisableUser(user_id(1))), DeleteUser(user_id(1)).into(), DeleteRule(RuleId::new(1)).into()]
    {
        let error = act(&store, &root(), wrong, at(2)).await.unwrap_err();
        assert_eq!((error.kind, error.reason), (ErrorKind::Conflict, Some("last-administrator")));
    }
    assert_agreed(&store, &world, &before).await;
}

async fn a_change_of_no_fact_is_a_revision_too(store: Store) {
    let bootstrapped = bootstrapped(&store, &sample()).await;
    // No such session was opened, so none ends.
    let world = act(&store, &root(), SignOut, at(1)).await.unwrap();
    let without_facts = world.stamp();
    let world = {
        assert_eq!(world.revision(), Revision::new(2));
        act(&store, &root(), DisableUser(user_id(3)), at(2)).await.unwrap()
    };
    assert_agreed(&store, &bootstrapped, &world).await;
    let feed = store.changes_after(bootstrapped.stamp(), 1).await.unwrap().unwrap();
    assert_eq!(feed, [(without_facts, vec![])]);
}

async fn a_permit_is_good_for_one_revision(store: Store) {
    bootstrapped(&store, &sample()).await;
    let (tx, permit) = permitted(&store, &root(), DisableUser(user_id(3)), at(3)).await.unwrap();
    drop(tx);
    let world = act(&store, &root(), SignOut, at(2)).await.unwrap();
    let mut tx = store.begin(&world, RevisionId::new(3), || at(3)).await.unwrap().unwrap();
    assert_eq!(tx.disable_user(&permit).await.unwrap_err().kind, ErrorKind::Internal);
    assert_eq!(tx.commit(permit, &request()).await.unwrap_err().kind, ErrorKind::Internal);
    assert!(store.load_world().await.unwrap().user(&email("ana")).unwrap().enabled);

    // One act in a change, and that one is committed.
    let (mut tx, permit) = permitted(&store, &root(), DisableUser(user_id(3)), at(4)).await.unwrap();
    tx.disable_user(&permit).await.unwrap();
    let second = tx.authorize(&root(), SignOut).unwrap();
    assert_eq!(tx.sign_out(&second).await.unwrap_err().kind, ErrorKind::Internal);
    assert_eq!(tx.commit(second, &request()).await.unwrap_err().kind, ErrorKind::Internal);
    let (tx, permit) = permitted(&store, &root(), DisableUser(user_id(3)), at(4)).await.unwrap();
    assert_eq!(tx.commit(permit, &request()).await.unwrap_err().kind, ErrorKind::Internal, "nothing was done");
    assert!(store.load_world().await.unwrap().user(&email("ana")).unwrap().enabled);
}

async fn the_audit_log_has_each_change(store: Store) {
    bootstrapped(&store, &sample()).await;
    let department = CreateDepartment { cluster: cluster_id(), name: node("sales") };
    act(&store, &root(), department, at(1)).await.unwrap();
    act(&store, &root(), DisableUser(user_id(1)), at(2)).await.unwrap();
    let log = store.audit_newest(10).await.unwrap();
    let told: Vec<String> = log
        .iter()
        .map(|row| format!("{} {} {} {} {:?}", row.subject, row.action, row.entity_type, row.entity_id, row.revision))
        .collect();
    let disabled = format!("root@example.com update user {} Some(Revision(3))", user_id(1));
    assert_eq!(
        told,
        [
            disabled.as_str(),
            "root@example.com create department 5 Some(Revision(2))",
            "host create tenant 1001 Some(Revision(1))",
        ]
    );
}

async fn a_sign_in_does_not_fail_for_want_of_an_administrator(database: Database) {
    let store = Store::open(&database).await.unwrap();
    bootstrapped(&store, &sample()).await;
    let provider = provider(&store).await;
    // Nothing here leads there; someone edited the tables.
    past_the_store(&database, "UPDATE users SET enabled = 0 WHERE credential <> 'external'").await;
    let world = store.load_world().await.unwrap();
    assert!(world.ways_in().next().is_none());
    let world = admitted(&store, AdmitNewcomer(described(provider, "nia-1", "nia", &[])), 3).await;
    assert!(world.user(&email("nia")).is_some());
    store.close().await;
}
