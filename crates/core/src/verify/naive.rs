//! The correct answers, computed as naively as possible: sets of facts and walks from parent to parent. Slow, but short
//! enough to verify by reading. It must not use the core's worlds, principals, scope paths, subtrees or bit sets.

use std::collections::{BTreeMap, BTreeSet};

use super::Facts;
use crate::access::{Actor, Role, RoleDefinition, Rule, RuleId};
use crate::acts::*;
use crate::catalogue::{Action, Permission, ResourceType, RoleId};
use crate::error::ErrorKind;
use crate::identity::{Credential, Email, GroupName, Provider, ServiceAccount, Subject, SubjectKind, User};
use crate::org::{Scope, ScopeKind};

/// A set of permissions.
pub type Permissions = BTreeSet<Permission>;

/// Each permission of a subject with the rules that give it.
pub type Ways = BTreeMap<Permission, BTreeSet<RuleId>>;

/// A subject with all names that rules may use for it.
#[derive(Debug, Clone)]
pub struct Who {
    /// Its name.
    pub name: Subject,
    /// Its groups.
    pub groups: Vec<GroupName>,
}

impl Who {
    /// A user with their groups.
    #[must_use]
    pub fn user(user: &User) -> Self {
        Self { name: Subject::User(user.email.clone()), groups: user.groups.to_vec() }
    }

    /// A subject with just this name.
    #[must_use]
    pub fn named(name: Subject) -> Self {
        Self { name, groups: Vec::new() }
    }

    /// The subject with that name, and its known groups.
    #[must_use]
    pub fn of(facts: &Facts, subject: &Subject) -> Self {
        let known = facts.users.iter().find(|user| matches!(subject, Subject::User(email) if *email == user.email));
        known.map_or_else(|| Self::named(subject.clone()), Self::user)
    }

    /// Whether a rule names the subject or one of its groups.
    #[must_use]
    pub fn is_named_by(&self, rule: &Rule) -> bool {
        rule.subject == self.name || matches!(&rule.subject, Subject::Group(group) if self.groups.contains(group))
    }
}

/// The parent node.
#[must_use]
pub fn parent(facts: &Facts, scope: Scope) -> Option<Scope> {
    match scope {
        Scope::Account => None,
        Scope::Cluster(_) => Some(Scope::Account),
        Scope::Department(id) => facts.departments.get(&id).map(|it| Scope::Cluster(it.cluster)),
        Scope::Project(id) => facts.projects.get(&id).map(|it| Scope::Department(it.department)),
    }
}

/// Whether a node and all its ancestors exist.
#[must_use]
pub fn exists(facts: &Facts, scope: Scope) -> bool {
    match scope {
        Scope::Account => true,
        Scope::Cluster(id) => facts.clusters.contains_key(&id),
        _ => parent(facts, scope).is_some_and(|above| exists(facts, above)),
    }
}

/// Whether a scope is this one or below it.
#[must_use]
pub fn at_or_below(facts: &Facts, at: Scope, scope: Scope) -> bool {
    at == scope || parent(facts, at).is_some_and(|above| at_or_below(facts, above, scope))
}

/// The permissions that a role lists, whether it is enabled or not. An unknown role lists none.
#[must_use]
pub fn listed(facts: &Facts, role: RoleId) -> Permissions {
    facts.roles.get(&role).map(|role| role.permissions().iter().collect()).unwrap_or_default()
}

/// The permissions that a rule with that role gives. A disabled role gives none.
#[must_use]
pub fn given(facts: &Facts, role: RoleId) -> Permissions {
    if facts.roles.get(&role).is_some_and(|role| role.enabled) { listed(facts, role) } else { Permissions::new() }
}

/// The permissions of a subject in a scope: the sum of its rules there and above.
#[must_use]
pub fn held(facts: &Facts, who: &Who, at: Scope) -> Permissions {
    if !exists(facts, at) {
        return Permissions::new();
    }
    let rules = facts.rules.iter().filter(|rule| who.is_named_by(rule) && at_or_below(facts, at, rule.scope));
    rules.flat_map(|rule| given(facts, rule.role)).collect()
}

/// Whether the subject may do that there.
#[must_use]
pub fn may(facts: &Facts, who: &Who, permission: Permission, at: Scope) -> bool {
    held(facts, who, at).contains(&permission)
}

