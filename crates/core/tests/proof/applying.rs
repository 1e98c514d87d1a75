//! Applying changes: a world that followed a feed equals a world built from the remaining facts.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rolecall_core::access::{Role, RoleDefinition, RoleName, Rule};
use rolecall_core::catalogue::{Action, Permission, Preset, ResourceType, RoleId};
use rolecall_core::identity::{GroupName, ServiceAccount, SessionId, Subject, User};
use rolecall_core::org::{Cluster, Department, Project, Scope};
use rolecall_core::{Change, Revision, Timestamp, World};
use uuid::Uuid;

use crate::facts::*;
use crate::worlds;

/// The expected facts after a feed: the last statement about each entity counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub facts: Facts,
    ended: BTreeMap<SessionId, Timestamp>,
}

impl Model {
    /// A model that starts with these facts.
    pub fn of(facts: Facts) -> Self {
        Self { facts, ended: BTreeMap::new() }
    }

    pub fn apply(&mut self, change: &Change) {
        let Self { facts, ended } = self;
        facts.apply(change);
        if let Change::SessionEnded { id, at, until } = change {
            let until = ended.get(id).map_or(*until, |known| *until.max(known));
            ended.insert(*id, until);
            ended.retain(|_, until| *until >= *at);
        }
        self.sort();
    }

    /// Puts the facts in one order.
    pub fn sort(&mut self) {
        let facts = &mut self.facts;
        facts.users.sort_by_key(|user| user.id);
        facts.machines.sort_by_key(|machine| machine.id);
        facts.rules.sort_by_key(|rule| rule.id);
        facts.providers.sort_by_key(|provider| provider.id);
    }
}

const SESSIONS: u128 = 4;

fn session(number: u128) -> SessionId {
    SessionId::new(Uuid::from_u128(number))
}

/// Every answer of a world about its facts, by every look-up.
#[derive(Debug, PartialEq)]
struct View {
    clusters: Vec<Cluster>,
    departments: Vec<Department>,
    projects: Vec<Project>,
    users: Vec<User>,
    users_by_email: Vec<User>,
    users_by_id: Vec<User>,
    machines: Vec<ServiceAccount>,
    machines_by_id: Vec<ServiceAccount>,
    roles: Vec<Role>,
    roles_by_id: Vec<Role>,
    uses: Vec<(RoleId, BTreeMap<Scope, u32>)>,
    rules: Vec<Rule>,
    rules_by_id: Vec<Rule>,
    rules_of: Vec<(Subject, Vec<Rule>)>,
    rules_in: Vec<(Scope, Vec<Rule>)>,
    below: Vec<(Scope, Vec<Scope>)>,
    paths: Vec<(Scope, Option<String>)>,
    members: Vec<(GroupName, Vec<String>)>,
    administrators: Vec<String>,
    ended: BTreeSet<SessionId>,
}

fn rule_numbers() -> std::ops::Range<usize> {
    0..40
}

fn view(world: &World) -> View {
    let sorted = |mut users: Vec<User>| {
        users.sort_by_key(|user| user.id);
        users
    };
    let mut rules: Vec<Rule> = world.rules().collect();
    rules.sort_by_key(|rule| rule.id);
    let children = |scope: Scope| match scope {
        Scope::Cluster(id) => world.departments_of(id).map(Scope::Department).collect(),
        Scope::Department(id) => world.projects_of(id).map(Scope::Project).collect(),
        Scope::Account | Scope::Project(_) => Vec::new(),
    };
    let clients = (0..=MACHINES).map(|n| client(&format!("m{n}")));
    let mut machines: Vec<ServiceAccount> = clients.filter_map(|id| world.service_account(&id).cloned()).collect();
    machines.sort_by_key(|machine| machine.id);
    View {
        clusters: (0..=CLUSTERS).filter_map(|n| world.cluster(cluster_id(n)).cloned()).collect(),
        departments: departments().filter_map(|id| world.department(id).cloned()).collect(),
        projects: projects().filter_map(|id| world.project(id).cloned()).collect(),
        users: sorted(world.users().cloned().collect()),
        users_by_email: sorted((0..=USERS).filter_map(|n| world.user(&email(&format!("u{n}"))).cloned()).collect()),
        users_by_id: (0..=USERS).filter_map(|n| world.user_by_id(user_id(n)).cloned()).collect(),
        machines,
        machines_by_id: (0..=MACHINES).filter_map(|n| world.service_account_by_id(machine_id(n)).cloned()).collect(),
        roles: world.roles().cloned().collect(),
        roles_by_id: worlds::role_ids().iter().filter_map(|id| world.role(*id).cloned()).collect(),
        uses: worlds::role_ids().iter().map(|id| (*id, world.uses_of(*id).collect())).collect(),
        rules,
        rules_by_id: rule_numbers().filter_map(|n| world.rule(rule_id(n))).collect(),
        rules_of: subjects().into_iter().map(|it| (it.clone(), world.rules_of(&it).collect())).collect(),
        rules_in: scopes().into_iter().map(|it| (it, world.rules_in(it).collect())).collect(),
        below: scopes().into_iter().map(|scope| (scope, children(scope))).collect(),
        paths: scopes().into_iter().map(|scope| (scope, world.path_of(scope))).collect(),
        members: groups()
            .into_iter()
            .map(|group| (group.clone(), world.members_of(&group).map(ToString::to_string).collect()))
            .collect(),
        administrators: world.administrators().map(ToString::to_string).collect(),
        ended: (0..SESSIONS).map(session).filter(|id| world.session_has_ended(*id)).collect(),
    }
}

