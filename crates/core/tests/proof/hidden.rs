//! Visibility (design, 8): a hidden entity gets exactly the same refusal as a missing one.

use proptest::prelude::*;
use rolecall_core::access::Actor;
use rolecall_core::acts::{
    AnyAct, CreateDepartment, CreateProject, CreateRule, CreateUser, DeleteCluster, DeleteDepartment, DeleteProject,
    DeleteRule, DeleteServiceAccount, DeleteUser, DisableServiceAccount, DisableUser, EnableServiceAccount, EnableUser,
    LogOutUser, RenewSecret, ResetPassword, UpdateCluster, UpdateDepartment, UpdateProject,
};
use rolecall_core::catalogue::{Action, Permission, ResourceType, RoleId};
use rolecall_core::identity::Subject;
use rolecall_core::org::Scope;
use rolecall_core::{ErrorKind, World};

use crate::facts::{Facts, InWorld as _, asked, email, node_name, scopes};
use crate::naive;
use crate::worlds::{facts, fixed};

/// The message for the actor; `None` when the act is permitted.
fn told(world: &World, actor: &Actor, act: AnyAct) -> Option<(ErrorKind, String, Option<&'static str>)> {
    asked(world, actor, act).err().map(|error| (error.kind, error.message, error.reason))
}

/// The acts about this scope.
fn acts_about(scope: Scope) -> Vec<AnyAct> {
    let subject = Subject::User(email("u1"));
    let mut acts = vec![AnyAct::CreateRule(CreateRule { subject, role: RoleId::new(7), scope })];
    match scope {
        Scope::Account => {}
        Scope::Cluster(id) => {
            acts.extend([
                AnyAct::DeleteCluster(DeleteCluster(id)),
                AnyAct::CreateDepartment(CreateDepartment { cluster: id, name: node_name("new") }),
            ]);
            acts.push(AnyAct::UpdateCluster(UpdateCluster { cluster: id, name: node_name("other") }));
        }
        Scope::Department(id) => {
            acts.extend([
                AnyAct::DeleteDepartment(DeleteDepartment(id)),
                AnyAct::CreateProject(CreateProject { department: id, name: node_name("new") }),
            ]);
            acts.push(AnyAct::UpdateDepartment(UpdateDepartment { department: id, name: None }));
        }
        Scope::Project(id) => {
            acts.extend([
                AnyAct::DeleteProject(DeleteProject(id)),
                AnyAct::UpdateProject(UpdateProject { project: id, name: Some(node_name("other")) }),
            ]);
        }
    }
    acts
}

/// The same facts without a node and everything below it.
fn without(facts: &Facts, gone: Scope) -> Facts {
    let mut less = facts.clone();
    less.clusters.retain(|id, _| !naive::at_or_below(facts, Scope::Cluster(*id), gone));
    less.departments.retain(|id, _| !naive::at_or_below(facts, Scope::Department(*id), gone));
    less.projects.retain(|id, _| !naive::at_or_below(facts, Scope::Project(*id), gone));
    less
}

/// For each hidden entity, each act about it, and each caller: the answer with the entity and without it.
fn compare(facts: &Facts) -> Vec<(Actor, AnyAct, Told, Told)> {
    let world = facts.world();
    let mut outcomes = Vec::new();
    for actor in facts.actors() {
        let Some(who) = naive::known(facts, &actor) else { continue };
        let mut ask = |act: AnyAct, less: &Facts| {
            let (there, missing) = (told(&world, &actor, act.clone()), told(&less.world(), &actor, act.clone()));
            outcomes.push((actor.clone(), act, there, missing));
        };
        for scope in scopes().into_iter().filter(|scope| naive::exists(facts, *scope) && *scope != Scope::Account) {
            if !naive::sees(facts, &who, scope) {
                let less = without(facts, scope);
                acts_about(scope).into_iter().for_each(|act| ask(act, &less));
            }
        }
        let sees_some = |resource_type| naive::may_somewhere(facts, &who, Permission::new(resource_type, Action::Read));
        if !sees_some(ResourceType::Users) {
            for user in facts.users.iter().filter(|user| Subject::User(user.email.clone()) != who.name) {
                let mut less = facts.clone();
                less.users.retain(|other| other.id != user.id);
                let id = user.id;
                for act in [
                    AnyAct::DeleteUser(DeleteUser(id)),
                    AnyAct::EnableUser(EnableUser(id)),
                    AnyAct::DisableUser(DisableUser(id)),
                    AnyAct::ResetPassword(ResetPassword(id)),
                    AnyAct::LogOutUser(LogOutUser(id)),
                ] {
                    ask(act, &less);
                }
                ask(AnyAct::CreateUser(CreateUser { email: user.email.clone() }), &less);
            }
        }
        if !sees_some(ResourceType::ServiceAccount) {
            for machine in facts.machines.iter().filter(|it| Subject::ServiceAccount(it.client_id.clone()) != who.name)
            {
                let mut less = facts.clone();
                less.machines.retain(|other| other.id != machine.id);
                for act in [
                    AnyAct::EnableServiceAccount(EnableServiceAccount(machine.id)),
                    AnyAct::DisableServiceAccount(DisableServiceAccount(machine.id)),
                    AnyAct::RenewSecret(RenewSecret(machine.id)),
                    AnyAct::DeleteServiceAccount(DeleteServiceAccount(machine.id)),
                ] {
                    ask(act, &less);
                }
            }
        }
        for rule in &facts.rules {
            let read = Permission::new(ResourceType::AccessRules, Action::Read);
            if !who.is_named_by(rule) && !naive::may(facts, &who, read, rule.scope) {
                let mut less = facts.clone();
                less.rules.retain(|other| other.id != rule.id);
                ask(AnyAct::DeleteRule(DeleteRule(rule.id)), &less);
            }
        }
    }
    outcomes
}

type Told = Option<(ErrorKind, String, Option<&'static str>)>;

proptest! {
    #![proptest_config(crate::config(48))]

    #[test]
    fn hidden_and_missing_entities_get_the_same_answer(facts in facts()) {
        for (actor, act, there, missing) in compare(&facts) {
            prop_assert!(there.is_some(), "{:?} by {:?} is permitted, though it is hidden from them", act, actor);
            prop_assert_eq!(there, missing, "{:?} by {:?}", act, actor);
        }
    }
}

#[test]
fn the_random_worlds_hide_things_of_every_kind() {
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    for facts in fixed(24) {
        for (_, act, there, _) in compare(&facts) {
            if there.is_some_and(|(kind, _, _)| kind == ErrorKind::NotFound) {
                let kind = format!("{act:?}");
                *seen.entry(kind.split([' ', '(']).next().unwrap().to_owned()).or_default() += 1;
            }
        }
    }
    for kind in [
        "CreateRule",
        "CreateDepartment",
        "CreateProject",
        "UpdateCluster",
        "UpdateDepartment",
        "UpdateProject",
        "DeleteCluster",
        "DeleteDepartment",
        "DeleteProject",
        "DeleteRule",
        "DeleteUser",
        "EnableUser",
        "DisableUser",
        "ResetPassword",
        "LogOutUser",
        "EnableServiceAccount",
        "DisableServiceAccount",
        "RenewSecret",
        "DeleteServiceAccount",
    ] {
        assert!(seen.get(kind).is_some_and(|count| *count > 10), "{kind} was hardly tried: {seen:?}");
    }
}