/// Whether the subject may do it in any scope.
#[must_use]
pub fn may_somewhere(facts: &Facts, who: &Who, permission: Permission) -> bool {
    facts.scopes().into_iter().any(|scope| may(facts, who, permission, scope))
}

/// Whether a name belongs to a disabled identity.
#[must_use]
pub fn disabled(facts: &Facts, subject: &Subject) -> bool {
    match subject {
        Subject::User(email) => facts.users.iter().any(|user| user.email == *email && !user.enabled),
        Subject::ServiceAccount(id) => {
            facts.machines.iter().any(|machine| machine.client_id == *id && !machine.enabled)
        }
        Subject::Group(_) => false,
    }
}

/// What a subject gains and loses in a scope of either world. A scope that goes counts as if what is permitted above it went on.
#[must_use]
pub fn impact(before: &Facts, after: &Facts, subject: &Subject, at: Scope) -> (Permissions, Permissions) {
    let tree = if exists(before, at) { before } else { after };
    let held = |facts: &Facts| -> Permissions {
        let who = Who::of(facts, subject);
        let counts =
            |rule: &&Rule| who.is_named_by(rule) && exists(facts, rule.scope) && at_or_below(tree, at, rule.scope);
        let rules = facts.rules.iter().filter(|_| !disabled(facts, subject)).filter(counts);
        rules.flat_map(|rule| given(facts, rule.role)).collect()
    };
    let (then, now) = (held(before), held(after));
    (&now - &then, &then - &now)
}

/// The rules by which a subject has each permission in a scope, whether it is disabled or not.
#[must_use]
pub fn ways(facts: &Facts, subject: &Subject, at: Scope) -> Ways {
    let who = Who::of(facts, subject);
    let mut ways = Ways::new();
    if exists(facts, at) {
        for rule in facts.rules.iter().filter(|rule| who.is_named_by(rule) && at_or_below(facts, at, rule.scope)) {
            for permission in given(facts, rule.role) {
                ways.entry(permission).or_default().insert(rule.id);
            }
        }
    }
    ways
}

/// Of the enabled roles that list a permission, the first five by id that list the fewest; of all roles, or of those that come
/// with Rolecall.
#[must_use]
pub fn least_roles(facts: &Facts, permission: Permission, with_custom: bool) -> Vec<RoleId> {
    let roles = facts.roles.values().filter(|role| with_custom || !role.custom).map(|role| role.id);
    let counts = roles.map(|role| (role, given(facts, role)));
    let having: Vec<(RoleId, usize)> =
        counts.filter(|(_, given)| given.contains(&permission)).map(|(role, given)| (role, given.len())).collect();
    let fewest = having.iter().map(|(_, count)| *count).min();
    having.into_iter().filter(|(_, count)| Some(*count) == fewest).map(|(role, _)| role).take(5).collect()
}

/// The names of all subjects of one kind that may do that there: those named in a rule, and the members of named
/// groups.
#[must_use]
pub fn who_can(facts: &Facts, kind: SubjectKind, permission: Permission, at: Scope) -> BTreeSet<String> {
    let roles: BTreeSet<RoleId> =
        facts.roles.keys().copied().filter(|role| given(facts, *role).contains(&permission)).collect();
    let here = |rule: &&Rule| at_or_below(facts, at, rule.scope) && roles.contains(&rule.role);
    let rules: Vec<&Rule> = facts.rules.iter().filter(|_| exists(facts, at)).filter(here).collect();
    let named: BTreeSet<&Subject> = rules.iter().map(|rule| &rule.subject).collect();
    let in_a_group = |user: &&User| user.groups.iter().any(|group| named.contains(&Subject::Group(group.clone())));
    let members = facts.users.iter().filter(in_a_group).map(|user| Subject::User(user.email.clone()));
    let off: BTreeSet<Subject> = [
        facts.users.iter().filter(|it| !it.enabled).map(|it| Subject::User(it.email.clone())).collect::<Vec<_>>(),
        facts
            .machines
            .iter()
            .filter(|it| !it.enabled)
            .map(|it| Subject::ServiceAccount(it.client_id.clone()))
            .collect(),
    ]
    .concat()
    .into_iter()
    .collect();
    let all = named.iter().map(|subject| (*subject).clone()).chain(members);
    all.filter(|it| it.kind() == kind && !off.contains(it)).map(|it| it.name().to_owned()).collect()
}

