//! Cedar: one policy for each role, groups for who holds a role at a scope, everything in memory.
//!
//! Its documentation recommends groups of principals for roles, and attributes of the resource for a user's relation to
//! one resource. So there is a group for each role at each scope, users are in those of their rules and in their own
//! groups, and a scope names, for each role, the groups at itself and above. The other way that it describes, a
//! template-linked policy for each rule, is out of the question here: Cedar looks at every policy for every decision.

use std::collections::{HashMap, HashSet};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};
use rolecall_core::catalogue::{Permission, PredefinedRole, RoleId};
use rolecall_core::identity::Subject;
use rolecall_core::org::Scope;
use rolecall_core::{Change, World};

use super::scope_name;
use crate::organisation::{Question, Size, changes, scopes};

pub const NAME: &str = "cedar-policy 4.14.1";

pub struct Cedar {
    authorizer: Authorizer,
    /// For each action the policies that speak of it, as Cedar looks at every policy that it is given.
    policies: HashMap<Permission, PolicySet>,
    entities: Entities,
}

/// A request, and which policies are for it.
pub struct Asked(Permission, Request);

impl Cedar {
    pub fn load(world: &World, size: Size) -> Self {
        let mut parents: HashMap<Subject, HashSet<EntityUid>> = HashMap::new();
        for change in changes(size) {
            match change {
                Change::UserSet(user) => {
                    let groups = user.groups.iter().map(|group| subject(&Subject::Group(group.clone())));
                    parents.entry(Subject::User(user.email.clone())).or_default().extend(groups);
                }
                Change::RuleSet(rule) => {
                    parents.entry(rule.subject).or_default().insert(holders(rule.role, rule.scope));
                }
                _ => {}
            }
        }
        let subjects = parents.into_iter().map(|(name, parents)| Entity::new_no_attrs(subject(&name), parents));
        let scopes = scopes(size).map(|scope| {
            let above: Vec<Scope> = world.scope_path(scope).expect("a scope").scopes().collect();
            let of = |role: &PredefinedRole| {
                let groups = above.iter().map(|at| RestrictedExpression::new_entity_uid(holders(role.id, *at)));
                (attribute(role.id), RestrictedExpression::new_set(groups))
            };
            let attributes = PredefinedRole::all().iter().map(of).collect();
            Entity::new(resource(scope), attributes, HashSet::new()).expect("a scope")
        });
        let actions = every_permission().into_iter().map(|permission| {
            let roles = PredefinedRole::all().iter().filter(|role| role.permissions.contains(permission));
            let parents = roles.map(|role| uid("Action", &attribute(role.id))).collect();
            Entity::new_no_attrs(action(permission), parents)
        });
        let roles = PredefinedRole::all()
            .iter()
            .map(|role| Entity::new_no_attrs(uid("Action", &attribute(role.id)), HashSet::new()));
        let all = subjects.chain(scopes).chain(actions).chain(roles);
        Self {
            authorizer: Authorizer::new(),
            policies: every_permission().into_iter().map(|it| (it, policies(it))).collect(),
            entities: Entities::from_entities(all, None).expect("entities"),
        }
    }

    pub fn decide(&self, Asked(permission, request): &Asked) -> bool {
        let policies = &self.policies[permission];
        self.authorizer.is_authorized(request, policies, &self.entities).decision() == Decision::Allow
    }
}

pub fn request(question: &Question) -> Asked {
    let (who, what, whereat) = (subject(&question.subject), action(question.permission), resource(question.scope));
    Asked(question.permission, Request::new(who, what, whereat, Context::empty(), None).expect("a request"))
}

fn policies(permission: Permission) -> PolicySet {
    let text: Vec<String> = PredefinedRole::all()
        .iter()
        .filter(|role| role.permissions.contains(permission))
        .map(|role| {
            let name = attribute(role.id);
            format!(
                "permit(principal, action in Action::\"{name}\", resource) when {{ principal in resource.{name} }};"
            )
        })
        .collect();
    text.join("\n").parse().expect("policies")
}

fn every_permission() -> HashSet<Permission> {
    PredefinedRole::all().iter().flat_map(|role| role.permissions.iter()).collect()
}

fn uid(kind: &str, id: &str) -> EntityUid {
    let kind: EntityTypeName = kind.parse().expect("a type");
    EntityUid::from_type_name_and_id(kind, EntityId::new(id))
}

fn subject(subject: &Subject) -> EntityUid {
    let kind = match subject {
        Subject::User(_) => "User",
        Subject::Group(_) => "Group",
        Subject::ServiceAccount(_) => "Machine",
    };
    uid(kind, subject.name())
}

fn attribute(role: RoleId) -> String {
    format!("role{}", role.number())
}

fn holders(role: RoleId, scope: Scope) -> EntityUid {
    uid("Holders", &format!("{}/{}", attribute(role), scope_name(scope)))
}

fn resource(scope: Scope) -> EntityUid {
    uid("Scope", &scope_name(scope))
}

fn action(permission: Permission) -> EntityUid {
    uid("Action", &permission.to_string())
}
