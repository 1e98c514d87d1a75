//! A sample account, and helpers for changes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rolecall_core::access::Actor;
use rolecall_core::acts::{Act, AnyAct, BootstrapAccount, Permit};
use rolecall_core::catalogue::RoleId;
use rolecall_core::identity::{
    ClientId, Credential, Email, ServiceAccountId, ServiceAccountName, SessionId, Subject, UserId,
};
use rolecall_core::org::{AccountId, ClusterId, NodeName, Scope};
use rolecall_core::{Result, Revision, RevisionId, Timestamp, World};
use rolecall_store::{
    Bootstrap, BootstrapCluster, BootstrapDepartment, BootstrapProject, BootstrapRule, BootstrapScope,
    BootstrapServiceAccount, BootstrapUser, ChangeTx, NewPassword, NewSession, NewUser, RequestFacts, SessionOwner,
    SignInAudit, Store,
};
use uuid::Uuid;

/// That many minutes after the start of 2026.
pub fn at(minutes: u64) -> Timestamp {
    Timestamp::parse("2026-01-01").unwrap().plus(Duration::from_secs(60 * minutes))
}

/// An hour.
pub const HOUR: Duration = Duration::from_secs(3600);

/// The user id of that number.
pub fn user_id(number: u128) -> UserId {
    UserId::new(Uuid::from_u128(number))
}

/// The session id of that number.
pub fn session_id(number: u128) -> SessionId {
    SessionId::new(Uuid::from_u128(0x5e55_0000 + number))
}

/// An address at example.com.
pub fn email(name: &str) -> Email {
    Email::parse("email", &format!("{name}@example.com")).unwrap()
}

/// A user as a subject.
pub fn subject(name: &str) -> Subject {
    Subject::User(email(name))
}

/// A node's name.
pub fn node(name: &str) -> NodeName {
    NodeName::parse("name", name).unwrap()
}

/// The id of the sample's cluster.
pub fn cluster_id() -> ClusterId {
    ClusterId::new(Uuid::from_u128(0xc1))
}

/// The id of the sample's service account.
pub fn robot_id() -> ServiceAccountId {
    ServiceAccountId::new(Uuid::from_u128(0xb07))
}

/// Root, in a session that was not opened.
pub fn root() -> Actor {
    actor("root", 1, 1)
}

/// A user as an actor, in the session of that number.
pub fn actor(name: &str, id: u128, session: u128) -> Actor {
    Actor::User { email: email(name), id: user_id(id), session: session_id(session) }
}

/// The request of a change for the audit log; each has its own id.
pub fn request() -> RequestFacts {
    RequestFacts {
        source_ip: "192.0.2.1".to_owned(),
        method: "POST".to_owned(),
        url: "/api/v1/something".to_owned(),
        request_id: "request".to_owned(),
        audit_id: audit_id(),
        status: 200,
    }
}

/// The request of a sign-in for the audit log.
pub fn sign_in(name: &str, at: Timestamp) -> SignInAudit {
    SignInAudit {
        subject: email(name).to_string(),
        subject_type: "user".to_owned(),
        source_ip: "192.0.2.1".to_owned(),
        method: "POST".to_owned(),
        url: "/api/v1/token".to_owned(),
        request_id: "request".to_owned(),
        audit_id: audit_id(),
        status: 200,
        at,
    }
}

pub fn audit_id() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Uuid::from_u128(NEXT.fetch_add(1, Ordering::Relaxed).into())
}

/// A session of a user with the sample's password: a day long, its first token an hour.
pub fn session_of(id: UserId, session: u128, at: Timestamp) -> NewSession {
    NewSession {
        id: session_id(session),
        who: SessionOwner::User { id, password_hash: "hash".to_owned(), rehashed: None },
        secret_hash: Some([u8::try_from(session).unwrap(); 32]),
        refresh: None,
        expires_at: at.plus(24 * HOUR),
        tokens_until: at.plus(HOUR),
        at,
    }
}

/// A password to set.
pub fn password(hash: &str, credential: Credential) -> NewPassword {
    NewPassword { hash: hash.to_owned(), credential, expires_at: None }
}

/// A local user of the sample with the password hash `hash`.
pub fn bootstrap_user(name: &str, id: u128) -> BootstrapUser {
    BootstrapUser {
        id: user_id(id),
        email: email(name),
        credential: Credential::Own,
        password_hash: Some("hash".to_owned()),
        password_expires_at: None,
        enabled: true,
        groups: Vec::new(),
        created_by: "host".to_owned(),
        created_at: at(0),
        updated_at: at(0),
        last_login: None,
    }
}

