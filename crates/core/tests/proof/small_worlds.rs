//! Every world up to a small size, and every act in it: nothing depends on what chance draws.
//!
//! Two users, two groups, four scopes, three roles, and every set of up to three access rules. One user is in the first group,
//! the other in both. In each world each user tries each act, and the naive evaluator judges the verdict, what the act leaves,
//! whether an administrator is left, and who gains and loses what.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

use rolecall_core::access::{Actor, Impact, Role, RoleDefinition, RoleName, Rule};
use rolecall_core::acts::*;
use rolecall_core::catalogue::{Action, Permission, PermissionSet, ResourceType, RoleId};
use rolecall_core::identity::{Credential, ServiceAccountName, Subject, User};
use rolecall_core::org::Scope;
use rolecall_core::{Timestamp, World, verify};

use crate::ended::ensure_sessions_end;
use crate::facts::*;
use crate::naive;

const LEAD: RoleId = RoleId::new(10_001);
const READER: RoleId = RoleId::new(10_002);

/// As few permissions as make every act possible for one role and impossible for another.
fn role(id: RoleId, name: &str, listed: &[(ResourceType, &[Action])]) -> Role {
    let of = |(resource_type, actions): &(ResourceType, &[Action])| {
        actions.iter().map(|action| Permission::new(*resource_type, *action)).collect::<PermissionSet>()
    };
    Role {
        id,
        definition: RoleDefinition {
            name: RoleName::parse("name", name).unwrap(),
            description: String::new(),
            presets: Vec::new(),
            permissions: listed.iter().map(of).fold(PermissionSet::EMPTY, PermissionSet::union),
            kubernetes: None,
        },
        custom: id != RoleId::SYSTEM_ADMINISTRATOR,
        enabled: true,
        created_by: "root@example.com".to_owned(),
        created_at: Timestamp::from_millis(0),
        updated_at: Timestamp::from_millis(0),
    }
}

fn roles() -> [Role; 3] {
    use Action::{Create, Delete, Read, Update};
    use ResourceType::*;
    let all: &[Action] = &[Create, Read, Update, Delete];
    [
        role(
            RoleId::SYSTEM_ADMINISTRATOR,
            "System administrator",
            &[
                (Users, all),
                (AccessRules, all),
                (Roles, all),
                (Cluster, all),
                (Department, all),
                (Project, all),
                (ServiceAccount, &[Create]),
                (SecuritySettings, &[Create]),
            ],
        ),
        role(LEAD, "Lead", &[(AccessRules, all), (Project, all), (Department, &[Read]), (Roles, &[Read, Update])]),
        role(READER, "Reader", &[(Project, &[Read]), (Users, &[Read])]),
    ]
}

fn four_scopes() -> [Scope; 4] {
    [Scope::Account, Scope::Cluster(cluster(0).id), Scope::Department(department(0).id), Scope::Project(project(0).id)]
}

fn named() -> [Subject; 4] {
    let [first, second] = [0, 1].map(|n| Subject::User(email(&format!("u{n}"))));
    [first, second, Subject::Group(group("first")), Subject::Group(group("second"))]
}

fn person(number: usize, groups: &[&str], enabled: bool) -> User {
    User {
        id: user_id(number),
        email: email(&format!("u{number}")),
        enabled,
        credential: Credential::Own,
        groups: groups.iter().map(|name| group(name)).collect(),
        binding: None,
        email_there: None,
    }
}

/// Every rule there may be; a world has up to three of them.
fn rules() -> Vec<Rule> {
    let roles = roles().map(|role| role.id);
    let mut all = Vec::new();
    for subject in named() {
        for role in roles {
            for scope in four_scopes() {
                all.push(Rule { id: rule_id(all.len()), subject: subject.clone(), role, scope });
            }
        }
    }
    all
}

