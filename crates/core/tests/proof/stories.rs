//! Stories of one organization: the callers, their requests and the answers.
//!
//! ```text
//! acme ─┬─ paris ─┬─ default      (empty)
//!       │         ├─ research ─┬─ vision
//!       │         │            └─ speech
//!       │         └─ sales ────── forecast
//!       └─ oslo ──── ops ──────── metrics
//! ```

use rolecall_core::access::{Actor, Rule, Sight};
use rolecall_core::acts::{
    Act, AnyAct, BootstrapAccount, ChangeOwnPassword, CreateCluster, CreateDepartment, CreateProject, CreateRule,
    CreateServiceAccount, CreateUser, DeleteCluster, DeleteDepartment, DeleteProject, DeleteRule, DeleteServiceAccount,
    DeleteUser, DisableServiceAccount, DisableUser, EnableServiceAccount, EnableUser, EndSessions, EntityKind,
    LogOutUser, RecoverAccess, RenewSecret, ResetPassword, SignOut, UpdateCluster, UpdateDepartment, UpdateProject,
};
use rolecall_core::catalogue::{Action, Permission, ResourceType, RoleId};
use rolecall_core::identity::{Credential, ServiceAccount, ServiceAccountName, Subject, User, UserId};
use rolecall_core::org::{
    AccountId, Cluster, ClusterId, Department, DepartmentId, NodeName, Project, ProjectId, Scope,
};
use rolecall_core::{Change, Error, ErrorKind, Revision, Timestamp, World};

use crate::facts::{
    SESSION, actor, asked, client, cluster_id, email, empty_world, group, machine, machine_actor, machine_id,
    node_name, rule_id, user_id,
};

const DEFAULT: DepartmentId = DepartmentId::new(1);
const RESEARCH: DepartmentId = DepartmentId::new(2);
const SALES: DepartmentId = DepartmentId::new(3);
const OPS: DepartmentId = DepartmentId::new(4);
const VISION: ProjectId = ProjectId::new(11);
const SPEECH: ProjectId = ProjectId::new(12);
const FORECAST: ProjectId = ProjectId::new(13);
const METRICS: ProjectId = ProjectId::new(14);

const ADMIN: RoleId = RoleId::new(1);
const L1: RoleId = RoleId::new(5);
const VIEWER: RoleId = RoleId::new(7);
const EDITOR: RoleId = RoleId::new(3);
const DEPARTMENT_ADMIN: RoleId = RoleId::new(1710);

const PEOPLE: [&str; 6] = ["root", "rita", "sam", "vera", "lee", "sue"];

fn paris() -> ClusterId {
    cluster_id(1)
}

fn oslo() -> ClusterId {
    cluster_id(2)
}

fn id_of(name: &str) -> UserId {
    user_id(PEOPLE.iter().position(|it| *it == name).unwrap())
}

fn person(name: &str) -> User {
    User {
        id: id_of(name),
        email: email(name),
        enabled: true,
        credential: Credential::Own,
        groups: [].into(),
        binding: None,
        email_there: None,
    }
}

fn subject(name: &str) -> Subject {
    Subject::User(email(name))
}

fn rule(id: usize, subject: Subject, role: RoleId, scope: Scope) -> Change {
    Change::RuleSet(Rule { id: rule_id(id), subject, role, scope })
}

fn name(text: &str) -> NodeName {
    node_name(text)
}

