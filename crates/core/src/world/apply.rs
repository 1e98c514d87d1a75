//! Applying changes to a world.

use std::borrow::Borrow;

use smallvec::SmallVec;

use super::names::{Member, Named};
use super::{Change, Held, Revision, RevisionId, ScopeIndex, World};
use crate::access::{Rule, RuleId};
use crate::catalogue::RoleId;
use crate::identity::{ClientId, Email, GroupName, ServiceAccount, Subject, User};
use crate::org::{DepartmentId, NodeName, ProjectId, Scope};

impl World {
    /// The world after `changes`, which lead to `revision`. The old world stays unchanged. The new one has no id until
    /// it is [`World::identified`].
    ///
    /// Applying is total: a change to a missing entity adds or removes only what it says, so reading a feed twice gives
    /// the same world.
    #[must_use]
    pub fn apply(&self, revision: Revision, changes: impl IntoIterator<Item: Borrow<Change>>) -> Self {
        let mut world = self.clone();
        world.revision = revision;
        world.id = RevisionId::NONE;
        world.with(changes)
    }

    /// This world with more facts of its own revision, to build it piece by piece. It has no other owner yet, so
    /// nothing is copied.
    #[must_use]
    pub fn with(mut self, changes: impl IntoIterator<Item: Borrow<Change>>) -> Self {
        for change in changes {
            self.apply_one(change.borrow());
        }
        self
    }