fn facts(rules: &[&Rule]) -> Facts {
    // Whether the second user, and one role, are disabled goes by the number of the world, so that both occur with each rule.
    let number: usize = rules.iter().map(|rule| usize::try_from(rule.id.number()).unwrap()).sum();
    let mut roles = roles();
    roles[2].enabled = number % 3 != 1;
    Facts {
        clusters: [(cluster(0).id, cluster(0))].into(),
        departments: [(department(0).id, department(0))].into(),
        projects: [(project(0).id, project(0))].into(),
        users: vec![person(0, &["first"], true), person(1, &["first", "second"], number % 4 != 3)],
        machines: Vec::new(),
        roles: roles.into_iter().map(|role| (role.id, role)).collect(),
        rules: rules.iter().map(|rule| (*rule).clone()).collect(),
        providers: Vec::new(),
    }
}

/// Every act on everything there is, and on what is not there.
fn acts(all: &[Rule]) -> Vec<AnyAct> {
    let mut acts: Vec<AnyAct> = vec![
        CreateUser { email: email("u2") }.into(),
        CreateUser { email: email("u1") }.into(),
        ChangeOwnPassword.into(),
        SignOut.into(),
        CreateCluster { name: node_name("new") }.into(),
        UpdateCluster { cluster: cluster(0).id, name: node_name("other") }.into(),
        DeleteCluster(cluster(0).id).into(),
        CreateDepartment { cluster: cluster(0).id, name: node_name("new") }.into(),
        UpdateDepartment { department: department(0).id, name: Some(node_name("other")) }.into(),
        DeleteDepartment(department(0).id).into(),
        CreateProject { department: department(0).id, name: node_name("new") }.into(),
        UpdateProject { project: project(0).id, name: Some(node_name("other")) }.into(),
        DeleteProject(project(0).id).into(),
        DeleteProject(project(1).id).into(),
        CreateServiceAccount { name: ServiceAccountName::parse("name", "new-one").unwrap() }.into(),
        CreateProvider { alias: provider(0, true).alias, kind: provider(0, true).kind }.into(),
    ];
    for id in (0..3).map(user_id) {
        acts.extend([DeleteUser(id).into(), EnableUser(id).into(), DisableUser(id).into()]);
        acts.extend([ResetPassword(id).into(), LogOutUser(id).into(), UnbindUsers(vec![id]).into()]);
    }
    let [administrator, lead, reader] = roles();
    acts.extend([
        CreateRole { definition: RoleDefinition { name: name("New"), ..reader.definition.clone() }, enabled: true }
            .into(),
        CreateRole { definition: RoleDefinition { name: name("LEAD"), ..lead.definition.clone() }, enabled: true }
            .into(),
        CreateRole { definition: RoleDefinition { name: name("New"), ..lead.definition.clone() }, enabled: false }
            .into(),
    ]);
    for (id, other) in
        [(RoleId::SYSTEM_ADMINISTRATOR, &reader), (LEAD, &reader), (READER, &lead), (READER, &administrator)]
    {
        let definition = RoleDefinition { name: name("Renamed"), ..other.definition.clone() };
        acts.push(UpdateRole { role: id, definition, enabled: None }.into());
    }
    for id in [RoleId::SYSTEM_ADMINISTRATOR, LEAD, READER, RoleId::new(4711)] {
        acts.extend([EnableRole(id).into(), DisableRole(id).into(), DeleteRole(id).into()]);
    }
    for rule in all {
        let Rule { id, subject, role, scope } = rule.clone();
        acts.extend([CreateRule { subject, role, scope }.into(), DeleteRule(id).into()]);
    }
    acts
}

fn name(text: &str) -> RoleName {
    RoleName::parse("name", text).unwrap()
}

#[derive(Default)]
struct Counts {
    worlds: AtomicUsize,
    verdicts: AtomicUsize,
    permitted: AtomicUsize,
}

