//! Look-ups of single facts.

use std::ops::Bound;
use std::sync::Arc;

use super::names::Named;
use super::{GroupNumber, Held, IndexPath, RoleEntry, ScopeIndex, World};
use crate::access::{Role, Rule, RuleId};
use crate::catalogue::{Permission, RoleId};
use crate::identity::{
    Binding, ClientId, Email, GroupName, Provider, ProviderAlias, ProviderId, ServiceAccount, ServiceAccountId,
    SessionId, Subject, SubjectKind, User, UserId,
};
use crate::org::{Cluster, ClusterId, Department, DepartmentId, NodeName, Project, ProjectId, Scope, ScopePath};

/// What a world stores under a name.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct UnderName<'w> {
    /// The name itself, if the world has it.
    pub(crate) subject: Option<&'w Subject>,
    pub(crate) user: Option<&'w User>,
    /// The user's groups, in their order.
    pub(crate) groups: &'w [GroupNumber],
    /// The rules that name it, by id.
    pub(crate) rules: &'w [Held],
    /// Whether its identity is disabled.
    pub(crate) disabled: bool,
}

impl<'w> UnderName<'w> {
    fn bare<N, R>(named: &'w Named<N, R>) -> Self {
        Self { subject: Some(&named.subject), rules: &named.rules, ..Self::default() }
    }
}

impl World {
    /// The user with that email.
    #[must_use]
    pub fn user(&self, email: &Email) -> Option<&User> {
        self.users.get(email.as_str())?.record.as_ref().map(|it| it.user.as_ref())
    }

    /// The user with that id.
    #[must_use]
    pub fn user_by_id(&self, id: UserId) -> Option<&User> {
        match self.users_by_id.get(&id)?.as_ref() {
            Subject::User(email) => self.user(email),
            Subject::Group(_) | Subject::ServiceAccount(_) => None,
        }
    }

    /// The user who is bound to that person at an identity provider.
    #[must_use]
    pub fn user_bound_to(&self, binding: &Binding) -> Option<&User> {
        self.user_by_id(*self.users_by_binding.get(binding)?)
    }

    /// The users who are bound to someone at that identity provider, in no order; `None`: at one that was removed.
    pub fn users_bound_at(&self, provider: Option<ProviderId>) -> impl Iterator<Item = &User> {
        let is_there = move |binding: &Binding| match provider {
            Some(id) => binding.provider() == id,
            None => !self.providers.contains_key(&binding.provider()),
        };
        let bound = self.users_by_binding.iter().filter(move |(binding, _)| is_there(binding));
        bound.filter_map(|(_, id)| self.user_by_id(*id))
    }

    /// The members of that group, by name.
    pub fn members_of(&self, group: &GroupName) -> impl Iterator<Item = &Email> {
        self.groups.get(group.as_str()).into_iter().flat_map(|it| &it.record)
    }

    /// The members after a name, whether or not that name is a member.
    pub(crate) fn members_behind(&self, group: &GroupName, name: &str) -> impl Iterator<Item = &Email> {
        let behind = (Bound::Excluded(name), Bound::Unbounded);
        self.groups.get(group.as_str()).into_iter().flat_map(move |it| it.record.range::<_, str>(behind))
    }

    /// The service account with that client id.
    #[must_use]
    pub fn service_account(&self, client_id: &ClientId) -> Option<&ServiceAccount> {
        self.service_accounts.get(client_id.as_str())?.record.as_ref()
    }

    /// The service account with that id.
    #[must_use]
    pub fn service_account_by_id(&self, id: ServiceAccountId) -> Option<&ServiceAccount> {
        self.service_account(self.service_accounts_by_id.get(&id)?)
    }

    /// The identity provider with that id.
    #[must_use]
    pub fn provider(&self, id: ProviderId) -> Option<&Provider> {
        self.providers.get(&id)
    }

    /// The identity provider with that alias.
    #[must_use]
    pub fn provider_named(&self, alias: &ProviderAlias) -> Option<&Provider> {
        self.providers().find(|provider| provider.alias == *alias)
    }

    /// The identity providers, by id.
    pub fn providers(&self) -> impl Iterator<Item = &Provider> {
        self.providers.values()
    }

    /// The role with that id, enabled or not.
    #[must_use]
    pub fn role(&self, id: RoleId) -> Option<&Role> {
        self.roles.get(id).map(|entry| entry.role.as_ref())
    }

