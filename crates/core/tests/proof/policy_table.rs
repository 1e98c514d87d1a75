//! The policy table: every role, resource type, action and position, computed naively, and compared with the core's
//! decision and with the reviewed file `policy-table.txt`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rolecall_core::access::{Role, Rule};
use rolecall_core::catalogue::{Action, Permission, PredefinedRole, ResourceType};
use rolecall_core::identity::{Credential, Subject, User};
use rolecall_core::org::Scope;

use crate::facts::{Facts, InWorld as _, cluster, department, email, project, rule_id, user_id};
use crate::naive::{self, Who};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/policy-table.txt");

const HEAD: &str = "\
The policy table: what a rule permits, by role, resource type, action and position of the scope asked about.

  C create   R read   U update   D delete   S sync   . denied

  above   the scope's parents, up to the account      at      the scope of the rule itself
  below   everything in the scope                     beside  every other scope, with what is below it

It is the same for rules at the account, in a cluster, in a department and in a project. A change here is a change of
policy: review it as one. Written by `UPDATE_EXPECT=1 cargo test -p rolecall-core policy_table`.
";

const POSITIONS: [&str; 4] = ["above", "at", "below", "beside"];

fn c(n: usize) -> Scope {
    Scope::Cluster(cluster(n).id)
}

fn d(n: usize) -> Scope {
    Scope::Department(department(n).id)
}

fn p(n: usize) -> Scope {
    Scope::Project(project(n).id)
}

/// For a rule at each level: its scope, and the scopes above, at, below and beside it, written out by hand.
fn levels() -> Vec<(Scope, [Vec<Scope>; 4])> {
    let account = Scope::Account;
    let all = |scope| vec![scope];
    let below_cluster = vec![d(0), d(1), p(0), p(1), p(2), p(3)];
    let other_cluster = [c(1), d(2), d(3), p(4), p(5), p(6), p(7)];
    let beside = |near: &[Scope]| near.iter().chain(&other_cluster).copied().collect::<Vec<_>>();
    vec![
        (account, [vec![], all(account), [vec![c(0)], below_cluster.clone(), other_cluster.to_vec()].concat(), vec![]]),
        (c(0), [vec![account], all(c(0)), below_cluster, beside(&[])]),
        (d(0), [vec![c(0), account], all(d(0)), vec![p(0), p(1)], beside(&[d(1), p(2), p(3)])]),
        (p(0), [vec![d(0), c(0), account], all(p(0)), vec![], beside(&[p(1), d(1), p(2), p(3)])]),
    ]
}

/// The organization with a single rule.
fn organisation(rule: Rule) -> Facts {
    let user = User {
        id: user_id(0),
        email: email("u0"),
        enabled: true,
        credential: Credential::Own,
        groups: [].into(),
        binding: None,
        email_there: None,
    };
    Facts {
        clusters: (0..2).map(|n| (cluster(n).id, cluster(n))).collect(),
        departments: (0..4).map(|n| (department(n).id, department(n))).collect(),
        projects: (0..8).map(|n| (project(n).id, project(n))).collect(),
        users: vec![user],
        machines: Vec::new(),
        roles: Role::predefined().map(|role| (role.id, role)).collect(),
        rules: vec![rule],
        providers: Vec::new(),
    }
}

type Cells = BTreeMap<(ResourceType, usize), BTreeSet<Action>>;

/// The cells of one role: the allowed actions by resource type and position. The naive evaluator and the core decide
/// each one at every level and in every scope of that position, and must agree.
fn cells(role: &PredefinedRole) -> Cells {
    let mut cells = Cells::new();
    let mut first = BTreeMap::new();
    for (scope, positions) in levels() {
        let facts = organisation(Rule { id: rule_id(1), subject: Subject::User(email("u0")), role: role.id, scope });
        let world = facts.world();
        let principal = world.principal_of_user(&facts.users[0]);
        for (position, scopes) in positions.iter().enumerate() {
            for at in scopes {
                let held = naive::held(&facts, &Who::user(&facts.users[0]), *at);
                for resource_type in ResourceType::ALL {
                    let cell: BTreeSet<Action> = Action::ALL
                        .iter()
                        .copied()
                        .filter(|action| held.contains(&Permission::new(*resource_type, *action)))
                        .collect();
                    for action in Action::ALL {
                        let permission = Permission::new(*resource_type, *action);
                        let told = format!("{} in {scope}: {permission} in {at}", role.name);
                        assert_eq!(principal.may(permission, *at), cell.contains(action), "{told}");
                    }
                    let known = first.entry((*resource_type, position)).or_insert_with(|| cell.clone());
                    let told = format!("{} in {scope}: {} {}", role.name, resource_type.as_str(), POSITIONS[position]);
                    assert_eq!(*known, cell, "{told} is not as at the other levels");
                    cells.insert((*resource_type, position), cell);
                }
            }
        }
    }
    cells
}

