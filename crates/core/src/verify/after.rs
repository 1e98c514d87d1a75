//! What each permitted act leaves, written down a second time: lists of facts that are filtered and extended. Slow, but short
//! enough to verify by reading. It must not use the effects of acts.

use super::Facts;
use crate::access::{Actor, Role, Rule, RuleId};
use crate::acts::*;
use crate::catalogue::{PredefinedRole, RoleId};
use crate::identity::{
    Credential, Email, Provider, ProviderId, ServiceAccount, ServiceAccountId, Subject, User, UserId,
};
use crate::org::{Cluster, Department, Project, Scope};
use crate::world::Revision;

/// The facts of that revision after the act.
#[must_use]
pub fn after(facts: &Facts, revision: Revision, actor: &Actor, act: &AnyAct, drawn: &Drawn) -> Facts {
    let mut left = facts.clone();
    match act {
        AnyAct::CreateUser(CreateUser { email }) => {
            left.users.push(new_user(drawn.user, email, drawn.credential));
        }
        AnyAct::DeleteUser(DeleteUser(id)) => {
            let gone = email_of(facts, *id);
            left.users.retain(|user| user.id != *id);
            left.rules.retain(|rule| Some(&rule.subject) != gone.clone().map(Subject::User).as_ref());
        }
        AnyAct::EnableUser(EnableUser(id)) => user(&mut left, *id, |user| user.enabled = true),
        AnyAct::DisableUser(DisableUser(id)) => user(&mut left, *id, |user| user.enabled = false),
        AnyAct::ResetPassword(ResetPassword(id)) => user(&mut left, *id, |user| user.credential = drawn.credential),
        AnyAct::ChangeOwnPassword(ChangeOwnPassword) => {
            if let Actor::User { id, .. } = actor {
                user(&mut left, *id, |user| user.credential = drawn.credential);
            }
        }
        AnyAct::CreateRole(CreateRole { definition, enabled }) => {
            let (id, now) = (drawn.role, drawn.now);
            let made = Role {
                id,
                definition: definition.clone(),
                custom: true,
                enabled: *enabled,
                created_by: actor.name().to_owned(),
                created_at: now,
                updated_at: now,
            };
            left.roles.insert(id, made);
        }
        AnyAct::UpdateRole(UpdateRole { role: id, definition, enabled }) => role(&mut left, *id, drawn, |role| {
            role.definition = definition.clone();
            role.enabled = enabled.unwrap_or(role.enabled);
        }),
        AnyAct::EnableRole(EnableRole(id)) => role(&mut left, *id, drawn, |role| role.enabled = true),
        AnyAct::DisableRole(DisableRole(id)) => role(&mut left, *id, drawn, |role| role.enabled = false),
        AnyAct::DeleteRole(DeleteRole(id)) => drop(left.roles.remove(id)),
        AnyAct::UpdatePredefinedRoles(UpdatePredefinedRoles) => {
            for new in PredefinedRole::all().iter().map(Role::from) {
                match left.roles.get_mut(&new.id) {
                    Some(known) if known.definition == new.definition => {}
                    Some(known) => *known = Role { enabled: known.enabled, updated_at: drawn.now, ..new },
                    None => drop(left.roles.insert(new.id, new)),
                }
            }
        }
        AnyAct::CreateRule(CreateRule { subject, role, scope }) => {
            left.rules.push(Rule { id: drawn.rule, subject: subject.clone(), role: *role, scope: *scope });
        }
        AnyAct::DeleteRule(DeleteRule(id)) => left.rules.retain(|rule| rule.id != *id),
        AnyAct::CreateCluster(CreateCluster { name }) => {
            let NewCluster { id, default, default_name } = drawn.cluster.clone();
            left.clusters.insert(id, Cluster { id, name: name.clone(), default_department: default });
            left.departments.insert(default, Department { id: default, name: default_name, cluster: id });
        }
        AnyAct::UpdateCluster(UpdateCluster { cluster, name }) => {
            left.clusters.entry(*cluster).and_modify(|it| it.name = name.clone());
        }
        AnyAct::DeleteCluster(DeleteCluster(id)) => {
            let default = facts.clusters.get(id).map(|cluster| cluster.default_department);
            let default = default.filter(|it| facts.departments.get(it).is_some_and(|it| it.cluster == *id));
            left.clusters.remove(id);
            left.departments.retain(|it, _| Some(*it) != default);
            left.rules
                .retain(|rule| rule.scope != Scope::Cluster(*id) && Some(rule.scope) != default.map(Scope::Department));
        }
        AnyAct::CreateDepartment(CreateDepartment { cluster, name }) => {
            let id = drawn.department;
            left.departments.insert(id, Department { id, name: name.clone(), cluster: *cluster });
        }
        AnyAct::UpdateDepartment(UpdateDepartment { department, name }) => {
            if let Some(name) = name {
                left.departments.entry(*department).and_modify(|it| it.name = name.clone());
            }
        }
        AnyAct::DeleteDepartment(DeleteDepartment(id)) => {
            left.departments.remove(id);
            left.rules.retain(|rule| rule.scope != Scope::Department(*id));
        }
        AnyAct::CreateProject(CreateProject { department, name }) => {
            let id = drawn.project;
            left.projects.insert(id, Project { id, name: name.clone(), department: *department });
        }
        AnyAct::UpdateProject(UpdateProject { project, name }) => {
            if let Some(name) = name {
                left.projects.entry(*project).and_modify(|it| it.name = name.clone());
            }
        }
        AnyAct::DeleteProject(DeleteProject(id)) => {
            left.projects.remove(id);
            left.rules.retain(|rule| rule.scope != Scope::Project(*id));
        }
        AnyAct::CreateServiceAccount(CreateServiceAccount { name }) => {
            let (id, client_id) = drawn.machine.clone();
            left.machines.push(ServiceAccount { id, client_id, name: name.clone(), enabled: true });
        }
        AnyAct::EnableServiceAccount(EnableServiceAccount(id)) => machine(&mut left, *id, true),
        AnyAct::DisableServiceAccount(DisableServiceAccount(id)) => machine(&mut left, *id, false),
        AnyAct::DeleteServiceAccount(DeleteServiceAccount(id)) => {
            let gone: Vec<Subject> = facts
                .machines
                .iter()
                .filter(|it| it.id == *id)
                .map(|it| Subject::ServiceAccount(it.client_id.clone()))
                .collect();
            left.machines.retain(|it| it.id != *id);
            left.rules.retain(|rule| !gone.contains(&rule.subject));
        }
        AnyAct::CreateProvider(CreateProvider { alias, kind }) => {
            let (alias, kind, changed) = (alias.clone(), *kind, revision.next());
            left.providers.push(Provider { id: drawn.provider, alias, kind, enabled: true, changed });
        }
        AnyAct::UpdateProvider(UpdateProvider(id)) => provider(&mut left, *id, |it| {
            it.enabled = drawn.enabled.unwrap_or(it.enabled);
            it.changed = revision.next();
        }),
        AnyAct::DeleteProvider(DeleteProvider(id)) => left.providers.retain(|it| it.id != *id),
        AnyAct::AdmitNewcomer(AdmitNewcomer(admission)) => left.users.push(User {
            groups: admission.groups.clone().unwrap_or_default(),
            binding: Some(admission.binding.clone()),
            ..new_user(drawn.user, &admission.email, Credential::External)
        }),
        AnyAct::AdmitUser(AdmitUser(admission)) => {
            let bound = |it: &&User| it.binding.as_ref() == Some(&admission.binding);
            let known = facts.users.iter().find(bound);
            let id = known.or_else(|| facts.users.iter().find(|it| it.email == admission.email)).map(|it| it.id);
            if let Some(id) = id {
                user(&mut left, id, |user| {
                    match &admission.groups {
                        Some(groups) => user.groups = groups.clone(),
                        None if known.is_none() => user.groups = [].into(),
                        None => {}
                    }
                    user.binding = Some(admission.binding.clone());
                    user.email_there = (user.email != admission.email).then(|| admission.email.clone());
                });
            }
        }
        AnyAct::ForgetGroups(ForgetGroups(id)) => user(&mut left, *id, |user| user.groups = [].into()),
        AnyAct::UnbindUsers(UnbindUsers(users)) => {
            for id in users {
                user(&mut left, *id, |user| {
                    *user = User { binding: None, email_there: None, groups: [].into(), ..user.clone() }
                });
            }
        }
        AnyAct::ChangeEmail(ChangeEmail { user: id, email }) => renamed(&mut left, facts, *id, email, drawn),
        AnyAct::RecoverAccess(RecoverAccess { email }) => {
            match facts.users.iter().find(|it| it.email == *email) {
                Some(known) => user(&mut left, known.id, |user| {
                    *user = User { enabled: true, credential: Credential::LastingTemporary, ..user.clone() };
                }),
                None => left.users.push(new_user(drawn.user, email, Credential::LastingTemporary)),
            }
            let rule = act_of_recovery(email, drawn);
            if !facts.rules.iter().any(|it| Rule { id: rule.id, ..it.clone() } == rule) {
                left.rules.push(rule);
            }
        }
        AnyAct::LogOutUser(_)
        | AnyAct::SignOut(_)
        | AnyAct::EndSessions(_)
        | AnyAct::RenewSecret(_)
        | AnyAct::RedirectTo(_) => {}
        AnyAct::BootstrapAccount(_) => left.roles.extend(Role::predefined().map(|role| (role.id, role))),
    }
    left
}

