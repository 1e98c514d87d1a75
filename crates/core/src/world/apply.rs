//! Applying changes to a world.

use super::{Change, Revision, World};
use crate::access::{Rule, RuleId};
use crate::catalogue::RoleId;
use crate::identity::{Email, Subject, User};
use crate::org::Scope;

impl World {
    /// The world after `changes`, which make it `revision`. The old one stays as it is.
    ///
    /// Applying is total: a change to something that is not there adds or removes nothing more than it says, so a feed
    /// that was read twice leads to the same world.
    #[must_use]
    pub fn apply<'a>(&self, revision: Revision, changes: impl IntoIterator<Item = &'a Change>) -> Self {
        let mut world = self.clone();
        world.revision = revision;
        for change in changes {
            world.apply_one(change);
        }
        world
    }

    fn apply_one(&mut self, change: &Change) {
        match change {
            Change::UserSet(user) => self.set_user(user),
            Change::UserGone { email } => self.remove_user(email),
            Change::ServiceAccountSet(account) => {
                if let Some(client_id) = self.service_accounts_by_id.insert(account.id, account.client_id.clone()) {
                    self.service_accounts.remove(&client_id);
                }
                if let Some(before) = self.service_accounts.insert(account.client_id.clone(), account.clone()) {
                    self.service_accounts_by_id.remove(&before.id);
                }
            }
            Change::ServiceAccountGone { client_id } => {
                if let Some(account) = self.service_accounts.remove(client_id) {
                    self.service_accounts_by_id.remove(&account.id);
                }
            }
            Change::ClusterSet(cluster) => {
                self.clusters.insert(cluster.id, cluster.clone());
            }
            Change::ClusterGone { id } => {
                self.clusters.remove(id);
            }
            Change::DepartmentSet(department) => {
                if let Some(before) = self.departments.insert(department.id, department.clone()) {
                    self.departments_of.remove(&(before.cluster, before.id));
                }
                self.departments_of.insert((department.cluster, department.id));
            }
            Change::DepartmentGone { id } => {
                if let Some(department) = self.departments.remove(id) {
                    self.departments_of.remove(&(department.cluster, *id));
                }
            }
            Change::ProjectSet(project) => {
                if let Some(before) = self.projects.insert(project.id, project.clone()) {
                    self.projects_of.remove(&(before.department, before.id));
                }
                self.projects_of.insert((project.department, project.id));
            }
            Change::ProjectGone { id } => {
                if let Some(project) = self.projects.remove(id) {
                    self.projects_of.remove(&(project.department, *id));
                }
            }
            Change::RuleSet(rule) => self.set_rule(rule),
            Change::RuleGone { id } => self.remove_rule(*id),
            Change::SessionEnded { id, at, until } => {
                // A session may be ended twice (signed out, then logged out): it stays ended until the later time, and
                // the earlier entry must not take it off the list.
                let known = self.ended_sessions.get(id).copied();
                let until = known.map_or(*until, |known| known.max(*until));
                if let Some(known) = known {
                    self.ended_sessions_by_time.remove(&(known, *id));
                }
                self.ended_sessions.insert(*id, until);
                self.ended_sessions_by_time.insert((until, *id), ());
                // Tokens that have expired need no record of their session, so the list stays as short as tokens live.
                while let Some(((oldest, session), ())) = self.ended_sessions_by_time.get_min().cloned() {
                    if oldest >= *at {
                        break;
                    }
                    self.ended_sessions_by_time.remove(&(oldest, session));
                    self.ended_sessions.remove(&session);
                }
            }
        }
    }

    fn set_user(&mut self, user: &User) {
        // INVARIANT: ids and names stay one to one, so that an id never leads to a later user of the same name.
        if let Some(email) = self.users_by_id.get(&user.id).cloned() {
            self.remove_user(&email);
        }
        self.remove_user(&user.email);
        for group in user.groups.iter() {
            self.members.entry(group.clone()).or_default().insert(user.email.clone());
        }
        self.users_by_id.insert(user.id, user.email.clone());
        self.users.insert(user.email.clone(), user.clone());
    }

    fn remove_user(&mut self, email: &Email) {
        let Some(user) = self.users.remove(email) else { return };
        self.users_by_id.remove(&user.id);
        for group in user.groups.iter() {
            let Some(mut members) = self.members.remove(group) else { continue };
            members.remove(email);
            if !members.is_empty() {
                self.members.insert(group.clone(), members);
            }
        }
    }

    fn set_rule(&mut self, rule: &Rule) {
        self.remove_rule(rule.id);
        self.rules_by_subject.entry(rule.subject.clone()).or_default().insert_ord(rule.id);
        self.rules_by_scope.insert((rule.scope, rule.id));
        if let Some(email) = administrator(rule) {
            self.administrators.insert(email.clone());
        }
        self.rules.insert(rule.id, rule.clone());
    }

    fn remove_rule(&mut self, id: RuleId) {
        let Some(rule) = self.rules.remove(&id) else { return };
        if let Some(mut of_subject) = self.rules_by_subject.remove(&rule.subject) {
            of_subject.retain(|other| *other != id);
            if !of_subject.is_empty() {
                self.rules_by_subject.insert(rule.subject.clone(), of_subject);
            }
        }
        self.rules_by_scope.remove(&(rule.scope, id));
        if let Some(email) = administrator(&rule) {
            let still = self.rules_of(&rule.subject).any(|other| administrator(other).is_some());
            if !still {
                self.administrators.remove(email);
            }
        }
    }
}

/// The user whom this rule makes System administrator of the account, if it is such a rule.
fn administrator(rule: &Rule) -> Option<&Email> {
    match (&rule.subject, rule.role, rule.scope) {
        (Subject::User(email), RoleId::SYSTEM_ADMINISTRATOR, Scope::Account) => Some(email),
        _ => None,
    }
}
