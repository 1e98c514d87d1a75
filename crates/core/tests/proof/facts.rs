//! The small universe of names and ids that tests draw facts from.

use std::sync::Arc;

use rolecall_core::access::{Actor, Role, RuleId};
use rolecall_core::acts::{AnyAct, Drawn, Entity, NewCluster};
use rolecall_core::catalogue::RoleId;
use rolecall_core::identity::{
    Binding, ClientId, Email, GroupName, Provider, ProviderAlias, ProviderId, ProviderKind, ServiceAccount,
    ServiceAccountId, ServiceAccountName, SessionId, Subject, User, UserId,
};
use rolecall_core::org::{
    Account, AccountId, Cluster, ClusterId, Department, DepartmentId, NodeName, Project, ProjectId, Scope,
};
pub use rolecall_core::verify::Facts;
use rolecall_core::{Change, Result, Revision, Timestamp, World};
use uuid::Uuid;

/// What tests do with facts.
pub trait InWorld {
    /// The world of these facts.
    fn world(&self) -> World;
    /// Every possible caller.
    fn actors(&self) -> Vec<Actor>;
}

impl InWorld for Facts {
    fn world(&self) -> World {
        World::empty(empty_world().account().clone()).apply(Revision::new(1), self.changes())
    }

    fn actors(&self) -> Vec<Actor> {
        let users = self.users.iter().map(actor);
        users.chain(self.machines.iter().map(machine_actor)).collect()
    }
}

/// What an act would be done to, if it is permitted.
pub fn asked(world: &World, actor: &Actor, act: impl Into<AnyAct>) -> Result<Entity> {
    act.into().is_permitted(world, actor)
}

/// What is drawn for new entities: nothing that is there.
pub fn drawn(facts: &Facts) -> Drawn {
    let rule = facts.rules.iter().map(|rule| rule.id.number()).max().unwrap_or_default() + 1;
    let unit = 1000 + i64::try_from(facts.departments.len() + facts.projects.len()).unwrap();
    let default_name = node_name("default");
    Drawn {
        user: user_id(0x1000 + facts.users.len()),
        credential: rolecall_core::identity::Credential::Own,
        role: RoleId::new(facts.roles.keys().map(|id| id.number()).max().unwrap_or_default() + 1),
        now: Timestamp::from_millis(1_800_000_000_000),
        rule: RuleId::new(rule),
        cluster: NewCluster {
            id: cluster_id(0x1000 + facts.clusters.len()),
            default: DepartmentId::new(unit),
            default_name,
        },
        department: DepartmentId::new(unit),
        project: ProjectId::new(unit),
        machine: (machine_id(0x1000 + facts.machines.len()), client(&format!("m-{}", facts.machines.len()))),
        provider: provider_id(0x1000 + facts.providers.len()),
        enabled: Some(false),
    }
}

pub fn empty_world() -> World {
    let account = Account { id: AccountId::new(1001), name: node_name("acme") };
    World::empty(account).with(Role::predefined().map(Change::RoleSet))
}

/// The predefined roles, and nothing else.
pub fn predefined() -> Facts {
    Facts { roles: Role::predefined().map(|role| (role.id, role)).collect(), ..Facts::default() }
}

pub const SESSION: SessionId = SessionId::new(Uuid::from_u128(0x5e55));

pub fn actor(user: &User) -> Actor {
    Actor::User { email: user.email.clone(), id: user.id, session: SESSION }
}

pub fn machine_actor(machine: &ServiceAccount) -> Actor {
    Actor::ServiceAccount { client_id: machine.client_id.clone(), id: machine.id, session: SESSION }
}

pub fn node_name(text: &str) -> NodeName {
    NodeName::parse("name", text).unwrap()
}

/// One of them is longer than what a world stores inline.
pub fn email(name: &str) -> Email {
    let domain = if name == "u4" { "a-department-with-a-long-name.example.com" } else { "example.com" };
    Email::parse("email", &format!("{name}@{domain}")).unwrap()
}

pub fn group(name: &str) -> GroupName {
    GroupName::parse("group", name).unwrap()
}

