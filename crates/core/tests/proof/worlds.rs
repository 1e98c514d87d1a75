//! Random worlds and random acts in them, and a test that the worlds are varied enough.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rolecall_core::access::{Role, RoleDefinition, RoleName, Rule};
use rolecall_core::acts::{
    Admission, AdmitNewcomer, AdmitUser, AnyAct, BootstrapAccount, ChangeEmail, ChangeOwnPassword, CreateCluster,
    CreateDepartment, CreateProject, CreateProvider, CreateRole, CreateRule, CreateServiceAccount, CreateUser,
    DeleteCluster, DeleteDepartment, DeleteProject, DeleteProvider, DeleteRole, DeleteRule, DeleteServiceAccount,
    DeleteUser, DisableRole, DisableServiceAccount, DisableUser, EnableRole, EnableServiceAccount, EnableUser,
    EndSessions, ForgetGroups, LogOutUser, RecoverAccess, RedirectTo, RenewSecret, ResetPassword, SignOut, UnbindUsers,
    UpdateCluster, UpdateDepartment, UpdatePredefinedRoles, UpdateProject, UpdateProvider, UpdateRole,
};
use rolecall_core::catalogue::{Action, Permission, PredefinedRole, Preset, ResourceType, RoleId};
use rolecall_core::identity::{Credential, Provider, ServiceAccountName, Subject, User};
use rolecall_core::org::{AccountId, Scope, ScopeKind};
use rolecall_core::{Revision, Timestamp};

use crate::facts::*;
use crate::naive::{self, Who};

fn credential() -> impl Strategy<Value = Credential> {
    use Credential::{External, LastingTemporary, Own, Temporary};
    prop_oneof![6 => Just(Own), 3 => Just(External), 1 => Just(Temporary), 1 => Just(LastingTemporary)]
}

pub fn user(number: usize) -> impl Strategy<Value = User> {
    // Sometimes twice in a group: an identity provider may list one twice.
    let groups = (subsequence(groups(), 0..=2), prop::bool::weighted(0.1)).prop_map(|(mut groups, twice)| {
        groups.extend(groups.first().cloned().filter(|_| twice));
        groups
    });
    (prop::bool::weighted(0.85), credential(), groups).prop_map(move |(enabled, credential, groups)| User {
        id: user_id(number),
        email: email(&format!("u{number}")),
        enabled,
        credential,
        groups: groups.into(),
        // All but one of those who sign in with a provider have done so.
        binding: (number != 2 && credential == Credential::External).then(|| binding(number)),
        email_there: (number != 0 && number != 2 && credential == Credential::External).then(|| email_there(number)),
    })
}

/// Any role, those that manage access more often than others, and sometimes one that does not exist.
fn role() -> impl Strategy<Value = RoleId> {
    let all: Vec<RoleId> = PredefinedRole::all().iter().map(|role| role.id).collect();
    let grantors = [1, 1, 3, 4, 15, 1708, 1710].map(RoleId::new).to_vec();
    // The last two are used by no rule, so that they can be deleted.
    let custom: Vec<RoleId> = (0..CUSTOM_ROLES - 2).map(custom_role_id).collect();
    prop_oneof![12 => select(all), 10 => select(grantors), 4 => select(custom), 1 => Just(RoleId::new(2))]
}

const CUSTOM_ROLES: i32 = 6;

fn custom_role_id(number: i32) -> RoleId {
    RoleId::new(10_001 + number)
}

/// What a role of the organization's own may be: some presets, and sometimes permissions that no predefined role has. Names
/// are few, so that some are taken.
fn definition() -> impl Strategy<Value = RoleDefinition> {
    let names = ["Lead", "lead", "Auditor", "VIEWER", "Night watch", "Clerk"];
    let presets: Vec<&'static Preset> = Preset::all().iter().collect();
    let beyond = prop::option::weighted(0.1, Just(Permission::new(ResourceType::Cluster, Action::Sync)));
    (select(names.to_vec()), subsequence(presets, 1..=8), beyond).prop_map(|(name, presets, beyond)| {
        let of_presets = presets.iter().flat_map(|preset| preset.permissions.iter());
        RoleDefinition {
            name: RoleName::parse("name", name).unwrap(),
            description: String::new(),
            permissions: of_presets.chain(beyond).collect(),
            presets: presets.iter().map(|preset| preset.id).collect(),
            kubernetes: None,
        }
    })
}

/// Every id of a role.
pub fn role_ids() -> Vec<RoleId> {
    let predefined = PredefinedRole::all().iter().map(|role| role.id);
    predefined.chain((0..CUSTOM_ROLES).map(custom_role_id)).collect()
}