/// root administers the account; rita research, sam sales; vera is a viewer in paris; lee works in vision through the
/// group of researchers; sue is in that group too, with single sign-on; machine 0 edits research, machine 1 nothing.
fn acme() -> World {
    let cluster =
        |id, text, default_department| Change::ClusterSet(Cluster { id, name: name(text), default_department });
    let department = |id, text, cluster| Change::DepartmentSet(Department { id, name: name(text), cluster });
    let project = |id, text, department| Change::ProjectSet(Project { id, name: name(text), department });
    let researchers = || [group("researchers")].into();
    let changes = [
        cluster(paris(), "paris", DEFAULT),
        cluster(oslo(), "oslo", OPS),
        department(DEFAULT, "default", paris()),
        department(RESEARCH, "research", paris()),
        department(SALES, "sales", paris()),
        department(OPS, "ops", oslo()),
        project(VISION, "vision", RESEARCH),
        project(SPEECH, "speech", RESEARCH),
        project(FORECAST, "forecast", SALES),
        project(METRICS, "metrics", OPS),
        Change::UserSet(person("root")),
        Change::UserSet(person("rita")),
        Change::UserSet(person("sam")),
        Change::UserSet(person("vera")),
        Change::UserSet(User { groups: researchers(), ..person("lee") }),
        Change::UserSet(User { groups: researchers(), credential: Credential::External, ..person("sue") }),
        Change::ServiceAccountSet(machine(0, true)),
        Change::ServiceAccountSet(machine(1, true)),
        rule(1, subject("root"), ADMIN, Scope::Account),
        rule(2, subject("rita"), DEPARTMENT_ADMIN, Scope::Department(RESEARCH)),
        rule(3, subject("sam"), DEPARTMENT_ADMIN, Scope::Department(SALES)),
        rule(4, subject("vera"), VIEWER, Scope::Cluster(paris())),
        rule(5, Subject::Group(group("researchers")), L1, Scope::Project(VISION)),
        rule(6, Subject::ServiceAccount(client("m0")), EDITOR, Scope::Department(RESEARCH)),
    ];
    empty_world().apply(Revision::new(1), &changes)
}

fn after(world: &World, change: Change) -> World {
    world.apply(world.revision().next(), [&change])
}

fn who(name: &str) -> Actor {
    actor(&person(name))
}

fn refusal(world: &World, actor: &Actor, act: AnyAct) -> Error {
    match asked(world, actor, act) {
        Err(error) => error,
        Ok(permit) => panic!("{permit:?} was given"),
    }
}

fn grant(to: &str, role: RoleId, scope: Scope) -> AnyAct {
    AnyAct::CreateRule(CreateRule { subject: subject(to), role, scope })
}

fn renamed(project: ProjectId) -> AnyAct {
    AnyAct::UpdateProject(UpdateProject { project, name: Some(name("other")) })
}

fn new_project(department: DepartmentId) -> AnyAct {
    AnyAct::CreateProject(CreateProject { department, name: name("new") })
}

#[test]
fn a_department_administrator_runs_their_branch() {
    let world = acme();
    let rita = who("rita");
    for act in [
        new_project(RESEARCH),
        renamed(VISION),
        AnyAct::DeleteProject(DeleteProject(VISION)),
        grant("lee", L1, Scope::Department(RESEARCH)),
        grant("lee", VIEWER, Scope::Project(SPEECH)),
        grant("new.colleague", DEPARTMENT_ADMIN, Scope::Department(RESEARCH)),
        AnyAct::DeleteRule(DeleteRule(rule_id(5))),
        AnyAct::DeleteRule(DeleteRule(rule_id(2))),
    ] {
        assert!(asked(&world, &rita, act.clone()).is_ok(), "{act:?}");
    }
}

#[test]
fn to_two_department_administrators_the_other_branch_does_not_exist() {
    let world = acme();
    for (caller, department, project, rule) in [("rita", SALES, FORECAST, 3), ("sam", RESEARCH, VISION, 2)] {
        for act in [
            new_project(department),
            renamed(project),
            AnyAct::UpdateDepartment(UpdateDepartment { department, name: None }),
            AnyAct::UpdateCluster(UpdateCluster { cluster: oslo(), name: name("other") }),
            AnyAct::DeleteProject(DeleteProject(project)),
            AnyAct::DeleteDepartment(DeleteDepartment(department)),
            grant("lee", L1, Scope::Department(department)),
            grant(caller, DEPARTMENT_ADMIN, Scope::Project(project)),
            AnyAct::DeleteRule(DeleteRule(rule_id(rule))),
            AnyAct::DeleteRule(DeleteRule(rule_id(1))),
            AnyAct::DeleteCluster(DeleteCluster(oslo())),
            new_project(OPS),
        ] {
            assert_eq!(refusal(&world, &who(caller), act.clone()).kind, ErrorKind::NotFound, "{caller}: {act:?}");
        }
    }
    let hidden = refusal(&world, &who("rita"), AnyAct::DeleteProject(DeleteProject(FORECAST))).message;
    assert_eq!(hidden, "there is no project 13", "and its name is not told");
}

