//! Internals of a world: indexes without leftovers.

use super::*;
use crate::access::{Rule, RuleId};
use crate::catalogue::RoleId;
use crate::identity::{Credential, GroupName, ServiceAccountName, SubjectKind, User};
use crate::org::{AccountId, NodeName, ScopePath};
use uuid::Uuid;

fn world() -> World {
    World::empty(Account { id: AccountId::new(1001), name: NodeName::parse("name", "account").unwrap() })
}

fn email(name: &str) -> Email {
    Email::parse("email", &format!("{name}@example.com")).unwrap()
}

fn group(name: &str) -> GroupName {
    GroupName::parse("group", name).unwrap()
}

fn user(name: &str, id: u128) -> User {
    User {
        id: UserId::new(Uuid::from_u128(id)),
        email: email(name),
        enabled: true,
        credential: Credential::Own,
        groups: [].into(),
        binding: None,
        email_there: None,
    }
}

fn admin_rule(id: i32, name: &str) -> Rule {
    Rule {
        id: RuleId::new(id),
        subject: Subject::User(email(name)),
        role: RoleId::SYSTEM_ADMINISTRATOR,
        scope: Scope::Account,
    }
}

fn session(id: u128) -> SessionId {
    SessionId::new(Uuid::from_u128(id))
}

fn ended(id: u128, at: i64, until: i64) -> Change {
    Change::SessionEnded { id: session(id), at: Timestamp::from_millis(at), until: Timestamp::from_millis(until) }
}

fn after(world: &World, changes: &[Change]) -> World {
    world.apply(world.revision().next(), changes)
}

#[test]
fn what_goes_leaves_nothing_behind() {
    let cluster = ClusterId::new(Uuid::from_u128(9));
    let (department, project) = (DepartmentId::new(1), ProjectId::new(2));
    let name = || NodeName::parse("name", "node").unwrap();
    let machine = ServiceAccount {
        id: ServiceAccountId::new(Uuid::from_u128(3)),
        client_id: ClientId::parse("clientId", "ci").unwrap(),
        name: ServiceAccountName::parse("name", "ci").unwrap(),
        enabled: true,
    };
    let full = after(
        &world(),
        &[
            Change::UserSet(User { groups: [group("dev")].into(), ..user("ana", 1) }),
            Change::ServiceAccountSet(machine.clone()),
            Change::ClusterSet(Cluster { id: cluster, name: name(), default_department: department }),
            Change::DepartmentSet(Department { id: department, name: name(), cluster }),
            Change::ProjectSet(Project { id: project, name: name(), department }),
            Change::RuleSet(admin_rule(1, "ana")),
            Change::RuleSet(Rule { scope: Scope::Project(project), ..admin_rule(2, "ana") }),
        ],
    );
    assert_eq!(full.rules().count(), 2);
    let bare = after(
        &full,
        &[
            Change::RuleGone { id: RuleId::new(1) },
            Change::RuleGone { id: RuleId::new(2) },
            Change::ProjectGone { id: project },
            Change::DepartmentGone { id: department },
            Change::ClusterGone { id: cluster },
            Change::ServiceAccountGone { client_id: machine.client_id },
            Change::UserGone { email: email("ana") },
        ],
    );
    let sizes = |world: &World| {
        [
            world.clusters.len(),
            world.departments.len(),
            world.projects.len(),
            world.departments_of.len(),
            world.projects_of.len(),
            world.users.len(),
            world.users_by_id.len(),
            world.groups.len().0,
            world.groups.len().1,
            world.service_accounts.len(),
            world.service_accounts_by_id.len(),
            world.rules.iter().count(),
            world.scope_indexes.len().0,
            world.scope_indexes.len().1,
            world.administrators.len(),
        ]
    };
    assert_eq!(sizes(&full), [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 3, 1], "the old world stays as it was");
    assert_eq!(sizes(&bare), [0; 15]);
}