/// Any role, as it could be.
pub fn some_role() -> impl Strategy<Value = Role> {
    roles().prop_flat_map(|roles| select(roles.into_values().collect::<Vec<_>>()))
}

/// The predefined roles, some disabled and some as another version had them, and some of the organization's own.
fn roles() -> impl Strategy<Value = BTreeMap<RoleId, Role>> {
    let count = PredefinedRole::all().len();
    let predefined = vec((prop::bool::weighted(0.96), prop::bool::weighted(0.97)), count);
    let custom = (0..CUSTOM_ROLES).map(|_| (definition(), prop::bool::weighted(0.8), prop::bool::weighted(0.8)));
    (predefined, custom.collect::<Vec<_>>()).prop_map(|(predefined, custom)| {
        let predefined = Role::predefined().zip(predefined).map(|(mut role, (enabled, current))| {
            role.enabled = enabled || role.id == RoleId::SYSTEM_ADMINISTRATOR && current;
            if !current {
                role.definition.description = "as it was".to_owned();
            }
            role
        });
        let custom =
            (0..).zip(custom).filter(|(_, (.., present))| *present).map(|(number, (definition, enabled, _))| {
                let name = format!("Own {number}");
                let definition = RoleDefinition { name: RoleName::parse("name", &name).unwrap(), ..definition };
                Role {
                    id: custom_role_id(number),
                    definition,
                    custom: true,
                    enabled,
                    created_by: "root@example.com".to_owned(),
                    created_at: Timestamp::from_millis(1),
                    updated_at: Timestamp::from_millis(1),
                }
            });
        predefined.chain(custom).map(|role| (role.id, role)).collect()
    })
}

/// Any scope, each level equally often, and sometimes one that does not exist.
pub fn scope() -> impl Strategy<Value = Scope> {
    let of = |kind: ScopeKind| select(scopes().into_iter().filter(|it| it.kind() == kind).collect::<Vec<_>>());
    prop_oneof![
        3 => Just(Scope::Account),
        3 => of(ScopeKind::Cluster),
        2 => of(ScopeKind::Department),
        2 => of(ScopeKind::Project),
    ]
}

pub fn rule(number: usize) -> impl Strategy<Value = Rule> {
    (select(subjects()), role(), scope()).prop_map(move |(subject, role, scope)| Rule {
        id: rule_id(number),
        subject,
        role,
        scope,
    })
}

fn some<T: Clone + std::fmt::Debug>(all: Vec<T>, share: f64) -> impl Strategy<Value = Vec<T>> {
    let count = all.len();
    vec(prop::bool::weighted(share), count)
        .prop_map(move |keep| all.iter().zip(keep).filter(|(_, keep)| *keep).map(|(it, _)| it.clone()).collect())
}

/// Facts of any kind: nodes below nothing, rules in deleted scopes, duplicates, unknown subjects.
fn any_facts() -> impl Strategy<Value = Facts> {
    let tree = (
        some((0..CLUSTERS).map(cluster).collect(), 0.93),
        some((0..DEPARTMENTS).map(department).collect(), 0.9),
        some((0..PROJECTS).map(project).collect(), 0.8),
        prop::option::weighted(0.1, 0..CLUSTERS),
    );
    let tree = tree.prop_map(|(clusters, mut departments, mut projects, bare)| {
        // A new cluster: with its default department and nothing in it.
        if let Some(bare) = bare.map(cluster) {
            departments.retain(|it| it.cluster != bare.id || it.id == bare.default_department);
            projects.retain(|it| it.department.number() / 2 != bare.default_department.number() / 2);
        }
        (clusters, departments, projects)
    });
    let users: Vec<_> = (0..USERS).map(user).collect();
    let people = (users, vec(prop::bool::weighted(0.9), USERS));
    let machines = vec(prop::option::weighted(0.9, prop::bool::weighted(0.9)), MACHINES);
    let roles = roles();
    let providers = some((0..PROVIDERS).map(|n| provider(n, n % 2 == 0)).collect(), 0.8);
    let rules = (12..=28_usize).prop_flat_map(|count| (0..count).map(rule).collect::<Vec<_>>());
    let duplicates = vec((any::<prop::sample::Index>(), prop::option::of(scope())), 0..4);
    let access = (rules, duplicates);
    (tree, people, machines, (access, roles), providers).prop_map(
        |(tree, (users, present), machines, (access, roles), providers)| {
            let (mut rules, duplicates) = access;
            for (of, elsewhere) in duplicates {
                let twin = of.get(&rules).clone();
                rules.push(Rule { id: rule_id(rules.len()), scope: elsewhere.unwrap_or(twin.scope), ..twin });
            }
            let (clusters, departments, projects) = tree;
            Facts {
                clusters: clusters.into_iter().map(|it| (it.id, it)).collect(),
                departments: departments.into_iter().map(|it| (it.id, it)).collect(),
                projects: projects.into_iter().map(|it| (it.id, it)).collect(),
                users: users.into_iter().zip(present).filter(|(_, present)| *present).map(|(user, _)| user).collect(),
                machines: machines.into_iter().enumerate().filter_map(|(n, it)| it.map(|on| machine(n, on))).collect(),
                rules,
                roles,
                providers,
            }
        },
    )
}