#[test]
fn a_department_administrator_cannot_change_what_they_see_above() {
    let world = acme();
    let principal = world.principal(&who("rita")).unwrap();
    for (scope, sight) in [
        (Scope::Account, Some(Sight::Name)),
        (Scope::Cluster(paris()), Some(Sight::Name)),
        (Scope::Department(RESEARCH), Some(Sight::Full)),
        (Scope::Project(VISION), Some(Sight::Full)),
        (Scope::Department(SALES), None),
        (Scope::Project(FORECAST), None),
        (Scope::Cluster(oslo()), None),
    ] {
        assert_eq!(principal.sight(scope), sight, "{scope}");
    }
    for act in [
        grant("rita", VIEWER, Scope::Cluster(paris())),
        grant("rita", VIEWER, Scope::Account),
        AnyAct::UpdateCluster(UpdateCluster { cluster: paris(), name: name("other") }),
        AnyAct::DeleteCluster(DeleteCluster(paris())),
        AnyAct::CreateDepartment(CreateDepartment { cluster: paris(), name: name("new") }),
        AnyAct::UpdateDepartment(UpdateDepartment { department: RESEARCH, name: None }),
        AnyAct::DeleteDepartment(DeleteDepartment(RESEARCH)),
    ] {
        let error = refusal(&world, &who("rita"), act.clone());
        assert_eq!(error.kind, ErrorKind::Forbidden, "{act:?}");
        assert!(error.message.contains("you need "), "{}", error.message);
    }
}

#[test]
fn a_department_administrator_grants_no_more_than_they_have() {
    let world = acme();
    for role in [ADMIN, EDITOR, RoleId::new(1708)] {
        let error = refusal(&world, &who("rita"), grant("rita", role, Scope::Department(RESEARCH)));
        assert_eq!(error.kind, ErrorKind::Forbidden);
        assert!(error.message.contains("you can grant or remove only permissions that you have"), "{}", error.message);
    }
    let taken = refusal(&world, &who("rita"), AnyAct::DeleteRule(DeleteRule(rule_id(6))));
    assert_eq!(taken.kind, ErrorKind::Forbidden, "machine 0 is an editor there, which is more than they have");
    assert_eq!(
        refusal(&world, &who("rita"), grant("lee", RoleId::new(2), Scope::Department(RESEARCH))).kind,
        ErrorKind::Invalid
    );
    let again = refusal(&world, &who("rita"), grant("Rita", DEPARTMENT_ADMIN, Scope::Department(RESEARCH)));
    assert_eq!(again.kind, ErrorKind::Conflict);
    assert!(again.message.contains("already exists"), "{}", again.message);
}

#[test]
fn a_department_administrator_sees_users_and_has_no_power_over_them() {
    let world = acme();
    for act in [
        AnyAct::ResetPassword(ResetPassword(id_of("lee"))),
        AnyAct::DeleteUser(DeleteUser(id_of("lee"))),
        AnyAct::DisableUser(DisableUser(id_of("root"))),
        AnyAct::LogOutUser(LogOutUser(id_of("sam"))),
        AnyAct::CreateUser(CreateUser { email: email("new") }),
        AnyAct::EnableServiceAccount(EnableServiceAccount(machine_id(1))),
        AnyAct::DisableServiceAccount(DisableServiceAccount(machine_id(0))),
        AnyAct::RenewSecret(RenewSecret(machine_id(1))),
        AnyAct::DeleteServiceAccount(DeleteServiceAccount(machine_id(0))),
        AnyAct::CreateServiceAccount(CreateServiceAccount {
            name: ServiceAccountName::parse("name", "new-one").unwrap(),
        }),
    ] {
        assert_eq!(refusal(&world, &who("rita"), act.clone()).kind, ErrorKind::Forbidden, "{act:?}");
    }
    assert_eq!(
        refusal(&world, &who("rita"), AnyAct::ResetPassword(ResetPassword(user_id(99)))).kind,
        ErrorKind::NotFound
    );
}