/// The rules that a caller sees, by id: those about the caller, and those where the caller may read access rules.
#[must_use]
pub fn visible_rules<'f>(facts: &'f Facts, who: &Who) -> Vec<&'f Rule> {
    let own = facts.about(&who.name);
    let read = Permission::new(ResourceType::AccessRules, Action::Read);
    let readable: BTreeSet<Scope> = facts.scopes().into_iter().filter(|scope| may(&own, who, read, *scope)).collect();
    let seen = |rule: &&Rule| who.is_named_by(rule) || readable.contains(&rule.scope);
    let mut rules: Vec<&Rule> = facts.rules.iter().filter(seen).collect();
    rules.sort_by_key(|rule| rule.id);
    rules
}

/// Design, 8: a caller who may read a node sees it. They also see its name if they have a rule there, above or below,
/// that permits reading nodes of its level or of a lower one (whether such a node exists or not).
#[must_use]
pub fn sees(facts: &Facts, who: &Who, scope: Scope) -> bool {
    exists(facts, scope)
        && facts.rules.iter().any(|rule| {
            let related = at_or_below(facts, scope, rule.scope) || at_or_below(facts, rule.scope, scope);
            let readable = ScopeKind::ALL.into_iter().any(|kind| {
                kind >= scope.kind()
                    && kind >= rule.scope.kind()
                    && given(facts, rule.role).contains(&Permission::new(kind.resource_type(), Action::Read))
            });
            who.is_named_by(rule) && exists(facts, rule.scope) && related && readable
        })
}

/// Design, 6: in every scope, `who` has every permission that `other` has, or would have if all roles were enabled.
#[must_use]
pub fn holds_all_of(facts: &Facts, who: &Who, other: &Who) -> bool {
    let mut enabled = facts.clone();
    enabled.roles.values_mut().for_each(|role| role.enabled = true);
    facts.scopes().into_iter().all(|at| held(&enabled, other, at).is_subset(&held(facts, who, at)))
}

/// Design, 6: at the account, `who` has every permission of every role.
fn holds_everything(facts: &Facts, who: &Who) -> bool {
    let all: Permissions = facts.roles.keys().flat_map(|role| listed(facts, *role)).collect();
    all.is_subset(&held(facts, who, Scope::Account))
}

/// Design, 7: who can sign in and fix access.
#[must_use]
pub fn ways_in(facts: &Facts) -> BTreeSet<Email> {
    let counts = facts.roles.iter().any(|(id, role)| id.number() == 1 && role.enabled);
    let administers = |user: &User| {
        counts
            && facts.rules.iter().any(|rule| {
                rule.subject == Subject::User(user.email.clone())
                    && rule.role.number() == 1
                    && rule.scope == Scope::Account
            })
    };
    let enters = |user: &User| matches!(user.credential, Credential::Own | Credential::LastingTemporary);
    facts
        .users
        .iter()
        .filter(|user| user.enabled && enters(user) && administers(user))
        .map(|it| it.email.clone())
        .collect()
}

/// The subject of an actor, if its identity is unchanged and may sign in.
#[must_use]
pub fn known(facts: &Facts, actor: &Actor) -> Option<Who> {
    match actor {
        Actor::User { email, id, .. } => {
            facts.users.iter().find(|user| user.email == *email && user.id == *id && user.enabled).map(Who::user)
        }
        Actor::ServiceAccount { client_id, id, .. } => {
            let mut machines = facts.machines.iter();
            let machine = machines.find(|it| it.client_id == *client_id && it.id == *id && it.enabled)?;
            Some(Who::named(Subject::ServiceAccount(machine.client_id.clone())))
        }
        Actor::Host | Actor::Rolecall => None,
    }
}

