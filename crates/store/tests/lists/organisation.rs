//! A small organization with rules at every level, some of them deleted, of which lists show parts.

use rolecall_core::Timestamp;
use rolecall_core::access::{RuleId, Subtrees};
use rolecall_core::catalogue::{PredefinedRole, RoleId};
use rolecall_core::identity::{ClientId, Email, GroupName, Subject, SubjectKind};
use rolecall_core::org::{ClusterId, DepartmentId, ProjectId, Scope, ScopePath};
use rolecall_core::text::folded;
use rolecall_store::{Database, RuleRecord, Store};
use uuid::Uuid;

use crate::common::past_the_store;
use crate::naive::{Dice, HOSTILE, makers, or_null, quoted};

/// A node, with everything that the naive evaluation needs.
#[derive(Debug, Clone)]
pub struct Node {
    pub scope: Scope,
    pub path: ScopePath,
    pub id: String,
    pub name: String,
    pub parent_name: String,
    pub created_by: String,
    pub created_at: Timestamp,
    pub deleted: bool,
}

pub struct Organisation {
    pub nodes: Vec<Node>,
    pub rules: Vec<RuleRecord>,
    pub subjects: Vec<Subject>,
}

pub fn moment(n: usize) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + i64::try_from(n).unwrap() * 3_600_000)
}

fn subjects() -> Vec<Subject> {
    let user = |name: &str| Subject::User(Email::parse("email", name).unwrap());
    let group = |name: &str| Subject::Group(GroupName::parse("group", name).unwrap());
    let client = |name: &str| Subject::ServiceAccount(ClientId::parse("clientId", name).unwrap());
    let mut subjects = vec![user("ana@example.com"), user("b_b@example.com"), user("c%c@example.com")];
    // Names are exact except for users, and a group may have the name of a service account.
    subjects.extend([group("Dev"), group("dev"), group("app"), client("app"), client("Dev"), client("build-1")]);
    subjects.extend(HOSTILE.iter().map(|name| group(name)));
    subjects
}

/// 3 clusters, 7 departments and 20 projects, a few of them deleted; 150 rules.
pub fn organisation() -> Organisation {
    let mut dice = Dice::new(11);
    let mut nodes = vec![node(Scope::Account, ScopePath::ACCOUNT, "1001", "account", "", &mut dice)];
    nodes[0].deleted = false;
    let clusters: Vec<_> = (1..=3_u128).map(|n| ClusterId::new(Uuid::from_u128(n << 100 | 0xabc))).collect();
    for (id, name) in clusters.iter().zip(["Research", "research-eu", "100%_\\"]) {
        let path = ScopePath { cluster: Some(*id), department: None, project: None };
        nodes.push(node(Scope::Cluster(*id), path, &id.to_string(), name, "account", &mut dice));
    }
    let mut next = 1;
    for n in 0..7 {
        let above = dice.pick(&nodes[1..4]).clone();
        let id = DepartmentId::new(next);
        let path = ScopePath { department: Some(id), ..above.path };
        let name = if n % 3 == 0 { "default".to_owned() } else { format!("{} {n}", dice.pick(HOSTILE)) };
        nodes.push(node(Scope::Department(id), path, &next.to_string(), &name, &above.name, &mut dice));
        next += 1;
    }
    for n in 0..20 {
        let above = dice.pick(&nodes[4..11]).clone();
        let id = ProjectId::new(next);
        let path = ScopePath { project: Some(id), ..above.path };
        let name = format!("{}{}", dice.pick(&["vision", "Vision", "a_b", "a%b", "Zoë's "]), n % 14);
        nodes.push(node(Scope::Project(id), path, &next.to_string(), &name, &above.name, &mut dice));
        next += 1;
    }
    // One name per level and cluster: duplicates were deleted.
    for at in 0..nodes.len() {
        let twin = |other: &Node| {
            !other.deleted
                && other.scope.kind() == nodes[at].scope.kind()
                && other.path.cluster == nodes[at].path.cluster
                && folded(&other.name) == folded(&nodes[at].name)
        };
        nodes[at].deleted |= at > 3 && nodes[..at].iter().any(twin);
    }
    let subjects = subjects();
    let mut rules: Vec<RuleRecord> = Vec::new();
    for id in 1..=150 {
        let mut rule = rule(id, &subjects, &nodes, &mut dice);
        let what = |rule: &RuleRecord| (rule.subject_type, rule.subject.clone(), rule.role, rule.scope);
        // No two existing ones are the same.
        if rules.iter().any(|other| other.deleted_at.is_none() && what(other) == what(&rule)) {
            rule.deleted_at = rule.deleted_at.or(Some(moment(9)));
            rule.updated_at = rule.deleted_at.unwrap();
        }
        rules.push(rule);
    }
    Organisation { nodes, rules, subjects }
}

fn node(scope: Scope, path: ScopePath, id: &str, name: &str, parent_name: &str, dice: &mut Dice) -> Node {
    Node {
        scope,
        path,
        id: id.to_owned(),
        name: name.to_owned(),
        parent_name: parent_name.to_owned(),
        created_by: (*dice.pick(&makers())).to_owned(),
        created_at: moment(dice.roll(6)),
        deleted: dice.roll(10) == 0,
    }
}

