//! A large organisation of made-up names: the same for the same size, at every run.

use rolecall_core::access::{Role, Rule, RuleId};
use rolecall_core::catalogue::{Permission, PredefinedRole, RoleId};
use rolecall_core::identity::{ClientId, Credential, Email, GroupName, Subject, User, UserId};
use rolecall_core::org::{
    Account, AccountId, Cluster, ClusterId, Department, DepartmentId, NodeName, Project, ProjectId, Scope,
};
use rolecall_core::{Change, Revision, World};
use uuid::Uuid;

/// How large.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub users: u32,
    pub rules: u32,
    pub projects: u32,
}

const CLUSTERS: u32 = 20;

/// The ids below are left to the rules that are in a database before.
const FIRST_RULE: u32 = 1000;

impl Size {
    const fn departments(self) -> u32 {
        self.projects.div_ceil(20)
    }

    const fn groups(self) -> u32 {
        self.users.div_ceil(200)
    }

    const fn service_accounts(self) -> u32 {
        self.users.div_ceil(100)
    }
}

/// Numbers that look random and are the same at every run (splitmix64).
#[derive(Debug, Clone)]
pub struct Numbers(u64);

impl Numbers {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end)).expect("below a u32")
    }
}

pub fn email(number: u32) -> Email {
    Email::parse("email", &format!("user-{number:07}@research.example.com")).expect("an address")
}

fn group(number: u32) -> GroupName {
    GroupName::parse("group", &format!("team-{number:05}")).expect("a name")
}

fn client(number: u32) -> ClientId {
    ClientId::parse("clientId", &format!("machine-{number:06}")).expect("a client id")
}

fn cluster(number: u32) -> ClusterId {
    ClusterId::new(Uuid::from_u128(0xc000 + u128::from(number)))
}

fn name(kind: &str, number: u32) -> NodeName {
    NodeName::parse("name", &format!("{kind}-{number}")).expect("a name")
}

pub fn project(number: u32) -> Scope {
    Scope::Project(ProjectId::new(i64::from(number)))
}

/// Every scope there is.
pub fn scopes(size: Size) -> impl Iterator<Item = Scope> {
    let clusters = (0..CLUSTERS).map(|n| Scope::Cluster(cluster(n)));
    let departments = (0..size.departments()).map(|n| Scope::Department(DepartmentId::new(i64::from(n))));
    [Scope::Account].into_iter().chain(clusters).chain(departments).chain((0..size.projects).map(project))
}

/// Each user is in two groups.
fn user(number: u32, size: Size) -> User {
    let mut numbers = Numbers::new(u64::from(number) ^ 0xaaaa);
    User {
        id: UserId::new(Uuid::from_u128(u128::from(numbers.next()) << 64 | u128::from(number))),
        email: email(number),
        enabled: true,
        credential: Credential::External,
        groups: [group(numbers.below(size.groups())), group(numbers.below(size.groups()))].into(),
        binding: None,
        email_there: None,
    }
}

/// One rule in five hundred is for a group, one in a hundred for a service account; the others are for users. Nearly all are for a
/// project, some for a department or a cluster, one in a hundred thousand for the account.
pub fn rule(number: u32, size: Size) -> Rule {
    let mut numbers = Numbers::new(u64::from(number) ^ 0x5555_0000);
    let subject = match number % 100 {
        0 if number.is_multiple_of(500) => Subject::Group(group(numbers.below(size.groups()))),
        1 => Subject::ServiceAccount(client(numbers.below(size.service_accounts()))),
        _ => Subject::User(email(numbers.below(size.users))),
    };
    let scope = match number % 100_000 {
        7 => Scope::Account,
        n if n % 1000 == 8 => Scope::Cluster(cluster(numbers.below(CLUSTERS))),
        n if n % 20 == 9 => Scope::Department(DepartmentId::new(i64::from(numbers.below(size.departments())))),
        _ => project(numbers.below(size.projects)),
    };
    let roles = PredefinedRole::all();
    let role = roles[numbers.below(u32::try_from(roles.len()).expect("few roles")) as usize].id;
    Rule { id: RuleId::new(i32::try_from(FIRST_RULE + number).expect("an i32")), subject, role, scope }
}

/// The organisation as a feed that begins with nothing.
pub fn changes(size: Size) -> impl Iterator<Item = Change> {
    let clusters = (0..CLUSTERS).map(|n| {
        let default = DepartmentId::new(i64::from(n));
        Change::ClusterSet(Cluster { id: cluster(n), name: name("cluster", n), default_department: default })
    });
    let departments = (0..size.departments()).map(|n| {
        let id = DepartmentId::new(i64::from(n));
        Change::DepartmentSet(Department { id, name: name("department", n), cluster: cluster(n % CLUSTERS) })
    });
    let projects = (0..size.projects).map(move |n| {
        let department = DepartmentId::new(i64::from(n % size.departments()));
        let id = ProjectId::new(i64::from(n));
        Change::ProjectSet(Project { id, name: name("project", n), department })
    });
    let users = (0..size.users).map(move |n| Change::UserSet(user(n, size)));
    let rules = (0..size.rules).map(move |n| Change::RuleSet(rule(n, size)));
    let roles = Role::predefined().map(Change::RoleSet);
    roles.chain(clusters).chain(departments).chain(projects).chain(users).chain(rules)
}

/// The world of that size.
pub fn world(size: Size) -> World {
    World::empty(Account { id: AccountId::new(1001), name: name("account", 1) }).apply(Revision::new(1), changes(size))
}

/// May this subject do that there?
#[derive(Debug, Clone)]
pub struct Question {
    pub subject: Subject,
    pub permission: Permission,
    pub scope: Scope,
}

/// Questions about users drawn at random: every other one about a scope and a role of one of their rules, so that
/// about half of them are allowed.
pub fn questions(size: Size, count: u32) -> Vec<Question> {
    let mut numbers = Numbers::new(1);
    let permissions: Vec<Vec<Permission>> =
        PredefinedRole::all().iter().map(|role| role.permissions.iter().collect()).collect();
    let of = |role: RoleId| PredefinedRole::all().iter().position(|it| it.id == role).expect("a role");
    let pick = |from: &[Permission], numbers: &mut Numbers| from[numbers.below(from.len() as u32) as usize];
    (0..count)
        .map(|n| {
            let rule = loop {
                let rule = rule(numbers.below(size.rules), size);
                if matches!(rule.subject, Subject::User(_)) {
                    break rule;
                }
            };
            let permission = pick(&permissions[of(rule.role)], &mut numbers);
            if n % 2 == 0 {
                return Question { subject: rule.subject, permission, scope: rule.scope };
            }
            let subject = Subject::User(email(numbers.below(size.users)));
            Question { subject, permission, scope: project(numbers.below(size.projects)) }
        })
        .collect()
}