#[test]
fn the_system_administrator_has_every_permission_of_any_subject() {
    let world = acme();
    for act in [
        AnyAct::CreateUser(CreateUser { email: email("new") }),
        AnyAct::DeleteUser(DeleteUser(id_of("rita"))),
        AnyAct::ResetPassword(ResetPassword(id_of("root"))),
        AnyAct::DisableUser(DisableUser(id_of("sue"))),
        AnyAct::LogOutUser(LogOutUser(id_of("lee"))),
        AnyAct::ChangeOwnPassword(ChangeOwnPassword),
        AnyAct::SignOut(SignOut),
        AnyAct::CreateCluster(CreateCluster { name: name("rome") }),
        AnyAct::UpdateCluster(UpdateCluster { cluster: paris(), name: name("lyon") }),
        AnyAct::CreateDepartment(CreateDepartment { cluster: oslo(), name: name("new") }),
        AnyAct::UpdateDepartment(UpdateDepartment { department: DEFAULT, name: Some(name("rest")) }),
        renamed(METRICS),
        AnyAct::DeleteProject(DeleteProject(METRICS)),
        AnyAct::DeleteDepartment(DeleteDepartment(DEFAULT)),
        AnyAct::DeleteRule(DeleteRule(rule_id(1))),
        AnyAct::DisableServiceAccount(DisableServiceAccount(machine_id(0))),
        AnyAct::RenewSecret(RenewSecret(machine_id(0))),
        AnyAct::DeleteServiceAccount(DeleteServiceAccount(machine_id(1))),
        grant("rita", ADMIN, Scope::Account),
        grant("rita", RoleId::new(2256), Scope::Project(METRICS)),
    ] {
        assert!(asked(&world, &who("root"), act.clone()).is_ok(), "{act:?}");
    }
}

#[test]
fn what_makes_no_sense_is_refused_to_the_system_administrator_too() {
    let world = acme();
    for (act, kind) in [
        (AnyAct::CreateUser(CreateUser { email: email("LEE") }), ErrorKind::Conflict),
        (AnyAct::ResetPassword(ResetPassword(id_of("sue"))), ErrorKind::Invalid),
        (AnyAct::DeleteCluster(DeleteCluster(paris())), ErrorKind::Conflict),
        (AnyAct::DeleteCluster(DeleteCluster(oslo())), ErrorKind::Conflict),
        (AnyAct::DeleteDepartment(DeleteDepartment(RESEARCH)), ErrorKind::Conflict),
        (AnyAct::DeleteProject(DeleteProject(ProjectId::new(2))), ErrorKind::NotFound),
        (AnyAct::DeleteRule(DeleteRule(rule_id(77))), ErrorKind::NotFound),
        (grant("lee", RoleId::new(2), Scope::Account), ErrorKind::Invalid),
        (grant("lee", L1, Scope::Cluster(cluster_id(9))), ErrorKind::NotFound),
        (grant("root", ADMIN, Scope::Account), ErrorKind::Conflict),
        (AnyAct::BootstrapAccount(BootstrapAccount(AccountId::new(1001))), ErrorKind::Forbidden),
        (AnyAct::RecoverAccess(RecoverAccess { email: email("root") }), ErrorKind::Forbidden),
        (AnyAct::EndSessions(EndSessions { sessions: vec![SESSION], subject: subject("lee") }), ErrorKind::Forbidden),
    ] {
        assert_eq!(refusal(&world, &who("root"), act.clone()).kind, kind, "{act:?}");
    }
    let full = refusal(&world, &who("root"), AnyAct::DeleteDepartment(DeleteDepartment(RESEARCH))).message;
    assert!(full.contains("research") && full.contains("vision"), "what is in the way: {full}");
}

#[test]
fn a_cluster_takes_its_empty_default_department_along_and_nothing_else() {
    let world = after(&acme(), Change::ProjectGone { id: METRICS });
    assert!(asked(&world, &who("root"), AnyAct::DeleteCluster(DeleteCluster(oslo()))).is_ok());
    assert_eq!(world.falls_with(Scope::Cluster(oslo())), [Scope::Department(OPS), Scope::Cluster(oslo())]);
    assert_eq!(world.falls_with(Scope::Department(RESEARCH)), [Scope::Department(RESEARCH)]);
    let without_default = after(&world, Change::DepartmentGone { id: OPS });
    assert_eq!(without_default.falls_with(Scope::Cluster(oslo())), [Scope::Cluster(oslo())]);
    let elsewhere = Cluster { id: oslo(), name: name("oslo"), default_department: SALES };
    let confused = after(&without_default, Change::ClusterSet(elsewhere));
    assert_eq!(confused.falls_with(Scope::Cluster(oslo())), [Scope::Cluster(oslo())], "never another cluster's");
    assert!(
        asked(&confused, &who("root"), AnyAct::DeleteCluster(DeleteCluster(oslo()))).is_ok(),
        "sales is none of its business"
    );
}