/// Facts that allow 20 to 80 % of all questions.
pub fn facts() -> impl Strategy<Value = Facts> {
    any_facts().prop_filter("a world in which nearly everything is allowed or denied tells little", |facts| {
        (20..=80).contains(&share_allowed(facts))
    })
}

/// The first worlds of a fixed sequence, the same at every run.
pub fn fixed(count: usize) -> Vec<Facts> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| facts().new_tree(&mut runner).unwrap().current()).collect()
}

/// Values of a fixed sequence.
pub fn fixed_of<S: Strategy>(strategy: &S, count: usize) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// Every identity, whether or not it may sign in.
pub fn all_identities(facts: &Facts) -> Vec<Who> {
    let machines = facts.machines.iter().map(|it| Who::named(Subject::ServiceAccount(it.client_id.clone())));
    facts.users.iter().map(Who::user).chain(machines).collect()
}

/// The permissions of some role: the others are refused to every subject, and too many.
pub fn permissions_of_roles() -> Vec<Permission> {
    let all: naive::Permissions = PredefinedRole::all().iter().flat_map(|role| role.permissions.iter()).collect();
    all.into_iter().collect()
}

/// Share of allowed decisions, in percent: every subject, every permission of some role, every scope.
fn share_allowed(facts: &Facts) -> usize {
    let existing: Vec<Scope> = scopes().into_iter().filter(|scope| naive::exists(facts, *scope)).collect();
    let lists: BTreeMap<RoleId, naive::Permissions> =
        facts.rules.iter().map(|rule| (rule.role, naive::given(facts, rule.role))).collect();
    let (mut yes, mut asked) = (0, 0);
    for who in all_identities(facts) {
        let rules: Vec<&Rule> = facts.rules.iter().filter(|rule| who.is_named_by(rule)).collect();
        for at in &existing {
            let here = rules.iter().filter(|rule| naive::at_or_below(facts, *at, rule.scope));
            let mut sum: Vec<&Permission> = here.flat_map(|rule| &lists[&rule.role]).collect();
            sum.sort_unstable();
            sum.dedup();
            yes += sum.len();
            asked += permissions_of_roles_count();
        }
    }
    (100 * yes).checked_div(asked).unwrap_or(0)
}

fn permissions_of_roles_count() -> usize {
    static COUNT: std::sync::OnceLock<usize> = std::sync::OnceLock::new();
    *COUNT.get_or_init(|| permissions_of_roles().len())
}