    fn apply_one(&mut self, change: &Change) {
        match change {
            Change::UserSet(user) => self.set_user(user),
            Change::UserGone { email } => self.remove_user(email),
            Change::ServiceAccountSet(account) => self.set_service_account(account),
            Change::ServiceAccountGone { client_id } => self.remove_service_account(client_id),
            Change::ClusterSet(cluster) => {
                let scope = Scope::Cluster(cluster.id);
                if let Some(before) = self.clusters.insert(cluster.id, cluster.clone()) {
                    self.forget_name(scope, Scope::Account, before.name);
                }
                self.by_name.insert((Scope::Account, cluster.name.clone()), scope);
                self.put_in_tree(scope);
            }
            Change::ClusterGone { id } => {
                if let Some(cluster) = self.clusters.remove(id) {
                    self.forget_name(Scope::Cluster(*id), Scope::Account, cluster.name);
                    self.put_in_tree(Scope::Cluster(*id));
                }
            }
            Change::DepartmentSet(department) => {
                self.remove_department(department.id);
                self.departments.insert(department.id, department.clone());
                self.departments_of.insert((department.cluster, department.id));
                let above = Scope::Cluster(department.cluster);
                self.by_name.insert((above, department.name.clone()), Scope::Department(department.id));
                self.put_in_tree(Scope::Department(department.id));
            }
            Change::DepartmentGone { id } => {
                self.remove_department(*id);
                self.put_in_tree(Scope::Department(*id));
            }
            Change::ProjectSet(project) => {
                self.remove_project(project.id);
                self.projects.insert(project.id, project.clone());
                self.projects_of.insert((project.department, project.id));
                let above = Scope::Department(project.department);
                self.by_name.insert((above, project.name.clone()), Scope::Project(project.id));
                self.put_in_tree(Scope::Project(project.id));
            }
            Change::ProjectGone { id } => {
                self.remove_project(*id);
                self.put_in_tree(Scope::Project(*id));
            }
            Change::RoleSet(role) => self.roles.set(role),
            Change::RoleGone { id } => self.roles.remove(*id),
            Change::RuleSet(rule) => self.set_rule(rule),
            Change::RuleGone { id } => self.remove_rule(*id),
            Change::ProviderSet(provider) => drop(self.providers.insert(provider.id, provider.clone())),
            Change::ProviderGone { id } => drop(self.providers.remove(id)),
            Change::SessionEnded { id, at, until } => {
                // A session may end twice (signed out, then signed out everywhere). It counts as ended until the later
                // time, and the earlier entry must not remove it.
                let known = self.ended_sessions.get(id).copied();
                let until = known.map_or(*until, |known| known.max(*until));
                if let Some(known) = known {
                    self.ended_sessions_by_time.remove(&(known, *id));
                }
                self.ended_sessions.insert(*id, until);
                self.ended_sessions_by_time.insert((until, *id), ());
                // Expired tokens need no record of their session, so the list grows only with the lifetime of tokens.
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

    fn remove_department(&mut self, id: DepartmentId) {
        if let Some(department) = self.departments.remove(&id) {
            self.departments_of.remove(&(department.cluster, id));
            self.forget_name(Scope::Department(id), Scope::Cluster(department.cluster), department.name);
        }
    }

    fn remove_project(&mut self, id: ProjectId) {
        if let Some(project) = self.projects.remove(&id) {
            self.projects_of.remove(&(project.department, id));
            self.forget_name(Scope::Project(id), Scope::Department(project.department), project.name);
        }
    }

    /// Recomputes the ancestors of a node that was set or deleted, and of its descendants where they changed.
    fn put_in_tree(&mut self, scope: Scope) {
        let above = match scope {
            Scope::Account => return,
            Scope::Cluster(id) => self.clusters.contains_key(&id).then_some(Scope::Account),
            Scope::Department(id) => self.departments.get(&id).map(|it| Scope::Cluster(it.cluster)),
            Scope::Project(id) => self.projects.get(&id).map(|it| Scope::Department(it.department)),
        };
        let above = above.and_then(|above| self.scope_indexes.index_path(above));
        if !self.scope_indexes.put(scope, above) {
            return;
        }
        let below: Vec<Scope> = match scope {
            Scope::Account | Scope::Project(_) => return,
            Scope::Cluster(id) => self.departments_of(id).map(Scope::Department).collect(),
            Scope::Department(id) => self.projects_of(id).map(Scope::Project).collect(),
        };
        for scope in below {
            self.put_in_tree(scope);
        }
    }

    /// Removes a node's old name, unless another node has taken it: two nodes may swap names.
    fn forget_name(&mut self, scope: Scope, above: Scope, name: NodeName) {
        let key = (above, name);
        if self.by_name.get(&key) == Some(&scope) {
            self.by_name.remove(&key);
        }
    }

    fn set_user(&mut self, user: &User) {
        // INVARIANT: ids and names stay one to one, so that an id never leads to a later user with the same name.
        if let Some(email) = self.user_by_id(user.id).map(|user| user.email.clone()) {
            self.remove_user(&email);
        }
        self.remove_user(&user.email);
        // All members of a group share one copy of its name.
        let join = |name: &GroupName| {
            self.groups.change(name, |it| drop(it.record.insert(user.email.clone())));
            self.groups.find(name).map(|(name, number)| (name.clone(), number))
        };
        let (names, numbers): (Vec<_>, SmallVec<_>) = user.groups.iter().filter_map(join).unzip();
        let member = Member::new(User { groups: names.into(), ..user.clone() }, numbers);
        let subject = self.users.change(&user.email, Subject::User, |it| it.record = Some(member));
        self.users_by_id.insert(user.id, subject);
        if let Some(binding) = &user.binding {
            self.users_by_binding.insert(binding.clone(), user.id);
        }
    }

    fn remove_user(&mut self, email: &Email) {
        let Some(user) = self.user(email).cloned() else { return };
        self.users.change(email, Subject::User, |it| it.record = None);
        self.users_by_id.remove(&user.id);
        // Another user may have taken the binding over.
        if let Some(binding) = &user.binding
            && self.users_by_binding.get(binding) == Some(&user.id)
        {
            self.users_by_binding.remove(binding);
        }
        for group in user.groups.iter() {
            self.groups.change(group, |it| drop(it.record.remove(email)));
        }
    }

    fn set_service_account(&mut self, account: &ServiceAccount) {
        if let Some(client_id) = self.service_accounts_by_id.get(&account.id).cloned() {
            self.remove_service_account(&client_id);
        }
        self.remove_service_account(&account.client_id);
        let set = |it: &mut Named<_, _>| it.record = Some(account.clone());
        self.service_accounts.change(&account.client_id, Subject::ServiceAccount, set);
        self.service_accounts_by_id.insert(account.id, account.client_id.clone());
    }

    fn remove_service_account(&mut self, client_id: &ClientId) {
        let Some(id) = self.service_account(client_id).map(|account| account.id) else { return };
        self.service_accounts.change(client_id, Subject::ServiceAccount, |it| it.record = None);
        self.service_accounts_by_id.remove(&id);
    }

    fn set_rule(&mut self, rule: &Rule) {
        self.remove_rule(rule.id);
        let held = Held { id: rule.id, role: rule.role, scope_index: self.scope_indexes.add_rule(rule.scope, rule.id) };
        let subject = match &rule.subject {
            Subject::User(email) => self.users.change(email, Subject::User, |it| it.rules.add(&held)),
            Subject::Group(group) => self.groups.change(group, |it| it.rules.add(&held)),
            Subject::ServiceAccount(client_id) => {
                self.service_accounts.change(client_id, Subject::ServiceAccount, |it| it.rules.add(&held))
            }
        };
        *self.uses.entry((rule.role, held.scope_index)).or_insert(0) += 1;
        if let Some(email) = administrator(&subject, rule.role, rule.scope) {
            self.administrators.insert(email.clone());
        }
        self.rules.insert(rule.id, subject);
    }

    fn remove_rule(&mut self, id: RuleId) {
        let Some(subject) = self.rules.remove(id) else { return };
        let Some(&Held { role, scope_index, .. }) = self.held(&subject, id) else { return };
        let scope = self.scope_indexes.scope(scope_index);
        match subject.as_ref() {
            Subject::User(email) => self.users.change(email, Subject::User, |it| it.rules.remove(id)),
            Subject::Group(group) => self.groups.change(group, |it| it.rules.remove(id)),
            Subject::ServiceAccount(client_id) => {
                self.service_accounts.change(client_id, Subject::ServiceAccount, |it| it.rules.remove(id))
            }
        };
        self.scope_indexes.remove_rule(scope, id);
        self.forget_use(role, scope_index);
        if let Some(email) = administrator(&subject, role, scope) {
            let still = |other: &Held| administrator(&subject, other.role, self.scope_of(other)).is_some();
            let still = self.held_by(&subject).iter().any(still);
            if !still {
                self.administrators.remove(email);
            }
        }
    }

    fn forget_use(&mut self, role: RoleId, scope_index: ScopeIndex) {
        match self.uses.get_mut(&(role, scope_index)) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(self.uses.remove(&(role, scope_index))),
        }
    }
}

/// The user whom this rule makes System administrator of the account, if it does.
fn administrator(subject: &Subject, role: RoleId, scope: Scope) -> Option<&Email> {
    match (subject, role, scope) {
        (Subject::User(email), RoleId::SYSTEM_ADMINISTRATOR, Scope::Account) => Some(email),
        _ => None,
    }
}