#[test]
fn a_system_administrator_of_a_cluster_is_none_of_the_account() {
    let world = after(&acme(), rule(20, subject("vera"), ADMIN, Scope::Cluster(paris())));
    let vera = who("vera");
    assert!(asked(&world, &vera, grant("lee", ADMIN, Scope::Cluster(paris()))).is_ok());
    assert!(asked(&world, &vera, AnyAct::DeleteDepartment(DeleteDepartment(DEFAULT))).is_ok());
    for act in [
        AnyAct::CreateUser(CreateUser { email: email("new") }),
        AnyAct::ResetPassword(ResetPassword(id_of("lee"))),
        AnyAct::ResetPassword(ResetPassword(id_of("root"))),
        AnyAct::RenewSecret(RenewSecret(machine_id(0))),
        AnyAct::CreateCluster(CreateCluster { name: name("rome") }),
        grant("vera", ADMIN, Scope::Account),
    ] {
        assert_eq!(refusal(&world, &vera, act.clone()).kind, ErrorKind::Forbidden, "{act:?}");
    }
    assert!(!world.administrators().any(|it| *it == email("vera")));
}

#[test]
fn a_viewer_looks_on() {
    let world = acme();
    let vera = world.principal(&who("vera")).unwrap();
    let read = |resource_type| Permission::new(resource_type, Action::Read);
    assert!(vera.may(read(ResourceType::Workloads), Scope::Project(VISION)));
    assert!(!vera.may(read(ResourceType::Workloads), Scope::Project(METRICS)));
    assert!(!vera.may(read(ResourceType::Users), Scope::Cluster(paris())));
    assert!(!vera.may_somewhere(read(ResourceType::AccessRules)));
    for (act, kind) in [
        (AnyAct::DeleteProject(DeleteProject(VISION)), ErrorKind::Forbidden),
        (renamed(VISION), ErrorKind::Forbidden),
        (renamed(METRICS), ErrorKind::NotFound),
        (new_project(RESEARCH), ErrorKind::Forbidden),
        (grant("vera", VIEWER, Scope::Project(VISION)), ErrorKind::Forbidden),
        (AnyAct::DeleteRule(DeleteRule(rule_id(4))), ErrorKind::Forbidden), // their own, which they see
        (AnyAct::DeleteRule(DeleteRule(rule_id(2))), ErrorKind::NotFound),
        (AnyAct::DeleteProject(DeleteProject(METRICS)), ErrorKind::NotFound),
        (AnyAct::ResetPassword(ResetPassword(id_of("lee"))), ErrorKind::NotFound),
        (AnyAct::RenewSecret(RenewSecret(machine_id(0))), ErrorKind::NotFound),
        (AnyAct::CreateUser(CreateUser { email: email("new") }), ErrorKind::Forbidden),
        (AnyAct::CreateUser(CreateUser { email: email("lee") }), ErrorKind::Forbidden), // not `Conflict`: the caller may not create users
    ] {
        assert_eq!(refusal(&world, &who("vera"), act.clone()).kind, kind, "{act:?}");
    }
    assert!(asked(&world, &who("vera"), AnyAct::ChangeOwnPassword(ChangeOwnPassword)).is_ok());
    assert!(asked(&world, &who("vera"), AnyAct::SignOut(SignOut)).is_ok());
}