/// Any act, about existing and missing entities.
pub fn act() -> impl Strategy<Value = AnyAct> {
    let user_number = || 0..=USERS;
    let users = || user_number().prop_map(user_id);
    let machines = || (0..=MACHINES).prop_map(machine_id);
    let providers = || (0..=PROVIDERS).prop_map(provider_id);
    let admission = || {
        (0..=USERS, user_number(), 1..=2_i64).prop_map(|(person, n, changed)| Admission {
            binding: binding(person),
            changed: Revision::new(changed),
            email: email(&format!("u{n}")),
            groups: Some([].into()),
        })
    };
    let new_provider = (0..=PROVIDERS).prop_map(|n| {
        let Provider { alias, kind, .. } = provider(n, true);
        AnyAct::CreateProvider(CreateProvider { alias, kind })
    });
    let clusters = || (0..=CLUSTERS).prop_map(cluster_id);
    let departments = || (0..=DEPARTMENTS).prop_map(|n| rolecall_core::org::DepartmentId::new(n as i64));
    let projects = || (0..=PROJECTS).prop_map(|n| rolecall_core::org::ProjectId::new(n as i64));
    let role_id = || prop_oneof![1 => role(), 3 => (0..CUSTOM_ROLES).prop_map(custom_role_id)];
    let create_rule = (select(subjects()), role(), scope())
        .prop_map(|(subject, role, scope)| AnyAct::CreateRule(CreateRule { subject, role, scope }));
    prop_oneof![
        2 => user_number().prop_map(|n| AnyAct::CreateUser(CreateUser { email: email(&format!("u{n}")) })),
        2 => users().prop_map(|it| AnyAct::DeleteUser(DeleteUser(it))),
        2 => users().prop_map(|it| AnyAct::EnableUser(EnableUser(it))),
        1 => users().prop_map(|it| AnyAct::DisableUser(DisableUser(it))),
        2 => users().prop_map(|it| AnyAct::ResetPassword(ResetPassword(it))),
        1 => users().prop_map(|it| AnyAct::LogOutUser(LogOutUser(it))),
        1 => Just(AnyAct::ChangeOwnPassword(ChangeOwnPassword)),
        1 => Just(AnyAct::SignOut(SignOut)),
        2 => (definition(), any::<bool>()).prop_map(|(definition, enabled)| AnyAct::CreateRole(CreateRole { definition, enabled })),
        4 => (role_id(), definition(), prop::option::of(any::<bool>()))
            .prop_map(|(role, definition, enabled)| AnyAct::UpdateRole(UpdateRole { role, definition, enabled })),
        2 => role_id().prop_map(|id| AnyAct::EnableRole(EnableRole(id))),
        2 => role_id().prop_map(|id| AnyAct::DisableRole(DisableRole(id))),
        3 => role_id().prop_map(|id| AnyAct::DeleteRole(DeleteRole(id))),
        1 => Just(AnyAct::UpdatePredefinedRoles(UpdatePredefinedRoles)),
        6 => create_rule,
        6 => (0..30_usize).prop_map(|n| AnyAct::DeleteRule(DeleteRule(rule_id(n)))),
        1 => Just(AnyAct::CreateCluster(CreateCluster { name: node_name("new") })),
        1 => clusters().prop_map(|cluster| AnyAct::UpdateCluster(UpdateCluster { cluster, name: node_name("other") })),
        5 => clusters().prop_map(|it| AnyAct::DeleteCluster(DeleteCluster(it))),
        1 => clusters().prop_map(|cluster| AnyAct::CreateDepartment(CreateDepartment { cluster, name: node_name("new") })),
        1 => departments().prop_map(|department| AnyAct::UpdateDepartment(UpdateDepartment { department, name: None })),
        2 => departments().prop_map(|it| AnyAct::DeleteDepartment(DeleteDepartment(it))),
        1 => departments().prop_map(|department| AnyAct::CreateProject(CreateProject { department, name: node_name("new") })),
        1 => projects().prop_map(|project| AnyAct::UpdateProject(UpdateProject { project, name: Some(node_name("other")) })),
        2 => projects().prop_map(|it| AnyAct::DeleteProject(DeleteProject(it))),
        1 => Just(AnyAct::CreateServiceAccount(CreateServiceAccount { name: ServiceAccountName::parse("name", "new-one").unwrap() })),
        1 => machines().prop_map(|it| AnyAct::EnableServiceAccount(EnableServiceAccount(it))),
        1 => machines().prop_map(|it| AnyAct::DisableServiceAccount(DisableServiceAccount(it))),
        2 => machines().prop_map(|it| AnyAct::RenewSecret(RenewSecret(it))),
        2 => machines().prop_map(|it| AnyAct::DeleteServiceAccount(DeleteServiceAccount(it))),
        2 => new_provider,
        1 => providers().prop_map(|it| AnyAct::UpdateProvider(UpdateProvider(it))),
        2 => providers().prop_map(|it| AnyAct::DeleteProvider(DeleteProvider(it))),
        1 => providers().prop_map(|id| AnyAct::RedirectTo(RedirectTo(Some(id)))),
        1 => Just(AnyAct::RedirectTo(RedirectTo(None))),
        4 => admission().prop_map(|it| AnyAct::AdmitNewcomer(AdmitNewcomer(it))),
        4 => admission().prop_map(|it| AnyAct::AdmitUser(AdmitUser(it))),
        2 => users().prop_map(|it| AnyAct::ForgetGroups(ForgetGroups(it))),
        1 => users().prop_map(|id| AnyAct::UnbindUsers(UnbindUsers(vec![id]))),
        1 => vec(users(), 0..3).prop_map(|it| AnyAct::UnbindUsers(UnbindUsers(it))),
        // Mostly the email that the provider says.
        6 => (user_number(), user_number(), prop::bool::weighted(0.8)).prop_map(|(n, other, right)| AnyAct::ChangeEmail(ChangeEmail {
            user: user_id(n),
            email: email_there(if right { n } else { other }),
        })),
        1 => select(subjects()).prop_map(|subject| AnyAct::EndSessions(EndSessions { sessions: vec![SESSION], subject })),
        1 => Just(AnyAct::BootstrapAccount(BootstrapAccount(AccountId::new(1001)))),
        1 => user_number().prop_map(|n| AnyAct::RecoverAccess(RecoverAccess { email: email(&format!("u{n}")) })),
    ]
}