/// The same answers, from the plain lists.
fn view_of(model: &Model) -> View {
    let Model { facts, ended } = model;
    let rules = |holds: &dyn Fn(&Rule) -> bool| facts.rules.iter().filter(|it| holds(it)).cloned().collect::<Vec<_>>();
    let children = |scope: Scope| match scope {
        Scope::Cluster(id) => {
            facts.departments.values().filter(|it| it.cluster == id).map(|it| Scope::Department(it.id)).collect()
        }
        Scope::Department(id) => {
            facts.projects.values().filter(|it| it.department == id).map(|it| Scope::Project(it.id)).collect()
        }
        Scope::Account | Scope::Project(_) => Vec::new(),
    };
    let name = |scope: Scope| match scope {
        Scope::Account => "acme".to_owned(),
        Scope::Cluster(id) => facts.clusters[&id].name.to_string(),
        Scope::Department(id) => facts.departments[&id].name.to_string(),
        Scope::Project(id) => facts.projects[&id].name.to_string(),
    };
    let path = |scope: Scope| {
        crate::naive::exists(facts, scope).then(|| {
            let mut names = vec![name(scope)];
            let mut at = scope;
            while let Some(above) = crate::naive::parent(facts, at) {
                names.insert(0, name(above));
                at = above;
            }
            names.join("/")
        })
    };
    let administrators: BTreeSet<String> = facts
        .rules
        .iter()
        .filter(|rule| rule.role.number() == 1 && rule.scope == Scope::Account)
        .filter(|rule| matches!(rule.subject, Subject::User(_)))
        .map(|rule| rule.subject.to_string())
        .collect();
    let members = |group: &GroupName| {
        let members: BTreeSet<String> =
            facts.users.iter().filter(|user| user.groups.contains(group)).map(|user| user.email.to_string()).collect();
        members.into_iter().collect()
    };
    let uses = |role: RoleId| {
        let mut uses = BTreeMap::new();
        facts.rules.iter().filter(|rule| rule.role == role).for_each(|rule| *uses.entry(rule.scope).or_default() += 1);
        uses
    };
    View {
        clusters: facts.clusters.values().cloned().collect(),
        departments: facts.departments.values().cloned().collect(),
        projects: facts.projects.values().cloned().collect(),
        users: facts.users.clone(),
        users_by_email: facts.users.clone(),
        users_by_id: facts.users.clone(),
        machines: facts.machines.clone(),
        machines_by_id: facts.machines.clone(),
        roles: facts.roles.values().cloned().collect(),
        roles_by_id: facts.roles.values().cloned().collect(),
        uses: worlds::role_ids().iter().map(|id| (*id, uses(*id))).collect(),
        rules: facts.rules.clone(),
        rules_by_id: facts.rules.clone(),
        rules_of: subjects().into_iter().map(|it| (it.clone(), rules(&|rule| rule.subject == it))).collect(),
        rules_in: scopes().into_iter().map(|it| (it, rules(&|rule| rule.scope == it))).collect(),
        below: scopes().into_iter().map(|scope| (scope, children(scope))).collect(),
        paths: scopes().into_iter().map(|scope| (scope, path(scope))).collect(),
        members: groups().into_iter().map(|group| (group.clone(), members(&group))).collect(),
        administrators: administrators.into_iter().collect(),
        ended: ended.keys().copied().collect(),
    }
}