#[test]
fn a_service_account_is_bound_by_its_rules_like_a_user() {
    let world = acme();
    let (editor, idle) = (machine_actor(&machine(0, true)), machine_actor(&machine(1, true)));
    assert!(asked(&world, &editor, new_project(RESEARCH)).is_ok());
    assert!(asked(&world, &editor, grant("lee", EDITOR, Scope::Project(VISION))).is_ok());
    assert_eq!(refusal(&world, &editor, new_project(SALES)).kind, ErrorKind::NotFound);
    assert_eq!(
        refusal(&world, &editor, AnyAct::ChangeOwnPassword(ChangeOwnPassword)).kind,
        ErrorKind::Forbidden,
        "it has none"
    );
    assert_eq!(
        refusal(&world, &editor, AnyAct::RenewSecret(RenewSecret(machine_id(0)))).kind,
        ErrorKind::Forbidden,
        "not its own either"
    );
    assert_eq!(refusal(&world, &idle, new_project(RESEARCH)).kind, ErrorKind::NotFound);
    assert!(world.principal(&idle).unwrap().sight(Scope::Account).is_none(), "without a rule there is nothing to see");
    assert!(asked(&world, &idle, AnyAct::SignOut(SignOut)).is_ok());

    let off = after(&world, Change::ServiceAccountSet(ServiceAccount { enabled: false, ..machine(0, true) }));
    assert_eq!(refusal(&off, &editor, AnyAct::SignOut(SignOut)).kind, ErrorKind::Unauthenticated);
    let gone = after(&world, Change::ServiceAccountGone { client_id: client("m0") });
    assert_eq!(refusal(&gone, &editor, new_project(RESEARCH)).kind, ErrorKind::Unauthenticated);
    let another = ServiceAccount { id: machine_id(9), ..machine(0, true) };
    let reborn = after(&gone, Change::ServiceAccountSet(another));
    assert_eq!(refusal(&reborn, &editor, new_project(RESEARCH)).kind, ErrorKind::Unauthenticated);
}

#[test]
fn what_a_group_gives_goes_with_the_group() {
    let world = acme();
    let submit = Permission::new(ResourceType::Trainings, Action::Create);
    for name in ["lee", "sue"] {
        assert!(world.principal(&who(name)).unwrap().may(submit, Scope::Project(VISION)), "{name}");
    }
    assert!(!world.principal(&who("rita")).unwrap().subjects().any(|it| it == Subject::Group(group("researchers"))));
    let left = after(&world, Change::UserSet(person("lee")));
    assert!(!left.principal(&who("lee")).unwrap().may(submit, Scope::Project(VISION)));
    let renamed = User { groups: [group("Researchers")].into(), ..person("lee") };
    let other_case = after(&world, Change::UserSet(renamed));
    assert!(!other_case.principal(&who("lee")).unwrap().may(submit, Scope::Project(VISION)), "groups are exact");
}

#[test]
fn a_group_that_is_named_like_a_user_is_not_that_user() {
    let as_group = |name: &str| Subject::Group(group(&format!("{name}@example.com")));
    let world = after(&acme(), rule(20, as_group("vera"), ADMIN, Scope::Account));
    let delete = Permission::new(ResourceType::Users, Action::Delete);
    assert!(!world.principal(&who("vera")).unwrap().may_somewhere(delete));
    // And in the other direction: a member of a group with that name is not root.
    let pretender = User { groups: [group("root@example.com"), group("m0")].into(), ..person("lee") };
    let world = after(&acme(), Change::UserSet(pretender));
    assert!(!world.principal(&who("lee")).unwrap().may_somewhere(delete));
    assert!(
        !world
            .principal(&who("lee"))
            .unwrap()
            .may(Permission::new(ResourceType::Project, Action::Create), Scope::Department(RESEARCH))
    );
}

#[test]
fn a_name_is_no_inheritance() {
    // lee is deleted with their rules; another user with the same name comes later.
    let gone = after(&acme(), Change::UserGone { email: email("lee") });
    assert_eq!(refusal(&gone, &who("lee"), AnyAct::SignOut(SignOut)).kind, ErrorKind::Unauthenticated);
    let later = after(&gone, Change::UserSet(User { id: user_id(50), ..person("lee") }));
    assert_eq!(refusal(&later, &who("lee"), AnyAct::SignOut(SignOut)).kind, ErrorKind::Unauthenticated, "an old token");
    assert_eq!(
        refusal(&later, &who("root"), AnyAct::ResetPassword(ResetPassword(id_of("lee")))).kind,
        ErrorKind::NotFound,
        "an old id"
    );
    // The same, where the feed has the new one without the deletion of the old one.
    let replaced = after(&acme(), Change::UserSet(User { id: user_id(50), ..person("lee") }));
    assert_eq!(
        refusal(&replaced, &who("root"), AnyAct::DeleteUser(DeleteUser(id_of("lee")))).kind,
        ErrorKind::NotFound
    );
}

