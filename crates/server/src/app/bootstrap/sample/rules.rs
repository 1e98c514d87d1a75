//! The sample's access rules: those that each team needs, and then every role at every level of the tree.

use rolecall_core::catalogue::{PredefinedRole, RoleId};
use rolecall_core::identity::{GroupName, Subject};
use rolecall_core::org::{NodeName, ScopeKind};
use rolecall_core::{Error, Result, Timestamp};
use rolecall_store::{BootstrapCluster, BootstrapRule, BootstrapScope, BootstrapServiceAccount, BootstrapUser};

use super::calendar::Calendar;
use super::machines::{CLUSTER_SYNC, PIPELINE, REPORTS};
use super::people::{self, CONTRACTORS, EVERYBODY};
use super::tree::{AUSTIN, FOUNDATION_MODELS, MOTION_PLANNING, PERCEPTION, ZURICH};

const EDITOR: i32 = 3;
const L1_RESEARCHER: i32 = 5;
const ML_ENGINEER: i32 = 6;
const VIEWER: i32 = 7;
const L2_RESEARCHER: i32 = 8;
const DEPARTMENT_ADMINISTRATOR: i32 = 1710;

/// The subjects of the rules below.
enum Who {
    Person(&'static str),
    Group(&'static str),
    Machine(&'static str),
}

/// Their scopes.
enum Where {
    Account,
    Cluster(&'static str),
    Department(&'static str, &'static str),
    Project(&'static str, &'static str),
}

/// The rules that the teams need.
const NEEDED: &[(Who, i32, Where)] = &[
    (Who::Person("julia.hartmann"), 1, Where::Account),
    (Who::Person("nikhil.desai"), EDITOR, Where::Cluster(AUSTIN)),
    (Who::Person("ana.lindqvist"), DEPARTMENT_ADMINISTRATOR, Where::Department(AUSTIN, PERCEPTION)),
    (Who::Person("mateo.ferrari"), DEPARTMENT_ADMINISTRATOR, Where::Department(AUSTIN, MOTION_PLANNING)),
    (Who::Person("sofia.keller"), DEPARTMENT_ADMINISTRATOR, Where::Department(ZURICH, FOUNDATION_MODELS)),
    (Who::Group("perception"), L1_RESEARCHER, Where::Department(AUSTIN, PERCEPTION)),
    (Who::Group("motion-planning"), L1_RESEARCHER, Where::Department(AUSTIN, MOTION_PLANNING)),
    (Who::Group("foundation-models"), L1_RESEARCHER, Where::Department(ZURICH, FOUNDATION_MODELS)),
    (Who::Group(EVERYBODY), VIEWER, Where::Account),
    (Who::Group(CONTRACTORS), L2_RESEARCHER, Where::Project(AUSTIN, "lidar-segmentation")),
    (Who::Machine(PIPELINE), L1_RESEARCHER, Where::Department(ZURICH, FOUNDATION_MODELS)),
    (Who::Machine(REPORTS), VIEWER, Where::Account),
    (Who::Machine(CLUSTER_SYNC), ML_ENGINEER, Where::Cluster(ZURICH)),
];

/// The rules besides the administrator's own.
pub fn rules(
    calendar: &mut Calendar,
    administrator: &BootstrapUser,
    users: &[BootstrapUser],
    machines: &[BootstrapServiceAccount],
    clusters: &[BootstrapCluster],
) -> Result<Vec<BootstrapRule>> {
    let mut wanted = Vec::new();
    for (who, role, place) in NEEDED {
        wanted.push((subject(who, machines)?, RoleId::new(*role), scope(place)?));
    }
    for (number, role) in PredefinedRole::all().iter().enumerate() {
        for (level, kind) in ScopeKind::ALL.into_iter().enumerate() {
            let known = |rule: &(Subject, RoleId, BootstrapScope)| rule.1 == role.id && level_of(&rule.2) == kind;
            // The account has enough administrators: the role is not added there for completeness.
            if role.id == RoleId::SYSTEM_ADMINISTRATOR && kind == ScopeKind::Account || wanted.iter().any(known) {
                continue;
            }
            let turn = number * ScopeKind::ALL.len() + level;
            let user = at(users, turn * 13)?;
            wanted.push((Subject::User(user.email.clone()), role.id, some_scope(kind, turn, clusters)?));
        }
    }
    let count = wanted.len();
    let mut rules = Vec::with_capacity(count);
    for (place, (subject, role, scope)) in wanted.into_iter().enumerate() {
        // In the last two thirds of the year: no rule is older than its subject or scope.
        let made = made_at(&scope, clusters).unwrap_or(administrator.created_at);
        let at = calendar.moment(count + place * 2, count * 3)?.max(made);
        rules.push(BootstrapRule { subject, role, scope, created_by: administrator.email.to_string(), at });
    }
    Ok(rules)
}

fn subject(who: &Who, machines: &[BootstrapServiceAccount]) -> Result<Subject> {
    Ok(match who {
        Who::Person(name) => Subject::User(people::email(name)?),
        Who::Group(name) => Subject::Group(GroupName::parse("group", name)?),
        Who::Machine(name) => {
            let machine = machines.iter().find(|machine| machine.name.as_str() == *name);
            let machine = machine.ok_or_else(|| Error::internal(format!("the sample has no machine {name}")))?;
            Subject::ServiceAccount(machine.client_id.clone())
        }
    })
}

fn scope(place: &Where) -> Result<BootstrapScope> {
    let name = |text: &str| NodeName::parse("name", text);
    Ok(match place {
        Where::Account => BootstrapScope::Account,
        Where::Cluster(cluster) => BootstrapScope::Cluster(name(cluster)?),
        Where::Department(cluster, department) => BootstrapScope::Department(name(cluster)?, name(department)?),
        Where::Project(cluster, project) => BootstrapScope::Project(name(cluster)?, name(project)?),
    })
}

/// A node of that level, another one each time.
fn some_scope(kind: ScopeKind, turn: usize, clusters: &[BootstrapCluster]) -> Result<BootstrapScope> {
    let cluster = at(clusters, turn / 4)?;
    let department = at(&cluster.departments, turn / 8)?;
    let project = at(&department.projects, turn)?;
    Ok(match kind {
        ScopeKind::Account => BootstrapScope::Account,
        ScopeKind::Cluster => BootstrapScope::Cluster(cluster.name.clone()),
        ScopeKind::Department => BootstrapScope::Department(cluster.name.clone(), department.name.clone()),
        ScopeKind::Project => BootstrapScope::Project(cluster.name.clone(), project.name.clone()),
    })
}

const fn level_of(scope: &BootstrapScope) -> ScopeKind {
    match scope {
        BootstrapScope::Account => ScopeKind::Account,
        BootstrapScope::Cluster(_) => ScopeKind::Cluster,
        BootstrapScope::Department(..) => ScopeKind::Department,
        BootstrapScope::Project(..) => ScopeKind::Project,
    }
}

fn made_at(scope: &BootstrapScope, clusters: &[BootstrapCluster]) -> Option<Timestamp> {
    let cluster = |name: &NodeName| clusters.iter().find(|cluster| cluster.name == *name);
    match scope {
        BootstrapScope::Account => None,
        BootstrapScope::Cluster(name) => cluster(name).map(|cluster| cluster.at),
        BootstrapScope::Department(name, department) => {
            cluster(name)?.departments.iter().find(|found| found.name == *department).map(|found| found.at)
        }
        BootstrapScope::Project(name, project) => {
            let mut projects = cluster(name)?.departments.iter().flat_map(|department| &department.projects);
            projects.find(|found| found.name == *project).map(|found| found.at)
        }
    }
}

/// The item at that index, modulo the length.
fn at<T>(items: &[T], place: usize) -> Result<&T> {
    let place = place.checked_rem(items.len()).unwrap_or(0);
    items.get(place).ok_or_else(|| Error::internal("the sample has an empty list"))
}