fn letters(actions: &BTreeSet<Action>) -> String {
    let letters =
        [(Action::Create, 'C'), (Action::Read, 'R'), (Action::Update, 'U'), (Action::Delete, 'D'), (Action::Sync, 'S')];
    assert_eq!(letters.len(), Action::ALL.len(), "every action has a letter");
    letters.iter().map(|(action, letter)| if actions.contains(action) { *letter } else { '.' }).collect()
}

fn table() -> String {
    let mut text = HEAD.to_owned();
    for role in PredefinedRole::all() {
        let cells = cells(role);
        let _ = writeln!(text, "\n{} {}", role.id.number(), role.name);
        let [above, at, below, beside] = POSITIONS;
        let _ = writeln!(text, "  {:<28} {above:<6} {at:<6} {below:<6} {beside}", "");
        for resource_type in ResourceType::ALL {
            let cell = |position: usize| letters(&cells[&(*resource_type, position)]);
            let name = resource_type.as_str();
            let _ = writeln!(text, "  {name:<28} {}  {}  {}  {}", cell(0), cell(1), cell(2), cell(3));
        }
    }
    text
}

fn updating() -> bool {
    std::env::var_os("UPDATE_EXPECT").is_some_and(|value| value == "1")
}

#[test]
fn policy_table_is_the_reviewed_one() {
    let table = table();
    if updating() {
        std::fs::write(FILE, &table).unwrap();
    }
    let reviewed = std::fs::read_to_string(FILE).unwrap_or_default();
    let differs = table.lines().zip(reviewed.lines()).position(|(now, then)| now != then);
    let differs = differs.unwrap_or_else(|| table.lines().count().min(reviewed.lines().count()));
    assert!(
        table == reviewed,
        "what roles permit is not what crates/core/policy-table.txt says, from line {} on:\n  now      {}\n  reviewed {}\n\
         When the new policy is meant, write it with\n  UPDATE_EXPECT=1 cargo test -p rolecall-core policy_table\n\
         and have the difference of that file reviewed.",
        differs + 1,
        table.lines().nth(differs).unwrap_or("(nothing)"),
        reviewed.lines().nth(differs).unwrap_or("(nothing)"),
    );
}

/// Guards against omissions: a resource type or role without a line, or a resource type that no role can use.
#[test]
fn policy_table_covers_every_role_and_resource_type() {
    // While the other test writes the file, this one checks the text to be written.
    let reviewed = if updating() { table() } else { std::fs::read_to_string(FILE).unwrap() };
    let mut blocks = reviewed.split("\n\n").filter(|block| block.starts_with(|c: char| c.is_ascii_digit()));
    for role in PredefinedRole::all() {
        let block = blocks.next().unwrap_or_else(|| panic!("{} is not in the policy table", role.name));
        assert_eq!(block.lines().next(), Some(format!("{} {}", role.id.number(), role.name).as_str()));
        let lines: Vec<&str> = block.lines().skip(2).filter_map(|line| line.split_whitespace().next()).collect();
        let all: Vec<&str> = ResourceType::ALL.iter().map(|it| it.as_str()).collect();
        assert_eq!(lines, all, "{}: a line for each resource type", role.name);
    }
    assert!(blocks.next().is_none(), "a role that there is not");
    let administrator =
        PredefinedRole::find(rolecall_core::catalogue::RoleId::SYSTEM_ADMINISTRATOR).unwrap().permissions;
    for resource_type in ResourceType::ALL {
        assert!(
            administrator.contains(Permission::new(*resource_type, Action::Read)),
            "no role reads {}: a new resource type must be given to roles",
            resource_type.as_str()
        );
    }
}