#[test]
fn rules_of_a_future_user_can_be_activated_only_by_a_caller_with_their_permissions() {
    // A rule may name a user who does not exist yet. The user's creator chooses the password.
    let world = after(&acme(), rule(20, subject("future"), ADMIN, Scope::Account));
    assert!(asked(&world, &who("root"), AnyAct::CreateUser(CreateUser { email: email("future") })).is_ok());
    let cluster_only = after(&world, rule(21, subject("vera"), ADMIN, Scope::Cluster(paris())));
    assert_eq!(
        refusal(&cluster_only, &who("vera"), AnyAct::CreateUser(CreateUser { email: email("future") })).kind,
        ErrorKind::Forbidden
    );
}

#[test]
fn the_disabled_do_nothing_and_are_still_protected() {
    let world = after(&acme(), Change::UserSet(User { enabled: false, ..person("rita") }));
    assert_eq!(refusal(&world, &who("rita"), new_project(RESEARCH)).kind, ErrorKind::Unauthenticated);
    assert_eq!(refusal(&world, &who("rita"), AnyAct::SignOut(SignOut)).kind, ErrorKind::Unauthenticated);
    assert!(asked(&world, &who("root"), AnyAct::EnableUser(EnableUser(id_of("rita")))).is_ok());
    // A disabled administrator keeps their rules, so no lower administrator may enable or reset them.
    let off = after(&world, Change::UserSet(User { enabled: false, ..person("root") }));
    let off = after(&off, rule(20, subject("vera"), ADMIN, Scope::Cluster(paris())));
    assert_eq!(refusal(&off, &who("vera"), AnyAct::EnableUser(EnableUser(id_of("root")))).kind, ErrorKind::Forbidden);
    assert_eq!(
        refusal(&off, &who("vera"), AnyAct::ResetPassword(ResetPassword(id_of("root")))).kind,
        ErrorKind::Forbidden
    );
}

#[test]
fn a_session_that_ended_opens_nothing() {
    let at = Timestamp::from_millis(1_000);
    let ended = Change::SessionEnded { id: SESSION, at, until: Timestamp::from_millis(9_000) };
    let world = after(&acme(), ended);
    for actor in [who("root"), machine_actor(&machine(0, true))] {
        let error = refusal(&world, &actor, AnyAct::SignOut(SignOut));
        assert_eq!((error.kind, error.reason), (ErrorKind::Unauthenticated, Some("session-ended")));
        assert_eq!(world.principal(&actor).unwrap_err().kind, ErrorKind::Unauthenticated);
    }
}

#[test]
fn rules_in_a_deleted_scope_permit_nothing_and_block_nothing() {
    let world = after(&acme(), rule(20, subject("vera"), ADMIN, Scope::Project(METRICS)));
    let users = Permission::new(ResourceType::Users, Action::Read);
    assert!(world.principal(&who("vera")).unwrap().may_somewhere(users));
    let gone = after(&world, Change::ProjectGone { id: METRICS });
    let vera = gone.principal(&who("vera")).unwrap();
    assert!(!vera.may_somewhere(users), "not in a scope that is not there");
    assert!(!vera.may(users, Scope::Project(METRICS)));
    assert!(vera.sight(Scope::Cluster(oslo())).is_none(), "nor does it show what was above it");
    assert_eq!(
        refusal(&gone, &who("vera"), AnyAct::ResetPassword(ResetPassword(id_of("lee")))).kind,
        ErrorKind::NotFound
    );
    assert!(asked(&gone, &who("root"), AnyAct::ResetPassword(ResetPassword(id_of("vera")))).is_ok());
}