#[test]
fn the_random_worlds_are_worth_asking() {
    let worlds = fixed(40);
    let mut shares: Vec<usize> = worlds.iter().map(share_allowed).collect();
    shares.sort_unstable();
    assert!(shares.iter().all(|share| (20..=80).contains(share)), "{shares:?}");
    assert!(shares[0] < 35 && shares[39] > 50, "from the strict to the lenient: {shares:?}");

    // The count above is naive; the core's own answers have the same share.
    for (facts, share) in worlds.iter().take(3).map(|facts| (facts, share_allowed(facts))) {
        let world = facts.world();
        let (mut yes, mut asked) = (0, 0);
        let users = facts.users.iter().map(|user| world.principal_of_user(user));
        let machines = facts.machines.iter().map(|it| world.principal_of_service_account(it));
        for principal in users.chain(machines) {
            for scope in scopes().into_iter().filter(|scope| naive::exists(facts, *scope)) {
                for permission in permissions_of_roles() {
                    asked += 1;
                    yes += usize::from(principal.may(permission, scope));
                }
            }
        }
        assert_eq!(100 * yes / asked, share);
    }

    // Each of these cases occurs, so that no property holds for lack of cases.
    let has = |what: &str, holds: fn(&Facts) -> bool| {
        let count = worlds.iter().filter(|facts| holds(facts)).count();
        assert!(count >= 4, "{what}: only in {count} of 40 worlds");
    };
    has("a disabled user with rules", |facts| {
        facts.users.iter().any(|user| !user.enabled && facts.rules.iter().any(|rule| Who::user(user).is_named_by(rule)))
    });
    has("a rule that holds by a group only", |facts| {
        facts.users.iter().any(|user| {
            user.groups.iter().any(|it| facts.rules.iter().any(|rule| rule.subject == Subject::Group(it.clone())))
        })
    });
    has("a disabled machine with rules", |facts| {
        facts.machines.iter().any(|it| {
            let name = Subject::ServiceAccount(it.client_id.clone());
            !it.enabled && facts.rules.iter().any(|rule| rule.subject == name)
        })
    });
    has("a user who is in a group twice", |facts| {
        facts.users.iter().any(|user| (1..user.groups.len()).any(|at| user.groups[..at].contains(&user.groups[at])))
    });
    has("a rule for a name without an identity", |facts| {
        facts.rules.iter().any(|rule| match &rule.subject {
            Subject::User(email) => facts.users.iter().all(|user| user.email != *email),
            _ => false,
        })
    });
    has("a rule for a group that is named like a user", |facts| {
        facts.rules.iter().any(|rule| rule.subject == Subject::Group(group("u0@example.com")))
    });
    has("a rule for a machine", |facts| {
        facts
            .machines
            .iter()
            .any(|it| facts.rules.iter().any(|rule| rule.subject == Subject::ServiceAccount(it.client_id.clone())))
    });
    has("a rule in a scope that is not there", |facts| {
        facts.rules.iter().any(|rule| !naive::exists(facts, rule.scope))
    });
    has("a rule with a role that is not there", |facts| {
        facts.rules.iter().any(|rule| !facts.roles.contains_key(&rule.role))
    });
    has("a rule with a disabled role", |facts| {
        facts.rules.iter().any(|rule| facts.roles.get(&rule.role).is_some_and(|role| !role.enabled))
    });
    has("a rule with a role of the organization's own", |facts| {
        facts.rules.iter().any(|rule| facts.roles.get(&rule.role).is_some_and(|role| role.custom && role.enabled))
    });
    has("the same role at two levels", |facts| {
        facts.rules.iter().any(|a| {
            facts.rules.iter().any(|b| a.subject == b.subject && a.role == b.role && a.scope.kind() < b.scope.kind())
        })
    });
    has("the same rule twice", |facts| {
        facts.rules.iter().any(|a| facts.rules.iter().any(|b| a.id != b.id && Rule { id: b.id, ..a.clone() } == *b))
    });
    has("a way in", |facts| !naive::ways_in(facts).is_empty());
    has("no way in", |facts| naive::ways_in(facts).is_empty());
    has("just one way in", |facts| naive::ways_in(facts).len() == 1);
}
