//! Random bootstrapped worlds, and random acts of their administrator. The core's own proof has wilder ones, which no
//! database would contain: rules in deleted scopes, nodes below nothing.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use rolecall_core::access::RuleId;
use rolecall_core::acts::{
    AnyAct, CreateDepartment, CreateProject, CreateRule, CreateUser, DeleteCluster, DeleteDepartment, DeleteProject,
    DeleteRule, DeleteServiceAccount, DeleteUser, DisableServiceAccount, DisableUser, EnableServiceAccount, EnableUser,
    UpdateCluster, UpdateProject,
};
use rolecall_core::catalogue::{PredefinedRole, RoleId};
use rolecall_core::identity::{ClientId, Credential, GroupName, ServiceAccountId, ServiceAccountName, Subject};
use rolecall_core::org::{ClusterId, DepartmentId, ProjectId, Scope};
use rolecall_store::{
    Bootstrap, BootstrapCluster, BootstrapDepartment, BootstrapProject, BootstrapScope, BootstrapServiceAccount,
    BootstrapUser,
};
use uuid::Uuid;

use crate::common::people::{at, bootstrap_rule, bootstrap_user, email, node, subject, user_id};

/// The universe. Each cluster has a default department and another one, with two projects each.
const CLUSTERS: u8 = 2;
const USERS: u8 = 6;
const MACHINES: u8 = 2;
/// Departments and projects have numbers up to this one; the next does not exist.
const UNITS: i64 = 12;
/// Root's own rule is the first, and root the first user: so at least one caller may always do the following.
const ROOTS: i32 = 1;

/// A world to bootstrap, and the acts tried in it.
#[derive(Debug, Clone)]
pub struct Story {
    users: Vec<Person>,
    machines: Vec<bool>,
    rules: BTreeSet<(Subject, i32, u8)>,
    /// Root's acts; some are refused.
    pub acts: Vec<AnyAct>,
}

#[derive(Debug, Clone)]
struct Person {
    enabled: bool,
    credential: Credential,
    groups: Vec<GroupName>,
}

fn user(number: u8) -> String {
    format!("u{number}")
}

fn cluster(number: u8) -> ClusterId {
    ClusterId::new(Uuid::from_u128(0xc0 + u128::from(number)))
}

fn machine(number: u8) -> ServiceAccountId {
    ServiceAccountId::new(Uuid::from_u128(0x200 + u128::from(number)))
}

fn client(number: u8) -> ClientId {
    ClientId::parse("clientId", &format!("m{number}")).unwrap()
}

fn group(name: &str) -> GroupName {
    GroupName::parse("group", name).unwrap()
}

/// The groups of users; two of them have the name of a user and of a service account.
fn groups() -> Vec<GroupName> {
    ["g0", "g1", "u0@example.com", "m0"].map(group).to_vec()
}

/// Every subject that a rule may name; the last of each kind does not exist.
fn subjects() -> Vec<Subject> {
    let users = (0..=USERS).map(|number| subject(&user(number)));
    let machines = (0..=MACHINES).map(|number| Subject::ServiceAccount(client(number)));
    let groups = groups().into_iter().chain([group("nobodys")]).map(Subject::Group);
    users.chain(machines).chain(groups).collect()
}

/// The scopes of initial rules: the account, and each node by its names.
fn places() -> Vec<BootstrapScope> {
    let mut places = vec![BootstrapScope::Account];
    for (number, of) in (0..CLUSTERS).map(|number| (number, node(&format!("cluster-{number}")))) {
        places.push(BootstrapScope::Cluster(of.clone()));
        for department in departments(number) {
            places.extend(department.projects.iter().map(|it| BootstrapScope::Project(of.clone(), it.name.clone())));
            places.push(BootstrapScope::Department(of.clone(), department.name));
        }
    }
    places
}

fn departments(cluster: u8) -> Vec<BootstrapDepartment> {
    let department = |name: &str, is_default| BootstrapDepartment {
        name: node(name),
        description: String::new(),
        at: at(0),
        created_by: "host".to_owned(),
        is_default,
        projects: (0..2)
            .map(|number| BootstrapProject {
                name: node(&format!("project-{number}-of-{name}-{cluster}")),
                description: String::new(),
                at: at(0),
                created_by: "host".to_owned(),
            })
            .collect(),
    };
    vec![department("default", true), department("research", false)]
}

impl Story {
    /// The bootstrap: with root, who is the administrator, and with all these.
    pub fn bootstrap(&self) -> Bootstrap {
        let people = (0..).zip(&self.users).map(|(number, person)| BootstrapUser {
            credential: person.credential,
            password_hash: (person.credential != Credential::External).then(|| "hash".to_owned()),
            enabled: person.enabled,
            groups: person.groups.clone(),
            ..bootstrap_user(&user(number), 10 + u128::from(number))
        });
        let machines = (0..).zip(&self.machines).map(|(number, enabled)| BootstrapServiceAccount {
            id: machine(number),
            client_id: client(number),
            // In another order than their client ids.
            name: ServiceAccountName::parse("name", &format!("machine-{}", MACHINES - number)).unwrap(),
            enabled: *enabled,
            secret_hash: [number; 32],
            created_by: "host".to_owned(),
            created_at: at(0),
            updated_at: at(0),
            last_login: None,
        });
        let clusters = (0..CLUSTERS).map(|number| BootstrapCluster {
            id: cluster(number),
            name: node(&format!("cluster-{number}")),
            created_by: "host".to_owned(),
            at: at(0),
            departments: departments(number),
        });
        let rules = self.rules.iter().map(|(subject, role, place)| {
            let place = places().into_iter().nth((*place).into()).unwrap();
            bootstrap_rule(subject.clone(), *role, place)
        });
        Bootstrap {
            account_name: node("acme"),
            users: [bootstrap_user("root", 1)].into_iter().chain(people).collect(),
            clusters: clusters.collect(),
            service_accounts: machines.collect(),
            rules: [bootstrap_rule(subject("root"), 1, BootstrapScope::Account)].into_iter().chain(rules).collect(),
        }
    }
}