fn judge(facts: &Facts, acts: &[AnyAct], counts: &Counts) {
    let world = facts.world();
    counts.worlds.fetch_add(1, Relaxed);
    for caller in facts.users.iter().map(actor) {
        for act in acts {
            // A rule that is not there is the same to everybody: of those, one is enough.
            let is_missing = |id| facts.rules.iter().all(|rule| rule.id != id) && id != rule_id(0);
            if matches!(act, AnyAct::DeleteRule(DeleteRule(id)) if is_missing(*id)) {
                continue;
            }
            let right = naive::verdict(facts, &caller, act);
            let verdict = act.is_permitted(&world, &caller).map(|_| ()).map_err(|error| error.kind);
            assert_eq!(verdict, right, "{act:?} by {caller:?} in {facts:?}");
            counts.verdicts.fetch_add(1, Relaxed);
            if right.is_ok() {
                counts.permitted.fetch_add(1, Relaxed);
                judge_effects(facts, &world, &caller, act);
            }
        }
    }
}

fn judge_effects(facts: &Facts, world: &World, caller: &Actor, act: &AnyAct) {
    let drawn = drawn(facts);
    let changes = act.effects(world, caller, &drawn).unwrap();
    let right = verify::after(facts, world.revision(), caller, act, &drawn);
    let mut model = facts.clone();
    changes.iter().for_each(|change| model.apply(change));
    assert_eq!(sorted(model), sorted(right.clone()), "{act:?} by {caller:?} in {facts:?}");
    ensure_sessions_end(act.ends_sessions(caller, &changes).as_ref(), facts, &right, caller, act);
    let after = world.apply(world.revision().next(), &changes);
    let ways_in: BTreeSet<_> = after.ways_in().map(|user| user.email.clone()).collect();
    assert_eq!(ways_in, naive::ways_in(&right), "{act:?} by {caller:?} in {facts:?}");

    let impact = Impact::of(world, &changes, &after, &|| true);
    for subject in named() {
        let on = impact.on(&subject);
        for at in four_scopes() {
            let (gained, lost) = naive::impact(facts, &right, &subject, at);
            let way_up = std::iter::successors(Some(at), |scope| naive::parent(facts, *scope));
            let listed = |scope: Scope| on.iter().flat_map(|it| &it.scopes).find(|it| it.path.scope() == scope);
            let told = way_up.into_iter().find_map(listed);
            let told = told.map(|it| (it.gained.iter().collect(), it.lost.iter().collect())).unwrap_or_default();
            assert_eq!(told, (gained, lost), "{subject} in {at}: {act:?} by {caller:?} in {facts:?}");
        }
        assert!(on.is_none() || impact.subjects().any(|it| *it == subject));
    }
}

fn sorted(mut facts: Facts) -> Facts {
    facts.users.sort_by_key(|user| user.id);
    facts.machines.sort_by_key(|machine| machine.id);
    facts.rules.sort_by_key(|rule| rule.id);
    facts.providers.sort_by_key(|provider| provider.id);
    facts
}

#[test]
fn every_act_in_every_small_world_is_judged() {
    let (all, counts) = (rules(), Counts::default());
    let acts = acts(&all);
    assert_eq!(all.len(), 48);
    let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    // Those whose first rule is this one; the first of all has none.
                    let first = next.fetch_add(1, Relaxed);
                    let Some(a) = first.checked_sub(1) else {
                        judge(&facts(&[]), &acts, &counts);
                        continue;
                    };
                    let Some(one) = all.get(a) else { return };
                    judge(&facts(&[one]), &acts, &counts);
                    for (b, two) in all.iter().enumerate().skip(a + 1) {
                        judge(&facts(&[one, two]), &acts, &counts);
                        for three in &all[b + 1..] {
                            judge(&facts(&[one, two, three]), &acts, &counts);
                        }
                    }
                }
            });
        }
    });
    let Counts { worlds, verdicts, permitted } = counts;
    assert_eq!(worlds.into_inner(), 1 + 48 + 1128 + 17_296);
    let (verdicts, permitted) = (verdicts.into_inner(), permitted.into_inner());
    assert!(verdicts > 3_000_000 && permitted > 100_000, "{verdicts} verdicts, {permitted} permitted");
}