fn departments() -> impl Iterator<Item = rolecall_core::org::DepartmentId> {
    (0..=DEPARTMENTS).map(|n| rolecall_core::org::DepartmentId::new(n as i64))
}

fn projects() -> impl Iterator<Item = rolecall_core::org::ProjectId> {
    (0..=PROJECTS).map(|n| rolecall_core::org::ProjectId::new(n as i64))
}

/// Any change, sensible or not: known names with other ids, nodes that move, deletions of unknown entities.
pub fn change() -> impl Strategy<Value = Change> {
    let users = (0..USERS).prop_flat_map(worlds::user);
    let user = (users, prop::option::weighted(0.2, 0..=USERS))
        .prop_map(|(user, other)| Change::UserSet(User { id: other.map_or(user.id, user_id), ..user }));
    let machine_set = (0..=MACHINES, 0..=MACHINES, any::<bool>()).prop_map(|(number, id, on)| {
        Change::ServiceAccountSet(ServiceAccount { id: machine_id(id), ..machine(number, on) })
    });
    let department_set = (0..DEPARTMENTS, 0..=CLUSTERS).prop_map(|(number, above)| {
        Change::DepartmentSet(Department { cluster: cluster_id(above), ..department(number) })
    });
    let project_set = (0..PROJECTS, 0..DEPARTMENTS).prop_map(|(number, above)| {
        Change::ProjectSet(Project { department: department(above).id, ..project(number) })
    });
    let administrator = (rule_numbers(), 0..USERS).prop_map(|(number, of)| {
        let subject = Subject::User(email(&format!("u{of}")));
        let role = RoleId::SYSTEM_ADMINISTRATOR;
        Change::RuleSet(Rule { id: rule_id(number), subject, role, scope: Scope::Account })
    });
    let ended = (0..SESSIONS, 0..100_i64, 0..100_i64).prop_map(|(number, at, lives)| Change::SessionEnded {
        id: session(number),
        at: Timestamp::from_millis(at),
        until: Timestamp::from_millis(at + lives),
    });
    prop_oneof![
        4 => user,
        2 => (0..=USERS).prop_map(|n| Change::UserGone { email: email(&format!("u{n}")) }),
        2 => machine_set,
        1 => (0..=MACHINES).prop_map(|n| Change::ServiceAccountGone { client_id: client(&format!("m{n}")) }),
        2 => (0..CLUSTERS).prop_map(|n| Change::ClusterSet(cluster(n))),
        1 => (0..=CLUSTERS).prop_map(|n| Change::ClusterGone { id: cluster_id(n) }),
        3 => department_set,
        1 => (0..=DEPARTMENTS).prop_map(|n| Change::DepartmentGone { id: department(n).id }),
        4 => project_set,
        2 => (0..=PROJECTS).prop_map(|n| Change::ProjectGone { id: project(n).id }),
        2 => worlds::some_role().prop_map(Change::RoleSet),
        1 => select(worlds::role_ids()).prop_map(|id| Change::RoleGone { id }),
        8 => rule_numbers().prop_flat_map(worlds::rule).prop_map(Change::RuleSet),
        3 => administrator,
        6 => rule_numbers().prop_map(|n| Change::RuleGone { id: rule_id(n) }),
        3 => ended,
    ]
}