fn person() -> impl Strategy<Value = Person> {
    use Credential::{External, LastingTemporary, Own, Temporary};
    let credential =
        prop_oneof![6 => Just(Own), 3 => Just(External), 1 => Just(Temporary), 1 => Just(LastingTemporary)];
    // Sometimes twice in a group: an identity provider may list one twice.
    let groups = (subsequence(groups(), 0..=2), prop::bool::weighted(0.1)).prop_map(|(mut groups, twice)| {
        groups.extend(groups.first().cloned().filter(|_| twice));
        groups
    });
    (prop::bool::weighted(0.85), credential, groups).prop_map(|(enabled, credential, groups)| Person {
        enabled,
        credential,
        groups,
    })
}

/// Any role, those that manage access more often than others.
fn role() -> impl Strategy<Value = i32> {
    let all: Vec<i32> = PredefinedRole::all().iter().map(|role| role.id.number()).collect();
    prop_oneof![3 => select(all), 2 => select(vec![1, 3, 4, 15, 1708, 1710])]
}

/// Any scope, each level equally often, and sometimes one that does not exist.
fn scope() -> impl Strategy<Value = Scope> {
    let unit = || 1..=UNITS + 1;
    prop_oneof![
        Just(Scope::Account),
        (0..=CLUSTERS).prop_map(|number| Scope::Cluster(cluster(number))),
        unit().prop_map(|number| Scope::Department(DepartmentId::new(number))),
        unit().prop_map(|number| Scope::Project(ProjectId::new(number))),
    ]
}

/// Acts that change access or the tree, about existing and missing entities.
fn act() -> impl Strategy<Value = AnyAct> {
    let users = || (0..=USERS).prop_map(|number| user_id(10 + u128::from(number)));
    let machines = || (0..=MACHINES).prop_map(machine);
    let clusters = || (0..=CLUSTERS).prop_map(cluster);
    let departments = || (1..=UNITS + 1).prop_map(DepartmentId::new);
    let projects = || (1..=UNITS + 1).prop_map(ProjectId::new);
    let create_rule = (select(subjects()), role(), scope())
        .prop_map(|(subject, role, scope)| AnyAct::CreateRule(CreateRule { subject, role: RoleId::new(role), scope }));
    prop_oneof![
        3 => (0..=USERS).prop_map(|number| AnyAct::CreateUser(CreateUser { email: email(&user(number)) })),
        4 => users().prop_map(|it| AnyAct::DeleteUser(DeleteUser(it))),
        1 => users().prop_map(|it| AnyAct::EnableUser(EnableUser(it))),
        1 => users().prop_map(|it| AnyAct::DisableUser(DisableUser(it))),
        8 => create_rule,
        8 => (ROOTS + 1..36).prop_map(|number| AnyAct::DeleteRule(DeleteRule(RuleId::new(number)))),
        1 => clusters().prop_map(|cluster| AnyAct::UpdateCluster(UpdateCluster { cluster, name: node("other") })),
        2 => clusters().prop_map(|it| AnyAct::DeleteCluster(DeleteCluster(it))),
        2 => clusters().prop_map(|cluster| AnyAct::CreateDepartment(CreateDepartment { cluster, name: node("new") })),
        3 => departments().prop_map(|it| AnyAct::DeleteDepartment(DeleteDepartment(it))),
        4 => departments().prop_map(|department| AnyAct::CreateProject(CreateProject { department, name: node("new") })),
        2 => projects().prop_map(|project| AnyAct::UpdateProject(UpdateProject { project, name: Some(node("other")) })),
        4 => projects().prop_map(|it| AnyAct::DeleteProject(DeleteProject(it))),
        1 => machines().prop_map(|it| AnyAct::EnableServiceAccount(EnableServiceAccount(it))),
        1 => machines().prop_map(|it| AnyAct::DisableServiceAccount(DisableServiceAccount(it))),
        2 => machines().prop_map(|it| AnyAct::DeleteServiceAccount(DeleteServiceAccount(it))),
    ]
}

/// Any story.
pub fn story() -> impl Strategy<Value = Story> {
    let places = u8::try_from(places().len()).unwrap();
    let rules = vec((select(subjects()), role(), 0..places), 14..=32);
    let people = vec(person(), usize::from(USERS));
    let machines = vec(prop::bool::weighted(0.9), usize::from(MACHINES));
    (people, machines, rules, vec(act(), 6..=16)).prop_map(|(users, machines, rules, acts)| Story {
        users,
        machines,
        rules: rules.into_iter().collect(),
        acts,
    })
}

/// The first stories of a fixed sequence, the same at every run.
pub fn fixed(count: usize) -> Vec<Story> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| story().new_tree(&mut runner).unwrap().current()).collect()
}