#[test]
fn an_id_never_leads_to_a_later_user_of_the_same_name() {
    let before = after(&world(), &[Change::UserSet(user("ana", 1))]);
    let replaced = after(&before, &[Change::UserSet(user("ana", 2))]);
    assert_eq!(replaced.user_by_id(UserId::new(Uuid::from_u128(1))), None);
    assert_eq!(replaced.user_by_id(UserId::new(Uuid::from_u128(2))), replaced.user(&email("ana")));
    let renamed = after(&before, &[Change::UserSet(user("bea", 1))]);
    assert_eq!(renamed.user(&email("ana")), None, "one id is one user");
    assert_eq!(renamed.user_by_id(UserId::new(Uuid::from_u128(1))), renamed.user(&email("bea")));
}

#[test]
fn the_same_user_stated_again_is_the_newer_statement() {
    let groups = [group("dev")].into();
    let newer = User { enabled: false, groups, ..user("ana", 1) };
    let world = after(&world(), &[Change::UserSet(user("ana", 1)), Change::UserSet(newer.clone())]);
    assert_eq!(world.users().collect::<Vec<_>>(), [&newer]);
}

#[test]
fn administrators_stay_while_any_of_their_rules_does() {
    let names = |world: &World| world.administrators().map(ToString::to_string).collect::<Vec<_>>();
    let twice = after(
        &world(),
        &[
            Change::RuleSet(admin_rule(1, "ana")),
            Change::RuleSet(admin_rule(2, "ana")),
            Change::RuleSet(admin_rule(3, "bea")),
        ],
    );
    assert_eq!(names(&twice), ["ana@example.com", "bea@example.com"]);
    let once = after(&twice, &[Change::RuleGone { id: RuleId::new(1) }]);
    assert_eq!(names(&once), ["ana@example.com", "bea@example.com"], "the duplicate still makes bea one");
    let same = after(&once, &[Change::RuleGone { id: RuleId::new(1) }]);
    assert_eq!(names(&same), ["ana@example.com", "bea@example.com"]);
    let none = after(&once, &[Change::RuleGone { id: RuleId::new(2) }]);
    assert_eq!(names(&none), ["bea@example.com"]);
    let moved = after(&twice, &[Change::RuleSet(admin_rule(3, "eva"))]);
    assert_eq!(names(&moved), ["ana@example.com", "eva@example.com"], "a rule that names another now");
}

#[test]
fn other_rules_make_no_administrators() {
    let cluster = ClusterId::new(Uuid::from_u128(9));
    let group = GroupName::parse("group", "ana@example.com").unwrap();
    let client = ClientId::parse("clientId", "ci").unwrap();
    let world = after(
        &world(),
        &[
            Change::RuleSet(Rule { scope: Scope::Cluster(cluster), ..admin_rule(1, "ana") }),
            Change::RuleSet(Rule { role: RoleId::new(3), ..admin_rule(2, "ana") }),
            Change::RuleSet(Rule { subject: Subject::Group(group), ..admin_rule(3, "ana") }),
            Change::RuleSet(Rule { subject: Subject::ServiceAccount(client), ..admin_rule(4, "ana") }),
        ],
    );
    assert_eq!(world.administrators().count(), 0);
}

#[test]
fn ended_sessions_are_forgotten_once_their_tokens_have_expired() {
    let first = after(&world(), &[ended(1, 100, 200), ended(2, 150, 250)]);
    assert!(first.session_has_ended(session(1)) && first.session_has_ended(session(2)));
    assert!(!first.session_has_ended(session(3)));
    let at_the_end = after(&first, &[ended(3, 200, 300)]);
    assert!(at_the_end.session_has_ended(session(1)), "its last token expires only now");
    let past_it = after(&at_the_end, &[ended(4, 201, 301)]);
    assert!(!past_it.session_has_ended(session(1)));
    assert!(past_it.session_has_ended(session(2)) && past_it.session_has_ended(session(3)));
    assert_eq!(past_it.ended_sessions.len(), past_it.ended_sessions_by_time.len());
}

