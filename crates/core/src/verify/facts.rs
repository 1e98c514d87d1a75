//! The facts of a world as plain lists, without an index.

use std::collections::{BTreeMap, BTreeSet};

use super::naive::parent;
use crate::access::{Role, Rule};
use crate::catalogue::RoleId;
use crate::identity::{Provider, ServiceAccount, Subject, User};
use crate::org::{Cluster, ClusterId, Department, DepartmentId, Project, ProjectId, Scope};
use crate::world::Change;

/// All facts. Nodes are stored by id; a node without its parent is listed but does not exist.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// The clusters.
    pub clusters: BTreeMap<ClusterId, Cluster>,
    /// The departments.
    pub departments: BTreeMap<DepartmentId, Department>,
    /// The projects.
    pub projects: BTreeMap<ProjectId, Project>,
    /// The users.
    pub users: Vec<User>,
    /// The service accounts.
    pub machines: Vec<ServiceAccount>,
    /// The roles.
    pub roles: BTreeMap<RoleId, Role>,
    /// The rules.
    pub rules: Vec<Rule>,
    /// The identity providers.
    pub providers: Vec<Provider>,
}

impl Facts {
    /// Adds a fact that contradicts none of these. Sessions are not included.
    pub fn add(&mut self, change: Change) {
        match change {
            Change::UserSet(user) => self.users.push(user),
            Change::ServiceAccountSet(machine) => self.machines.push(machine),
            Change::ClusterSet(cluster) => drop(self.clusters.insert(cluster.id, cluster)),
            Change::DepartmentSet(department) => drop(self.departments.insert(department.id, department)),
            Change::ProjectSet(project) => drop(self.projects.insert(project.id, project)),
            Change::RoleSet(role) => drop(self.roles.insert(role.id, role)),
            Change::RuleSet(rule) => self.rules.push(rule),
            Change::ProviderSet(provider) => self.providers.push(provider),
            Change::UserGone { .. }
            | Change::ServiceAccountGone { .. }
            | Change::ClusterGone { .. }
            | Change::DepartmentGone { .. }
            | Change::ProjectGone { .. }
            | Change::RoleGone { .. }
            | Change::RuleGone { .. }
            | Change::ProviderGone { .. }
            | Change::SessionEnded { .. } => {}
        }
    }