fn rule(id: i32, subjects: &[Subject], nodes: &[Node], dice: &mut Dice) -> RuleRecord {
    let subject = dice.pick(subjects);
    let node = dice.pick(nodes);
    let role = dice.pick(PredefinedRole::all());
    let created_at = moment(dice.roll(9));
    let deleted_at = (dice.roll(4) == 0 || node.deleted).then(|| moment(9 + dice.roll(5)));
    RuleRecord {
        id: RuleId::new(id),
        subject_type: subject.kind(),
        subject: subject.name().to_owned(),
        role: role.id,
        role_name: role.name.to_owned(),
        scope: node.scope,
        scope_id: node.id.clone(),
        scope_name: node.name.clone(),
        cluster: node.path.cluster,
        created_at,
        updated_at: deleted_at.unwrap_or(created_at),
        deleted_at,
        created_by: (*dice.pick(&makers())).to_owned(),
    }
}

impl Organisation {
    pub fn scope_path(&self, scope: Scope) -> ScopePath {
        self.nodes.iter().find(|node| node.scope == scope).unwrap().path
    }

    /// A part of the tree, often small, sometimes empty; also with missing nodes.
    pub fn some_subtrees(&self, dice: &mut Dice) -> Subtrees {
        if dice.roll(12) == 0 {
            return Subtrees::Everything;
        }
        let (mut clusters, mut departments, mut projects) = (Vec::new(), Vec::new(), Vec::new());
        for node in dice.some(&self.nodes, 4) {
            match node.scope {
                Scope::Account => projects.push(ProjectId::new(999)),
                Scope::Cluster(id) => clusters.push(id),
                Scope::Department(id) => departments.push(id),
                Scope::Project(id) => projects.push(id),
            }
        }
        clusters.sort_unstable();
        clusters.dedup();
        departments.sort_unstable();
        departments.dedup();
        projects.sort_unstable();
        projects.dedup();
        Subtrees::Below { clusters, departments, projects }
    }

    pub async fn filled(&self, database: &Database) -> Store {
        Store::open(database).await.unwrap().close().await;
        past_the_store(database, &format!("{};\n{}", self.nodes_text(), self.rules_text())).await;
        // Opening again computes the keys of the names.
        Store::open(database).await.unwrap()
    }

    fn nodes_text(&self) -> String {
        let rows: Vec<_> = self
            .nodes
            .iter()
            .filter(|node| node.scope != Scope::Account)
            .map(|node| {
                let number = if node.path.cluster.is_some() && node.path.department.is_none() { "0" } else { &node.id };
                format!(
                    "({}, '{}', '{}', {number}, {}, 'for tests', {}, {}, {}, {}, {}, {}, {})",
                    quoted(&key(node.scope)),
                    node.scope.kind().as_str(),
                    node.id,
                    quoted(&node.name),
                    node.path.cluster.map_or_else(|| "NULL".to_owned(), |id| format!("'{id}'")),
                    or_null(node.path.department.map(DepartmentId::number)),
                    or_null(node.path.project.map(ProjectId::number)),
                    quoted(&node.created_by),
                    node.created_at.millis(),
                    node.created_at.millis(),
                    or_null(node.deleted.then_some(1)),
                )
            })
            .collect();
        format!(
            "INSERT INTO nodes (scope, kind, id, number, name, description, cluster, department, project, created_by, \
             created_at, updated_at, deleted_at) VALUES {}",
            rows.join(", ")
        )
    }

    fn rules_text(&self) -> String {
        let rows: Vec<_> = self
            .rules
            .iter()
            .map(|rule| {
                format!(
                    "({}, '{}', {}, {}, {}, {}, {}, {}, {})",
                    rule.id,
                    rule.subject_type.as_str(),
                    quoted(&rule.subject),
                    rule.role.number(),
                    quoted(&key(rule.scope)),
                    quoted(&rule.created_by),
                    rule.created_at.millis(),
                    rule.updated_at.millis(),
                    or_null(rule.deleted_at.map(Timestamp::millis)),
                )
            })
            .collect();
        let roles: Vec<_> =
            PredefinedRole::all().iter().map(|role| format!("({}, {})", role.id.number(), quoted(role.name))).collect();
        format!(
            "INSERT INTO roles (id, name) VALUES {}; \
             INSERT INTO access_rules (id, subject_type, subject, role, scope, created_by, created_at, updated_at, \
             deleted_at) VALUES {}",
            roles.join(", "),
            rows.join(", ")
        )
    }
}

pub fn key(scope: Scope) -> String {
    match scope {
        Scope::Account => "tenant".to_owned(),
        Scope::Cluster(id) => format!("cluster:{id}"),
        Scope::Department(id) => format!("department:{id}"),
        Scope::Project(id) => format!("project:{id}"),
    }
}

pub const KINDS: [SubjectKind; 3] = [SubjectKind::User, SubjectKind::Group, SubjectKind::ServiceAccount];

/// A role that no rule has.
pub const NO_ROLE: RoleId = RoleId::new(9_999);