    /// The role with that id, if rules with it permit anything.
    pub(crate) fn enabled_role(&self, id: RoleId) -> Option<&RoleEntry> {
        self.roles.enabled(id)
    }

    /// Every role, by id.
    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        self.roles.iter()
    }

    /// The enabled roles with a permission and as few others as possible: the first five by id.
    pub(crate) fn least_roles(&self, permission: Permission) -> &[Arc<Role>] {
        self.roles.least(permission)
    }

    /// The same of the roles that come with Rolecall.
    pub(crate) fn least_predefined_roles(&self, permission: Permission) -> &[Arc<Role>] {
        self.roles.least_predefined(permission)
    }

    /// The scopes of the rules with that role, existing or not, each with the number of these rules.
    pub fn uses_of(&self, role: RoleId) -> impl Iterator<Item = (Scope, u32)> {
        let uses = self.uses.range((role, ScopeIndex::FIRST)..=(role, ScopeIndex::LAST));
        uses.map(|((_, scope), count)| (self.scope_indexes.scope(*scope), *count))
    }

    /// The cluster with that id.
    #[must_use]
    pub fn cluster(&self, id: ClusterId) -> Option<&Cluster> {
        self.clusters.get(&id)
    }

    /// The department with that id.
    #[must_use]
    pub fn department(&self, id: DepartmentId) -> Option<&Department> {
        self.departments.get(&id)
    }

    /// The project with that id.
    #[must_use]
    pub fn project(&self, id: ProjectId) -> Option<&Project> {
        self.projects.get(&id)
    }

    /// Every user, in no order.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.users.iter().filter_map(|it| it.record.as_ref()).map(|it| it.user.as_ref())
    }

    /// Every rule, by id, which is oldest first.
    pub fn rules(&self) -> impl Iterator<Item = Rule> {
        self.rules.iter().filter_map(|(id, subject)| Some(self.rule_of(subject, self.held(subject, id)?)))
    }

    /// The rule with that id.
    #[must_use]
    pub fn rule(&self, id: RuleId) -> Option<Rule> {
        let subject = self.rules.get(id)?;
        Some(self.rule_of(subject, self.held(subject, id)?))
    }

    /// The rules that name this subject, by id.
    pub fn rules_of(&self, subject: &Subject) -> impl Iterator<Item = Rule> {
        self.held_by(subject).iter().map(|held| self.rule_of(subject, held))
    }

    /// The rules whose scope is exactly this one, by id.
    pub fn rules_in(&self, scope: Scope) -> impl Iterator<Item = Rule> {
        self.scope_indexes.rules_in(scope).filter_map(|id| self.rule(id))
    }

    /// The rules that name this subject, as stored.
    pub(crate) fn held_by(&self, subject: &Subject) -> &[Held] {
        self.under(subject.kind(), subject.name()).rules
    }

    /// The rules that name the group with that number, and its name.
    pub(crate) fn group(&self, number: GroupNumber) -> Option<(&GroupName, &[Held])> {
        self.groups.by_number(number).map(|it| (&it.name, &*it.rules))
    }

    /// Everything under that name, in one look-up.
    pub(crate) fn under(&self, kind: SubjectKind, name: &str) -> UnderName<'_> {
        match kind {
            SubjectKind::User => self.users.get(name).map(|named| {
                let member = named.record.as_ref();
                UnderName {
                    user: member.map(|it| it.user.as_ref()),
                    groups: member.map_or(&[], |it| &it.groups),
                    disabled: member.is_some_and(|it| it.disabled),
                    ..UnderName::bare(named)
                }
            }),
            SubjectKind::Group => self.groups.get(name).map(UnderName::bare),
            SubjectKind::ServiceAccount => self.service_accounts.get(name).map(|named| UnderName {
                disabled: named.record.as_ref().is_some_and(|it| !it.enabled),
                ..UnderName::bare(named)
            }),
        }
        .unwrap_or_default()
    }

    /// The rule with that id among those of that subject.
    pub(super) fn held(&self, subject: &Subject, id: RuleId) -> Option<&Held> {
        let rules = self.held_by(subject);
        rules.get(rules.binary_search_by_key(&id, |rule| rule.id).ok()?)
    }

    /// A stored rule in full, with its subject.
    pub(crate) fn rule_of(&self, subject: &Subject, held: &Held) -> Rule {
        Rule { id: held.id, subject: subject.clone(), role: held.role, scope: self.scope_of(held) }
    }

    /// The scope of a rule.
    pub(crate) fn scope_of(&self, held: &Held) -> Scope {
        self.scope_indexes.scope(held.scope_index)
    }

    /// The scope indexes of a scope and its ancestors; `None` as for [`World::scope_path`].
    pub(crate) fn index_path(&self, scope: Scope) -> Option<IndexPath> {
        self.scope_indexes.index_path(scope)
    }

    /// Every cluster, in no order.
    pub fn clusters(&self) -> impl Iterator<Item = ClusterId> {
        self.clusters.keys().copied()
    }

    /// The departments of a cluster, by id.
    pub fn departments_of(&self, cluster: ClusterId) -> impl Iterator<Item = DepartmentId> {
        self.departments_of_from(cluster, DepartmentId::new(i64::MIN))
    }

    /// The departments of a cluster from the id `first` on, by id.
    pub(crate) fn departments_of_from(
        &self,
        cluster: ClusterId,
        first: DepartmentId,
    ) -> impl Iterator<Item = DepartmentId> {
        self.departments_of.range((cluster, first)..=(cluster, DepartmentId::new(i64::MAX))).map(|(_, id)| *id)
    }

    /// The projects of a department, by id.
    pub fn projects_of(&self, department: DepartmentId) -> impl Iterator<Item = ProjectId> {
        self.projects_of_from(department, ProjectId::new(i64::MIN))
    }

    /// The projects of a department from the id `first` on, by id.
    pub(crate) fn projects_of_from(
        &self,
        department: DepartmentId,
        first: ProjectId,
    ) -> impl Iterator<Item = ProjectId> {
        self.projects_of.range((department, first)..=(department, ProjectId::new(i64::MAX))).map(|(_, id)| *id)
    }

    /// The scope path of a scope; `None` when the node or an ancestor does not exist.
    #[must_use]
    pub fn scope_path(&self, scope: Scope) -> Option<ScopePath> {
        let indexes = self.index_path(scope)?;
        let mut path = ScopePath::ACCOUNT;
        for index in indexes.indexes() {
            match self.scope_indexes.scope(index) {
                Scope::Account => {}
                Scope::Cluster(id) => path.cluster = Some(id),
                Scope::Department(id) => path.department = Some(id),
                Scope::Project(id) => path.project = Some(id),
            }
        }
        Some(path)
    }

    /// The name of a node; `None` when it does not exist.
    #[must_use]
    pub fn name_of(&self, scope: Scope) -> Option<&str> {
        Some(match scope {
            Scope::Account => self.account.name.as_str(),
            Scope::Cluster(id) => self.clusters.get(&id)?.name.as_str(),
            Scope::Department(id) => self.departments.get(&id)?.name.as_str(),
            Scope::Project(id) => self.projects.get(&id)?.name.as_str(),
        })
    }

    /// The child of a node with exactly that name.
    #[must_use]
    pub fn child_named(&self, above: Scope, name: NodeName) -> Option<Scope> {
        self.by_name.get(&(above, name)).copied()
    }

    /// The id of a node as the API writes it, whether it exists or not.
    #[must_use]
    pub fn id_of(&self, scope: Scope) -> String {
        match scope {
            Scope::Account => self.account.id.to_string(),
            Scope::Cluster(id) => id.to_string(),
            Scope::Department(id) => id.to_string(),
            Scope::Project(id) => id.to_string(),
        }
    }

    /// The names from the account down to a node, separated by `/`; `None` when it does not exist.
    #[must_use]
    pub fn path_of(&self, scope: Scope) -> Option<String> {
        let names: Option<Vec<&str>> = self.scope_path(scope)?.scopes().map(|scope| self.name_of(scope)).collect();
        Some(names?.join("/"))
    }

    /// The users whom rules name as System administrator of the account, existing or not.
    pub fn administrators(&self) -> impl Iterator<Item = &Email> {
        self.administrators.iter()
    }

    /// Whether this session ended while its tokens may still be unexpired.
    #[must_use]
    pub fn session_has_ended(&self, id: SessionId) -> bool {
        self.ended_sessions.contains_key(&id)
    }
}