#[test]
fn a_session_that_ended_twice_stays_ended_until_the_later_time() {
    let twice = after(&world(), &[ended(1, 100, 200), ended(1, 150, 400)]);
    let later = after(&twice, &[ended(2, 300, 500)]);
    assert!(later.session_has_ended(session(1)), "the first end must not take the second away");
    let shorter = after(&twice, &[ended(1, 160, 170), ended(2, 300, 500)]);
    assert!(shorter.session_has_ended(session(1)));
    let past_it = after(&later, &[ended(3, 401, 600)]);
    assert!(!past_it.session_has_ended(session(1)));
    assert_eq!(past_it.ended_sessions.len(), past_it.ended_sessions_by_time.len());
}

#[test]
fn below_what_is_gone_there_is_nothing() {
    let cluster = ClusterId::new(Uuid::from_u128(9));
    let (department, project) = (DepartmentId::new(1), ProjectId::new(2));
    let name = || NodeName::parse("name", "node").unwrap();
    let tree = after(
        &world(),
        &[
            Change::ClusterSet(Cluster { id: cluster, name: name(), default_department: department }),
            Change::DepartmentSet(Department { id: department, name: name(), cluster }),
            Change::ProjectSet(Project { id: project, name: name(), department }),
        ],
    );
    assert_eq!(tree.path_of(Scope::Project(project)).as_deref(), Some("account/node/node/node"));
    for gone in [Change::ClusterGone { id: cluster }, Change::DepartmentGone { id: department }] {
        let cut = after(&tree, &[gone]);
        assert_eq!(cut.scope_path(Scope::Project(project)), None);
        assert_eq!(cut.path_of(Scope::Project(project)), None);
    }
    let cut = after(&tree, &[Change::ClusterGone { id: cluster }]);
    assert_eq!(cut.scope_path(Scope::Department(department)), None);
}

#[test]
fn nodes_are_found_by_what_they_are_called_now() {
    let cluster = ClusterId::new(Uuid::from_u128(9));
    let name = |name: &str| NodeName::parse("name", name).unwrap();
    let department = |id: i64, called: &str| {
        Change::DepartmentSet(Department { id: DepartmentId::new(id), name: name(called), cluster })
    };
    let (one, two) = (Scope::Department(DepartmentId::new(1)), Scope::Department(DepartmentId::new(2)));
    let above = Scope::Cluster(cluster);
    let called = |world: &World, it: &str| world.child_named(above, name(it));

    let begun = after(
        &world(),
        &[
            Change::ClusterSet(Cluster { id: cluster, name: name("berlin"), default_department: DepartmentId::new(1) }),
            department(1, "research"),
            department(2, "sales"),
        ],
    );
    assert_eq!(begun.child_named(Scope::Account, name("berlin")), Some(above));
    assert_eq!((called(&begun, "research"), called(&begun, "sales")), (Some(one), Some(two)));
    assert_eq!(begun.child_named(Scope::Account, name("research")), None);

    let swapped = after(&begun, &[department(1, "sales"), department(2, "research")]);
    assert_eq!((called(&swapped, "research"), called(&swapped, "sales")), (Some(two), Some(one)));
    assert_eq!(called(&begun, "research"), Some(one), "who still reads the world before");

    let gone = after(&swapped, &[department(1, "support"), Change::DepartmentGone { id: DepartmentId::new(2) }]);
    assert_eq!((called(&gone, "research"), called(&gone, "sales"), called(&gone, "support")), (None, None, Some(one)));
    let gone =
        after(&gone, &[Change::DepartmentGone { id: DepartmentId::new(1) }, Change::ClusterGone { id: cluster }]);
    assert!(gone.by_name.is_empty());
}