    /// Applies a change: the last statement about an entity counts.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::UserSet(user) => self.users.retain(|other| other.email != user.email && other.id != user.id),
            Change::UserGone { email } => self.users.retain(|user| user.email != *email),
            Change::ServiceAccountSet(machine) => {
                self.machines.retain(|other| other.client_id != machine.client_id && other.id != machine.id);
            }
            Change::ServiceAccountGone { client_id } => self.machines.retain(|it| it.client_id != *client_id),
            Change::ClusterGone { id } => drop(self.clusters.remove(id)),
            Change::DepartmentGone { id } => drop(self.departments.remove(id)),
            Change::ProjectGone { id } => drop(self.projects.remove(id)),
            Change::RoleGone { id } => drop(self.roles.remove(id)),
            Change::RuleSet(rule) => self.rules.retain(|other| other.id != rule.id),
            Change::RuleGone { id } => self.rules.retain(|rule| rule.id != *id),
            Change::ProviderSet(provider) => self.providers.retain(|other| other.id != provider.id),
            Change::ProviderGone { id } => self.providers.retain(|provider| provider.id != *id),
            Change::ClusterSet(_)
            | Change::DepartmentSet(_)
            | Change::ProjectSet(_)
            | Change::RoleSet(_)
            | Change::SessionEnded { .. } => {}
        }
        self.add(change.clone());
    }

    /// These facts as a feed that starts from nothing.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        let clusters = self.clusters.values().cloned().map(Change::ClusterSet);
        let departments = self.departments.values().cloned().map(Change::DepartmentSet);
        let projects = self.projects.values().cloned().map(Change::ProjectSet);
        let users = self.users.iter().cloned().map(Change::UserSet);
        let machines = self.machines.iter().cloned().map(Change::ServiceAccountSet);
        let roles = self.roles.values().cloned().map(Change::RoleSet);
        let rules = self.rules.iter().cloned().map(Change::RuleSet);
        let providers = self.providers.iter().cloned().map(Change::ProviderSet);
        let nodes = clusters.chain(departments).chain(projects);
        nodes.chain(users).chain(machines).chain(roles).chain(rules).chain(providers).collect()
    }

    /// The account and every listed node.
    #[must_use]
    pub fn scopes(&self) -> Vec<Scope> {
        let clusters = self.clusters.keys().copied().map(Scope::Cluster);
        let departments = self.departments.keys().copied().map(Scope::Department);
        let projects = self.projects.keys().copied().map(Scope::Project);
        std::iter::once(Scope::Account).chain(clusters).chain(departments).chain(projects).collect()
    }

    /// Every name of an identity, of a group, or in a rule.
    #[must_use]
    pub fn subjects(&self) -> BTreeSet<Subject> {
        let users = self.users.iter().map(|user| Subject::User(user.email.clone()));
        let groups = self.users.iter().flat_map(|user| user.groups.iter().cloned().map(Subject::Group));
        let machines = self.machines.iter().map(|machine| Subject::ServiceAccount(machine.client_id.clone()));
        let named = self.rules.iter().map(|rule| rule.subject.clone());
        users.chain(groups).chain(machines).chain(named).collect()
    }

    /// The same tree and roles with one subject and its rules alone. Many questions about one subject then read all rules only
    /// once.
    #[must_use]
    pub fn about(&self, subject: &Subject) -> Self {
        self.about_all(&BTreeSet::from([subject.clone()]))
    }

    /// The same for several subjects.
    #[must_use]
    pub fn about_all(&self, subjects: &BTreeSet<Subject>) -> Self {
        let is_meant = |user: &&User| subjects.contains(&Subject::User(user.email.clone()));
        let users: Vec<User> = self.users.iter().filter(is_meant).cloned().collect();
        let groups = users.iter().flat_map(|user| user.groups.iter().cloned().map(Subject::Group));
        let names: BTreeSet<Subject> = subjects.iter().cloned().chain(groups).collect();
        let is_its = |it: &&ServiceAccount| subjects.contains(&Subject::ServiceAccount(it.client_id.clone()));
        Self {
            machines: self.machines.iter().filter(is_its).cloned().collect(),
            rules: self.rules.iter().filter(|rule| names.contains(&rule.subject)).cloned().collect(),
            users,
            ..self.tree()
        }
    }

    /// The same tree with the rules in some scopes and above them, and the subjects that these name directly or by
    /// group. Many questions about who may do something there then read all rules only once.
    #[must_use]
    pub fn at(&self, those: impl IntoIterator<Item = Scope>) -> Self {
        let mut scopes = BTreeSet::new();
        for scope in those {
            scopes.extend(std::iter::successors(Some(scope), |scope| parent(self, *scope)));
        }
        let rules: Vec<Rule> = self.rules.iter().filter(|rule| scopes.contains(&rule.scope)).cloned().collect();
        let named: BTreeSet<&Subject> = rules.iter().map(|rule| &rule.subject).collect();
        let is_named = |user: &&User| {
            named.contains(&Subject::User(user.email.clone()))
                || user.groups.iter().any(|group| named.contains(&Subject::Group(group.clone())))
        };
        let is_its = |it: &&ServiceAccount| named.contains(&Subject::ServiceAccount(it.client_id.clone()));
        Self {
            users: self.users.iter().filter(is_named).cloned().collect(),
            machines: self.machines.iter().filter(is_its).cloned().collect(),
            rules,
            ..self.tree()
        }
    }

    /// The tree and the roles, without identities and rules.
    fn tree(&self) -> Self {
        Self {
            clusters: self.clusters.clone(),
            departments: self.departments.clone(),
            projects: self.projects.clone(),
            roles: self.roles.clone(),
            ..Self::default()
        }
    }
}