/// A rule of the sample.
pub fn bootstrap_rule(subject: Subject, role: i32, scope: BootstrapScope) -> BootstrapRule {
    BootstrapRule { subject, role: RoleId::new(role), scope, created_by: "host".to_owned(), at: at(0) }
}

/// The sample: the account `acme`, root (1) and vice (2) who administer it, ana (3) who administers the department
/// `research` (2) of the cluster `main`, whose projects are `vision` (3) and `speech` (4); and the service account
/// `robot`, which may read it.
pub fn sample() -> Bootstrap {
    let department = |name: &str, is_default, projects: &[&str]| BootstrapDepartment {
        name: node(name),
        description: String::new(),
        at: at(0),
        created_by: "host".to_owned(),
        is_default,
        projects: projects
            .iter()
            .map(|name| BootstrapProject {
                name: node(name),
                description: format!("about {name}"),
                at: at(0),
                created_by: "host".to_owned(),
            })
            .collect(),
    };
    let robot = ClientId::parse("clientId", "robot-7").unwrap();
    Bootstrap {
        account_name: node("acme"),
        users: vec![bootstrap_user("root", 1), bootstrap_user("vice", 2), bootstrap_user("ana", 3)],
        clusters: vec![BootstrapCluster {
            id: cluster_id(),
            name: node("main"),
            created_by: "host".to_owned(),
            at: at(0),
            departments: vec![department("default", true, &[]), department("research", false, &["vision", "speech"])],
        }],
        service_accounts: vec![BootstrapServiceAccount {
            id: robot_id(),
            client_id: robot.clone(),
            name: ServiceAccountName::parse("name", "robot").unwrap(),
            enabled: true,
            secret_hash: [7; 32],
            created_by: "host".to_owned(),
            created_at: at(0),
            updated_at: at(0),
            last_login: None,
        }],
        rules: vec![
            bootstrap_rule(subject("root"), 1, BootstrapScope::Account),
            bootstrap_rule(subject("vice"), 1, BootstrapScope::Account),
            bootstrap_rule(subject("ana"), DEPARTMENT_ADMINISTRATOR, research()),
            bootstrap_rule(Subject::ServiceAccount(robot), DEPARTMENT_ADMINISTRATOR, research()),
        ],
    }
}

/// The number of the role `Department administrator`.
pub const DEPARTMENT_ADMINISTRATOR: i32 = 1710;

/// The sample's department, by name.
pub fn research() -> BootstrapScope {
    BootstrapScope::Department(node("main"), node("research"))
}

/// Bootstraps the account.
pub async fn bootstrapped(store: &Store, bootstrap: &Bootstrap) -> World {
    let (mut tx, permit) = permitted(store, &Actor::Host, BootstrapAccount(AccountId::new(1001)), at(0)).await.unwrap();
    tx.bootstrap_account(&permit, bootstrap).await.unwrap();
    tx.commit(permit, &request()).await.unwrap()
}

/// Begins a change, as the server does.
pub async fn begun(store: &Store, when: Timestamp) -> Result<ChangeTx> {
    let world = store.load_world().await?;
    let next = u64::try_from(world.revision().number()).unwrap() + 1;
    Ok(store.begin(&world, RevisionId::new(next), || when).await?.unwrap())
}

/// Begins a change, and permits it.
pub async fn permitted<A: Act>(store: &Store, actor: &Actor, act: A, when: Timestamp) -> Result<(ChangeTx, Permit<A>)> {
    let tx = begun(store, when).await?;
    let permit = tx.authorize(actor, act)?;
    Ok((tx, permit))
}