#[test]
fn nothing_is_left_below_a_cluster_that_is_gone() {
    // If a feed deletes a cluster before its contents, its rules have no effect from then on.
    let world = after(&acme(), Change::ClusterGone { id: paris() });
    let rita = world.principal(&who("rita")).unwrap();
    assert!(!rita.may(Permission::new(ResourceType::Project, Action::Create), Scope::Department(RESEARCH)));
    assert_eq!(refusal(&world, &who("rita"), new_project(RESEARCH)).kind, ErrorKind::NotFound);
    assert_eq!(refusal(&world, &who("root"), new_project(RESEARCH)).kind, ErrorKind::NotFound);
}

#[test]
fn the_host_founds_and_recovers_and_does_nothing_else() {
    let world = acme();
    let found = asked(&world, &Actor::Host, AnyAct::BootstrapAccount(BootstrapAccount(AccountId::new(1001)))).unwrap();
    assert_eq!((found.kind, found.id.as_str()), (EntityKind::Account, "1001"));
    let recover = asked(&world, &Actor::Host, AnyAct::RecoverAccess(RecoverAccess { email: email("root") })).unwrap();
    assert_eq!((recover.kind, recover.id.clone()), (EntityKind::User, id_of("root").to_string()));
    let made = asked(&world, &Actor::Host, AnyAct::RecoverAccess(RecoverAccess { email: email("new") })).unwrap();
    assert_eq!((made.name.as_str(), made.id.as_str()), ("new@example.com", ""));
    for act in [
        AnyAct::CreateUser(CreateUser { email: email("new") }),
        grant("rita", ADMIN, Scope::Account),
        AnyAct::SignOut(SignOut),
        AnyAct::ChangeOwnPassword(ChangeOwnPassword),
        AnyAct::EndSessions(EndSessions { sessions: vec![SESSION], subject: subject("lee") }),
    ] {
        assert_eq!(refusal(&world, &Actor::Host, act.clone()).kind, ErrorKind::Forbidden, "{act:?}");
    }
    assert!(world.principal(&Actor::Host).is_err(), "it holds no rules");
}

#[test]
fn rolecall_itself_ends_stolen_sessions_and_does_nothing_else() {
    let world = acme();
    let ended = asked(
        &world,
        &Actor::Rolecall,
        AnyAct::EndSessions(EndSessions { sessions: vec![SESSION], subject: subject("lee") }),
    )
    .unwrap();
    assert_eq!((ended.kind, ended.name.as_str()), (EntityKind::Session, "lee@example.com"));
    for act in [
        AnyAct::LogOutUser(LogOutUser(id_of("lee"))),
        AnyAct::RecoverAccess(RecoverAccess { email: email("root") }),
        AnyAct::BootstrapAccount(BootstrapAccount(AccountId::new(1001))),
        AnyAct::SignOut(SignOut),
        grant("rita", ADMIN, Scope::Account),
    ] {
        assert_eq!(refusal(&world, &Actor::Rolecall, act.clone()).kind, ErrorKind::Forbidden, "{act:?}");
    }
    assert!(world.principal(&Actor::Rolecall).is_err());
}

#[test]
fn the_audit_log_can_tell_what_was_permitted() {
    let world = acme();
    let permit = world
        .authorize(&who("rita"), CreateRule { subject: subject("lee"), role: L1, scope: Scope::Project(SPEECH) })
        .unwrap();
    assert_eq!(permit.entity().name, "lee@example.com has L1 researcher in acme/paris/research/speech");
    assert_eq!((permit.actor().name(), permit.actor().kind()), ("rita@example.com", "user"));
    assert_eq!((CreateRule::ACTION, permit.entity().kind.as_str()), ("create", "access-rule"));
    assert_eq!(permit.revision(), world.revision());
    let permit = world.authorize(&who("root"), DeleteCluster(oslo()));
    assert_eq!(permit.unwrap_err().kind, ErrorKind::Conflict);
    let permit = world.authorize(&who("rita"), UpdateProject { project: VISION, name: Some(name("other")) }).unwrap();
    assert_eq!((UpdateProject::ACTION, permit.entity().kind.as_str()), ("update", "project"));
    assert_eq!((permit.entity().name.as_str(), permit.entity().id.as_str()), ("vision", "11"), "what it was called");
    let permit = world.authorize(&who("root"), ResetPassword(id_of("lee"))).unwrap();
    assert_eq!((ResetPassword::ACTION, permit.entity().id.clone()), ("reset-password", id_of("lee").to_string()));
}