/// Whether an act is permitted, and otherwise the kind of the refusal (design, 4 to 9).
///
/// # Errors
/// The kind of the refusal.
pub fn verdict(facts: &Facts, actor: &Actor, act: &AnyAct) -> Result<(), ErrorKind> {
    use ErrorKind::{Conflict, Forbidden, Invalid, NotFound, Unauthenticated};
    let only_if = |right: bool, otherwise: ErrorKind| if right { Ok(()) } else { Err(otherwise) };
    match actor {
        Actor::Host => {
            return only_if(
                matches!(
                    act,
                    AnyAct::BootstrapAccount(BootstrapAccount(_)) | AnyAct::RecoverAccess(RecoverAccess { .. })
                ),
                Forbidden,
            );
        }
        Actor::Rolecall => {
            return match act {
                AnyAct::EndSessions(EndSessions { .. }) => Ok(()),
                AnyAct::AdmitNewcomer(AdmitNewcomer(admission)) => {
                    only_if(admitted(facts, admission)?.is_none(), Conflict)
                }
                AnyAct::AdmitUser(AdmitUser(admission)) => only_if(admitted(facts, admission)?.is_some(), Conflict),
                AnyAct::UpdatePredefinedRoles(UpdatePredefinedRoles) => Ok(()),
                AnyAct::ForgetGroups(ForgetGroups(id)) => {
                    only_if(facts.users.iter().any(|user| user.id == *id), NotFound)
                }
                _ => Err(Forbidden),
            };
        }
        _ => {}
    }
    let who = known(facts, actor).ok_or(Unauthenticated)?;
    let own = facts.users.iter().find(|user| who.name == Subject::User(user.email.clone()));
    let temporary =
        own.is_some_and(|user| matches!(user.credential, Credential::Temporary | Credential::LastingTemporary));
    only_if(!temporary || matches!(act, AnyAct::ChangeOwnPassword(_) | AnyAct::SignOut(_)), Forbidden)?;

    let needs =
        |resource_type, action, at| only_if(may(facts, &who, Permission::new(resource_type, action), at), Forbidden);
    let over_user = |id, action| {
        let user = facts.users.iter().find(|user| user.id == id).ok_or(NotFound)?;
        only_if(may_somewhere(facts, &who, Permission::new(ResourceType::Users, Action::Read)), NotFound)?;
        needs(ResourceType::Users, action, Scope::Account)?;
        only_if(holds_all_of(facts, &who, &Who::user(user)), Forbidden)?;
        Ok(user)
    };
    let over_machine = |id, action| {
        let machine = facts.machines.iter().find(|machine| machine.id == id).ok_or(NotFound)?;
        only_if(may_somewhere(facts, &who, Permission::new(ResourceType::ServiceAccount, Action::Read)), NotFound)?;
        needs(ResourceType::ServiceAccount, action, Scope::Account)?;
        let it = Who::named(Subject::ServiceAccount(machine.client_id.clone()));
        only_if(holds_all_of(facts, &who, &it), Forbidden)
    };
    let over_provider = |id, action| {
        only_if(facts.providers.iter().any(|it| it.id == id), NotFound)?;
        let read = Permission::new(ResourceType::SecuritySettings, Action::Read);
        only_if(may(facts, &who, read, Scope::Account), NotFound)?;
        needs(ResourceType::SecuritySettings, action, Scope::Account)?;
        only_if(holds_everything(facts, &who), Forbidden)
    };
    let over_role = |id: RoleId, action, new: Permissions| {
        let read = Permission::new(ResourceType::Roles, Action::Read);
        only_if(may_somewhere(facts, &who, read), Forbidden)?;
        needs(ResourceType::Roles, action, Scope::Account)?;
        let role = facts.roles.get(&id).ok_or(NotFound)?;
        let all: Permissions = listed(facts, id).union(&new).copied().collect();
        only_if(all.is_subset(&held(facts, &who, Scope::Account)), Forbidden)?;
        Ok(role)
    };
    let free = |definition: &RoleDefinition, own: Option<RoleId>| {
        let key = definition.name.key();
        let taken = |(id, role): (&RoleId, &Role)| Some(*id) != own && role.definition.name.key() == key;
        only_if(!facts.roles.iter().any(taken), Conflict)
    };
    let below = |scope: Scope, what: ResourceType| {
        only_if(sees(facts, &who, scope), NotFound)?;
        needs(what, Action::Create, scope)
    };
    let over_node = |scope: Scope, action| {
        only_if(sees(facts, &who, scope), NotFound)?;
        needs(scope.kind().resource_type(), action, scope)
    };
    let gone = |scope: Scope| {
        over_node(scope, Action::Delete)?;
        let falls_along = |it: Scope| match scope {
            Scope::Cluster(id) => {
                facts.clusters.get(&id).is_some_and(|cluster| it == Scope::Department(cluster.default_department))
            }
            _ => false,
        };
        only_if(
            facts
                .scopes()
                .into_iter()
                .all(|it| it == scope || !exists(facts, it) || !at_or_below(facts, it, scope) || falls_along(it)),
            Conflict,
        )
    };

    match act {
        AnyAct::CreateUser(CreateUser { email }) => {
            needs(ResourceType::Users, Action::Create, Scope::Account)?;
            only_if(facts.users.iter().all(|user| user.email != *email), Conflict)?;
            only_if(holds_all_of(facts, &who, &Who::named(Subject::User(email.clone()))), Forbidden)
        }
        AnyAct::DeleteUser(DeleteUser(id)) => over_user(*id, Action::Delete).map(|_| ()),
        AnyAct::EnableUser(EnableUser(id))
        | AnyAct::DisableUser(DisableUser(id))
        | AnyAct::LogOutUser(LogOutUser(id)) => over_user(*id, Action::Update).map(|_| ()),
        AnyAct::ResetPassword(ResetPassword(id)) => {
            let user = over_user(*id, Action::Update)?;
            only_if(user.credential != Credential::External, Invalid)
        }
        AnyAct::ChangeOwnPassword(_) => {
            only_if(own.is_some_and(|user| user.credential != Credential::External), Forbidden)
        }
        AnyAct::SignOut(_) => Ok(()),
        AnyAct::CreateRole(CreateRole { definition, .. }) => {
            only_if(may_somewhere(facts, &who, Permission::new(ResourceType::Roles, Action::Read)), Forbidden)?;
            needs(ResourceType::Roles, Action::Create, Scope::Account)?;
            let all: Permissions = definition.permissions.iter().collect();
            only_if(all.is_subset(&held(facts, &who, Scope::Account)), Forbidden)?;
            free(definition, None)?;
            only_if(facts.roles.values().filter(|role| role.custom).count() < 100, Conflict)
        }
        AnyAct::UpdateRole(UpdateRole { role, definition, .. }) => {
            let known = over_role(*role, Action::Update, definition.permissions.iter().collect())?;
            only_if(known.custom, Forbidden)?;
            free(definition, Some(*role))
        }
        AnyAct::EnableRole(EnableRole(id)) | AnyAct::DisableRole(DisableRole(id)) => {
            over_role(*id, Action::Update, Permissions::new()).map(|_| ())
        }
        AnyAct::DeleteRole(DeleteRole(id)) => {
            only_if(over_role(*id, Action::Delete, Permissions::new())?.custom, Forbidden)?;
            only_if(facts.rules.iter().all(|rule| rule.role != *id), Conflict)
        }
        AnyAct::CreateRule(CreateRule { subject, role, scope }) => {
            only_if(sees(facts, &who, *scope), NotFound)?;
            needs(ResourceType::AccessRules, Action::Create, *scope)?;
            let known = facts.roles.get(role).ok_or(Invalid)?;
            only_if(listed(facts, *role).is_subset(&held(facts, &who, *scope)), Forbidden)?;
            only_if(known.enabled, Conflict)?;
            let machine = |it: &ServiceAccount| Subject::ServiceAccount(it.client_id.clone()) == *subject;
            only_if(subject.kind() != SubjectKind::ServiceAccount || facts.machines.iter().any(machine), NotFound)?;
            let same = |rule: &Rule| rule.subject == *subject && rule.role == *role && rule.scope == *scope;
            only_if(!facts.rules.iter().any(same), Conflict)
        }
        AnyAct::DeleteRule(DeleteRule(id)) => {
            let rule = facts.rules.iter().find(|rule| rule.id == *id).ok_or(NotFound)?;
            let reads = may(facts, &who, Permission::new(ResourceType::AccessRules, Action::Read), rule.scope);
            only_if(who.is_named_by(rule) || reads, NotFound)?;
            needs(ResourceType::AccessRules, Action::Delete, rule.scope)?;
            only_if(listed(facts, rule.role).is_subset(&held(facts, &who, rule.scope)), Forbidden)
        }
        AnyAct::CreateCluster(CreateCluster { .. }) => needs(ResourceType::Cluster, Action::Create, Scope::Account),
        AnyAct::CreateDepartment(CreateDepartment { cluster, .. }) => {
            below(Scope::Cluster(*cluster), ResourceType::Department)
        }
        AnyAct::CreateProject(CreateProject { department, .. }) => {
            below(Scope::Department(*department), ResourceType::Project)
        }
        AnyAct::UpdateCluster(UpdateCluster { cluster, .. }) => over_node(Scope::Cluster(*cluster), Action::Update),
        AnyAct::UpdateDepartment(UpdateDepartment { department, .. }) => {
            over_node(Scope::Department(*department), Action::Update)
        }
        AnyAct::UpdateProject(UpdateProject { project, .. }) => over_node(Scope::Project(*project), Action::Update),
        AnyAct::DeleteCluster(DeleteCluster(id)) => gone(Scope::Cluster(*id)),
        AnyAct::DeleteDepartment(DeleteDepartment(id)) => gone(Scope::Department(*id)),
        AnyAct::DeleteProject(DeleteProject(id)) => gone(Scope::Project(*id)),
        AnyAct::CreateServiceAccount(CreateServiceAccount { .. }) => {
            needs(ResourceType::ServiceAccount, Action::Create, Scope::Account)
        }
        AnyAct::EnableServiceAccount(EnableServiceAccount(id))
        | AnyAct::DisableServiceAccount(DisableServiceAccount(id))
        | AnyAct::RenewSecret(RenewSecret(id)) => over_machine(*id, Action::Update),
        AnyAct::DeleteServiceAccount(DeleteServiceAccount(id)) => over_machine(*id, Action::Delete),
        AnyAct::CreateProvider(CreateProvider { alias, .. }) => {
            needs(ResourceType::SecuritySettings, Action::Create, Scope::Account)?;
            only_if(holds_everything(facts, &who), Forbidden)?;
            only_if(facts.providers.iter().all(|it| it.alias != *alias) && facts.providers.len() < 20, Conflict)
        }
        AnyAct::UpdateProvider(UpdateProvider(id)) => over_provider(*id, Action::Update),
        AnyAct::DeleteProvider(DeleteProvider(id)) => {
            over_provider(*id, Action::Delete)?;
            only_if(own.is_some_and(|user| user.credential != Credential::External), Forbidden)
        }
        AnyAct::RedirectTo(RedirectTo(Some(id))) => over_provider(*id, Action::Update),
        AnyAct::RedirectTo(RedirectTo(None)) => needs(ResourceType::SecuritySettings, Action::Update, Scope::Account),
        AnyAct::UnbindUsers(UnbindUsers(users)) => {
            only_if(!users.is_empty(), Invalid)?;
            users.iter().try_for_each(|id| {
                let user = over_user(*id, Action::Update)?;
                only_if(user.binding.is_some(), Invalid)
            })
        }
        AnyAct::ChangeEmail(ChangeEmail { user, email }) => {
            let user = over_user(*user, Action::Update)?;
            needs(ResourceType::AccessRules, Action::Create, Scope::Account)?;
            needs(ResourceType::AccessRules, Action::Delete, Scope::Account)?;
            only_if(user.email_there.as_ref() == Some(email), Conflict)?;
            let is_theirs = |it: &Provider| user.binding.as_ref().is_some_and(|binding| binding.provider() == it.id);
            only_if(facts.providers.iter().any(is_theirs), Conflict)?;
            only_if(facts.users.iter().all(|other| other.email != *email), Conflict)?;
            only_if(holds_all_of(facts, &who, &Who::named(Subject::User(email.clone()))), Forbidden)
        }
        AnyAct::AdmitNewcomer(AdmitNewcomer(_))
        | AnyAct::AdmitUser(AdmitUser(_))
        | AnyAct::ForgetGroups(ForgetGroups(_))
        | AnyAct::EndSessions(EndSessions { .. })
        | AnyAct::UpdatePredefinedRoles(UpdatePredefinedRoles)
        | AnyAct::BootstrapAccount(BootstrapAccount(_))
        | AnyAct::RecoverAccess(RecoverAccess { .. }) => Err(Forbidden),
    }
}

/// Design, 4: the user whom a provider means, if they may come in: the one who is bound to that person, or else one
/// with the email who is neither local nor bound.
fn admitted<'f>(facts: &'f Facts, admission: &Admission) -> Result<Option<&'f User>, ErrorKind> {
    let provider = facts.providers.iter().find(|it| it.id == admission.binding.provider() && it.enabled);
    if provider.is_none_or(|it| it.changed != admission.changed) {
        return Err(ErrorKind::Forbidden);
    }
    let bound = facts.users.iter().find(|user| user.binding.as_ref() == Some(&admission.binding));
    let namesake = facts.users.iter().find(|user| user.email == admission.email);
    let free = |user: &User| user.credential == Credential::External && user.binding.is_none();
    match bound.or(namesake) {
        None => Ok(None),
        Some(user) if user.enabled && (bound.is_some() || free(user)) => Ok(Some(user)),
        Some(_) => Err(ErrorKind::Forbidden),
    }
}