pub fn client(name: &str) -> ClientId {
    ClientId::parse("clientId", name).unwrap()
}

pub fn user_id(number: usize) -> UserId {
    UserId::new(Uuid::from_u128(0x100 + number as u128))
}

pub fn machine_id(number: usize) -> ServiceAccountId {
    ServiceAccountId::new(Uuid::from_u128(0x200 + number as u128))
}

pub fn cluster_id(number: usize) -> ClusterId {
    ClusterId::new(Uuid::from_u128(0xc0 + number as u128))
}

pub fn provider_id(number: usize) -> ProviderId {
    ProviderId::new(Uuid::from_u128(0x300 + number as u128))
}

pub fn provider(number: usize, enabled: bool) -> Provider {
    let alias = ProviderAlias::parse("name", &format!("idp-{number}")).unwrap();
    Provider { id: provider_id(number), alias, kind: ProviderKind::Oidc, enabled, changed: Revision::new(1) }
}

/// What the provider of the person with that number calls them: as another user is called here, or as nobody is.
pub fn email_there(number: usize) -> Email {
    email(match number {
        1 => "u2",
        3 => "u0",
        _ => "nobody",
    })
}

/// The person with that number, at one of the providers.
pub fn binding(number: usize) -> Arc<Binding> {
    let provider = provider_id(number % PROVIDERS);
    Arc::new(Binding::new(provider, "https://id.example.com", &format!("person-{number}")).unwrap())
}

pub fn machine(number: usize, enabled: bool) -> ServiceAccount {
    let name = ServiceAccountName::parse("name", &format!("machine-{number}")).unwrap();
    ServiceAccount { id: machine_id(number), client_id: client(&format!("m{number}")), name, enabled }
}

// The universe: 2 clusters with 2 departments each with 2 projects each. Projects have the same numbers as departments,
// so that a confusion of kinds shows.
pub const CLUSTERS: usize = 2;
pub const DEPARTMENTS: usize = 4;
pub const PROJECTS: usize = 8;
pub const USERS: usize = 5;
pub const PROVIDERS: usize = 3;
pub const MACHINES: usize = 2;

pub fn cluster(number: usize) -> Cluster {
    Cluster {
        id: cluster_id(number),
        name: node_name(&format!("cluster-{number}")),
        default_department: DepartmentId::new(2 * number as i64),
    }
}

pub fn department(number: usize) -> Department {
    Department {
        id: DepartmentId::new(number as i64),
        name: node_name(&format!("department-{number}")),
        cluster: cluster_id(number / 2),
    }
}

pub fn project(number: usize) -> Project {
    Project {
        id: ProjectId::new(number as i64),
        name: node_name(&format!("project-{number}")),
        department: DepartmentId::new(number as i64 / 2),
    }
}

/// Every possible scope, and one of each level that never exists.
pub fn scopes() -> Vec<Scope> {
    let clusters = (0..=CLUSTERS).map(|n| Scope::Cluster(cluster_id(n)));
    let departments = (0..=DEPARTMENTS).map(|n| Scope::Department(DepartmentId::new(n as i64)));
    let projects = (0..=PROJECTS).map(|n| Scope::Project(ProjectId::new(n as i64)));
    std::iter::once(Scope::Account).chain(clusters).chain(departments).chain(projects).collect()
}

/// The groups of users; two of them have the name of a user and of a service account.
pub fn groups() -> Vec<GroupName> {
    vec![group("g0"), group("g1"), group("u0@example.com"), group("m0")]
}

/// Every subject that a rule may name; the last of each kind does not exist.
pub fn subjects() -> Vec<Subject> {
    let users = (0..=USERS).map(|n| Subject::User(email(&format!("u{n}"))));
    let machines = (0..=MACHINES).map(|n| Subject::ServiceAccount(client(&format!("m{n}"))));
    let groups = groups().into_iter().chain([group("nobodys")]).map(Subject::Group);
    users.chain(machines).chain(groups).collect()
}

pub fn rule_id(number: usize) -> RuleId {
    RuleId::new(i32::try_from(number).unwrap())
}