/// The rules of the old email are made anew for the new one, those that it has already aside.
fn renamed(left: &mut Facts, facts: &Facts, id: UserId, email: &Email, drawn: &Drawn) {
    let (Some(before), new) = (email_of(facts, id).map(Subject::User), Subject::User(email.clone())) else { return };
    left.rules.retain(|rule| rule.subject != before);
    let mut number = drawn.rule.number();
    let mut rules: Vec<&Rule> = facts.rules.iter().filter(|rule| rule.subject == before).collect();
    rules.sort_by_key(|rule| rule.id);
    for rule in rules {
        let moved = |id| Rule { id, subject: new.clone(), ..rule.clone() };
        if !left.rules.iter().any(|it| moved(it.id) == *it) {
            left.rules.push(moved(RuleId::new(number)));
            number += 1;
        }
    }
    user(left, id, |user| *user = User { email: email.clone(), email_there: None, ..user.clone() });
}

fn act_of_recovery(email: &Email, drawn: &Drawn) -> Rule {
    let subject = Subject::User(email.clone());
    Rule { id: drawn.rule, subject, role: RoleId::SYSTEM_ADMINISTRATOR, scope: Scope::Account }
}

fn new_user(id: UserId, email: &Email, credential: Credential) -> User {
    let email = email.clone();
    User { id, email, enabled: true, credential, groups: [].into(), binding: None, email_there: None }
}

fn email_of(facts: &Facts, id: UserId) -> Option<Email> {
    facts.users.iter().find(|user| user.id == id).map(|user| user.email.clone())
}

fn user(facts: &mut Facts, id: UserId, change: impl FnOnce(&mut User)) {
    if let Some(user) = facts.users.iter_mut().find(|user| user.id == id) {
        change(user);
    }
}

fn machine(facts: &mut Facts, id: ServiceAccountId, enabled: bool) {
    facts.machines.iter_mut().filter(|machine| machine.id == id).for_each(|machine| machine.enabled = enabled);
}

fn role(facts: &mut Facts, id: RoleId, drawn: &Drawn, change: impl FnOnce(&mut Role)) {
    if let Some(role) = facts.roles.get_mut(&id) {
        change(role);
        role.updated_at = drawn.now;
    }
}

fn provider(facts: &mut Facts, id: ProviderId, change: impl Fn(&mut Provider)) {
    facts.providers.iter_mut().filter(|provider| provider.id == id).for_each(change);
}