/// Performs one act completely.
pub async fn act(store: &Store, actor: &Actor, act: impl Into<AnyAct>, when: Timestamp) -> Result<World> {
    let mut tx = begun(store, when).await?;
    macro_rules! perform {
        ($act:ident, $function:ident $(, $argument:expr)*) => {{
            let permit = tx.authorize(actor, $act)?;
            tx.$function(&permit $(, $argument)*).await?;
            tx.commit(permit, &request()).await
        }};
    }
    match act.into() {
        AnyAct::CreateUser(act) => {
            let id = user_id(0x1000 + u128::try_from(tx.stamp().number()).unwrap());
            let new = NewUser {
                id,
                names: rolecall_core::identity::PersonNames::default(),
                password: password("hash", Credential::Temporary),
                generated: false,
            };
            perform!(act, create_user, new)
        }
        AnyAct::DeleteUser(act) => perform!(act, delete_user),
        AnyAct::EnableUser(act) => perform!(act, enable_user),
        AnyAct::DisableUser(act) => perform!(act, disable_user),
        AnyAct::LogOutUser(act) => perform!(act, log_out_user),
        AnyAct::SignOut(act) => perform!(act, sign_out),
        AnyAct::EndSessions(act) => perform!(act, end_sessions),
        AnyAct::CreateRole(act) => perform!(act, create_role),
        AnyAct::UpdateRole(act) => perform!(act, update_role),
        AnyAct::EnableRole(act) => perform!(act, enable_role),
        AnyAct::DisableRole(act) => perform!(act, disable_role),
        AnyAct::DeleteRole(act) => perform!(act, delete_role),
        AnyAct::UpdatePredefinedRoles(act) => perform!(act, update_predefined_roles),
        AnyAct::CreateRule(act) => perform!(act, create_rule),
        AnyAct::DeleteRule(act) => perform!(act, delete_rule),
        AnyAct::CreateDepartment(act) => perform!(act, create_department, ""),
        AnyAct::CreateProject(act) => perform!(act, create_project, ""),
        AnyAct::UpdateCluster(act) => perform!(act, update_cluster),
        AnyAct::UpdateDepartment(act) => perform!(act, update_department, None),
        AnyAct::UpdateProject(act) => perform!(act, update_project, None),
        AnyAct::DeleteCluster(act) => perform!(act, delete_cluster),
        AnyAct::DeleteDepartment(act) => perform!(act, delete_department),
        AnyAct::DeleteProject(act) => perform!(act, delete_project),
        AnyAct::EnableServiceAccount(act) => perform!(act, enable_service_account),
        AnyAct::DisableServiceAccount(act) => perform!(act, disable_service_account),
        AnyAct::DeleteServiceAccount(act) => perform!(act, delete_service_account),
        AnyAct::AdmitNewcomer(act) => {
            perform!(act, admit_newcomer, user_id(40), rolecall_core::identity::PersonNames::default())
        }
        AnyAct::AdmitUser(act) => perform!(act, admit_user),
        other => panic!("{other:?} needs more than an act"),
    }
}

/// All facts of a world, in order: worlds with the same facts are equal.
pub fn facts(world: &World) -> Vec<String> {
    let mut facts: Vec<String> = world.users().map(|user| format!("{user:?}")).collect();
    facts.extend(world.providers().map(|provider| format!("{provider:?}")));
    facts.extend(world.roles().map(|role| format!("{role:?}")));
    facts.extend(world.rules().map(|rule| format!("{rule:?} {:?}", world.path_of(rule.scope))));
    let ruled = world.rules().filter_map(|rule| world.scope_path(rule.scope)).filter_map(|path| path.cluster);
    let clusters: std::collections::BTreeSet<ClusterId> = ruled.chain([cluster_id()]).collect();
    for id in clusters {
        facts.push(format!("{:?}", world.cluster(id)));
        for department in world.departments_of(id) {
            facts.push(format!("{:?}", world.department(department)));
            facts.extend(world.projects_of(department).map(|project| format!("{:?}", world.project(project))));
        }
    }
    facts.push(format!("{:?} {:?}", world.account(), world.service_account_by_id(robot_id())));
    facts.extend((0..10).filter(|n| world.session_has_ended(session_id(*n))).map(|n| format!("session {n} has ended")));
    facts.sort();
    facts.push(format!("revision {}", world.revision()));
    facts
}

/// The world of a follower of the feed from the bootstrap on.
pub async fn followed(store: &Store, bootstrapped: &World) -> World {
    let changes = store.changes_after(bootstrapped.stamp(), usize::MAX).await.unwrap().unwrap();
    let numbers: Vec<Revision> = changes.iter().map(|(at, _)| at.revision).collect();
    let head = store.head().await.unwrap().number();
    let expected: Vec<Revision> = (bootstrapped.revision().number() + 1..=head).map(Revision::new).collect();
    assert_eq!(numbers, expected, "the feed has every revision once");
    changes
        .iter()
        .fold(bootstrapped.clone(), |world, (at, changes)| world.apply(at.revision, changes).identified(at.id))
}

/// The scope of the sample's department `research`.
pub fn research_scope() -> Scope {
    Scope::Department(rolecall_core::org::DepartmentId::new(2))
}