proptest! {
    #![proptest_config(crate::config(96))]

    #[test]
    fn a_world_is_what_its_feed_says_at_every_revision(feed in vec(change(), 0..60)) {
        let mut world = empty_world();
        let mut model = Model::of(predefined());
        for change in &feed {
            let before = view(&world);
            let next = world.apply(world.revision().next(), [change]);
            prop_assert_eq!(view(&world), before, "the old world stays as it is");
            prop_assert_eq!(next.revision(), world.revision().next());
            world = next;
            model.apply(change);
            prop_assert_eq!(view(&world), view_of(&model), "after {:?}", change);
        }
    }

    #[test]
    fn a_world_that_followed_is_a_world_built_afresh(feed in vec(change(), 0..80)) {
        let mut model = Model::of(predefined());
        feed.iter().for_each(|change| model.apply(change));
        let followed = feed.iter().fold(empty_world(), |world, change| world.apply(world.revision().next(), [change]));
        let at_once = empty_world().apply(Revision::new(7), &feed);
        let fresh = Model { ended: BTreeMap::new(), ..model.clone() };
        let afresh = fresh.facts.world();
        prop_assert_eq!(view(&followed), view(&at_once));
        prop_assert_eq!(View { ended: BTreeSet::new(), ..view(&followed) }, view(&afresh));
        prop_assert_eq!(followed.ensure_way_in().is_ok(), afresh.ensure_way_in().is_ok());
        prop_assert_eq!(followed.ensure_way_in().is_ok(), !crate::naive::ways_in(&model.facts).is_empty());
    }

    #[test]
    fn a_feed_that_is_read_twice_leads_to_the_same_world(feed in vec(change(), 0..80)) {
        let once = empty_world().apply(Revision::new(1), &feed);
        let twice = once.apply(Revision::new(1), &feed);
        prop_assert_eq!(view(&once), view(&twice));
        let each_twice = feed.iter().flat_map(|change| [change, change]);
        prop_assert_eq!(view(&empty_world().apply(Revision::new(1), each_twice)), view(&once));
    }

    #[test]
    fn changes_come_back_from_the_feed_as_they_went_in(change in change()) {
        let text = serde_json::to_string(&change).unwrap();
        prop_assert_eq!(serde_json::from_str::<Change>(&text).unwrap(), change, "{}", text);
    }
}

/// The feed outlives the program that wrote it, so its format is fixed.
#[test]
fn the_words_of_the_feed_stay_as_they_are() {
    let uuid = Uuid::from_u128(0x100);
    for (change, text) in [
        (
            Change::RuleSet(Rule {
                id: rule_id(7),
                subject: Subject::User(email("ana")),
                role: RoleId::new(1710),
                scope: Scope::Department(department(3).id),
            }),
            r#"{"change":"rule-set","id":7,"subject":{"user":"ana@example.com"},"role":1710,"scope":{"department":3}}"#
                .to_owned(),
        ),
        (
            Change::RoleSet(Role {
                id: RoleId::new(10_001),
                definition: RoleDefinition {
                    name: RoleName::parse("name", "Project lead").unwrap(),
                    description: "Leads projects.".to_owned(),
                    presets: vec![Preset::all()[0].id],
                    permissions: [Permission::new(ResourceType::Tenant, Action::Read)].into_iter().collect(),
                    kubernetes: None,
                },
                custom: true,
                enabled: true,
                created_by: "ana@example.com".to_owned(),
                created_at: Timestamp::from_millis(1),
                updated_at: Timestamp::from_millis(2),
            }),
            format!(
                r#"{{"change":"role-set","id":10001,"name":"Project lead","description":"Leads projects.","presets":["{}"],"permissions":["tenant:read"],"kubernetes":null,"custom":true,"enabled":true,"created-by":"ana@example.com","created-at":1,"updated-at":2}}"#,
                Preset::all()[0].id
            ),
        ),
        (Change::RoleGone { id: RoleId::new(10_001) }, r#"{"change":"role-gone","id":10001}"#.to_owned()),
        (Change::RuleGone { id: rule_id(7) }, r#"{"change":"rule-gone","id":7}"#.to_owned()),
        (
            Change::UserSet(User {
                id: user_id(0),
                email: email("ana"),
                enabled: true,
                credential: rolecall_core::identity::Credential::LastingTemporary,
                groups: [group("dev")].into(),
                binding: None,
                email_there: None,
            }),
            format!(
                r#"{{"change":"user-set","id":"{uuid}","email":"ana@example.com","enabled":true,"credential":"lasting-temporary","groups":["dev"]}}"#
            ),
        ),
        (Change::UserGone { email: email("ana") }, r#"{"change":"user-gone","email":"ana@example.com"}"#.to_owned()),
        (
            Change::SessionEnded {
                id: session(0x100),
                at: Timestamp::from_millis(1),
                until: Timestamp::from_millis(2),
            },
            format!(r#"{{"change":"session-ended","id":"{uuid}","at":1,"until":2}}"#),
        ),
    ] {
        assert_eq!(serde_json::to_string(&change).unwrap(), text);
    }
    let one = select(scopes());
    for scope in worlds::fixed_of(&one, 10) {
        let text = serde_json::to_string(&scope).unwrap();
        assert_eq!(serde_json::from_str::<Scope>(&text).unwrap(), scope);
    }
}