#[test]
fn a_number_stands_for_one_place_as_long_as_anything_means_it() {
    let (cluster, department) = (ClusterId::new(Uuid::from_u128(9)), DepartmentId::new(1));
    let name = |name: &str| NodeName::parse("name", name).unwrap();
    let project = |id: i64| Scope::Project(ProjectId::new(id));
    let project_set =
        |id: i64| Change::ProjectSet(Project { id: ProjectId::new(id), name: name(&format!("p{id}")), department });
    let gone = |id: i64| Change::ProjectGone { id: ProjectId::new(id) };
    let in_project = |rule: i32, id: i64| Change::RuleSet(Rule { scope: project(id), ..admin_rule(rule, "ana") });
    let scopes = |world: &World| world.rules().map(|rule| rule.scope).collect::<Vec<_>>();

    // Children before their parents: they exist once the parents do.
    let begun = after(&world(), &[project_set(2), in_project(1, 2)]);
    assert_eq!((begun.scope_path(project(2)), scopes(&begun)), (None, vec![project(2)]));
    let begun = after(
        &begun,
        &[
            Change::DepartmentSet(Department { id: department, name: name("d"), cluster }),
            Change::ClusterSet(Cluster { id: cluster, name: name("c"), default_department: department }),
        ],
    );
    let below =
        |id: i64| ScopePath { cluster: Some(cluster), department: Some(department), project: Some(ProjectId::new(id)) };
    assert_eq!(begun.scope_path(project(2)), Some(below(2)));

    // The project is deleted and its rule stays, so the next project gets another index. When the rule is deleted too,
    // the third reuses its index.
    let next = after(&begun, &[gone(2), project_set(3), in_project(2, 3)]);
    assert_eq!((next.scope_path(project(2)), scopes(&next)), (None, vec![project(2), project(3)]));
    let third = after(&next, &[Change::RuleGone { id: RuleId::new(1) }, project_set(4), in_project(3, 4)]);
    assert_eq!(third.scope_indexes.len(), next.scope_indexes.len());
    assert_eq!(scopes(&third), [project(3), project(4)]);
    assert_eq!((third.scope_path(project(3)), third.scope_path(project(4))), (Some(below(3)), Some(below(4))));
    assert_eq!(scopes(&next), [project(2), project(3)], "who still reads the world before");
}

#[test]
fn a_name_is_found_as_it_is_spelled_here_and_in_no_other_way() {
    let teams: [GroupName; 3] = [group("b"), group("a"), group("b")];
    let ana = User { groups: teams.into(), ..user("ana", 1) };
    let machine = ServiceAccount {
        id: ServiceAccountId::new(Uuid::from_u128(3)),
        client_id: ClientId::parse("clientId", "ci").unwrap(),
        name: ServiceAccountName::parse("name", "ci").unwrap(),
        enabled: false,
    };
    let world = after(&world(), &[Change::UserSet(ana), Change::ServiceAccountSet(machine)]);
    let known = |kind, name: &str| {
        let principal = world.principal_named(kind, name)?;
        assert_eq!(principal.subject(), &Subject::parse("subject", kind, name).unwrap());
        Some((principal.subjects().count(), principal.is_disabled()))
    };
    assert_eq!(known(SubjectKind::User, "ana@example.com"), Some((4, false)));
    assert_eq!(known(SubjectKind::Group, "a"), Some((1, false)));
    assert_eq!(known(SubjectKind::ServiceAccount, "ci"), Some((1, true)));
    for (kind, name) in [
        (SubjectKind::User, "Ana@example.com"),
        (SubjectKind::User, "a"),
        (SubjectKind::User, ""),
        (SubjectKind::Group, "A"),
        (SubjectKind::Group, "ci"),
        (SubjectKind::ServiceAccount, "ana@example.com"),
    ] {
        assert_eq!(known(kind, name), None, "{name}");
    }
}
