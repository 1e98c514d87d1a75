//! Acts on roles. They are kept at the account, and a rule may have one anywhere: each act needs every permission that the role
//! has or gets at the account, and so in every scope.

use super::{Act, Entity, EntityKind};
use crate::access::{Actor, Directory, Principal, Role, RoleDefinition, require};
use crate::catalogue::{Action, PermissionSet, ResourceType, RoleId};
use crate::error::{Error, Result};
use crate::org::Scope;
use crate::text::quoted;
use crate::time::Timestamp;
use crate::world::{Change, World};

/// Maximum roles of an organization's own. Older clients list all roles in one answer, and each denial names the smallest role
/// that would help.
pub const MAX_CUSTOM_ROLES: usize = 100;

/// Create a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateRole {
    /// What it is called and what it permits.
    pub definition: RoleDefinition,
    /// Whether its rules count at once.
    pub enabled: bool,
}

/// Change a role of the organization's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateRole {
    /// The role.
    pub role: RoleId,
    /// What it is called and what it permits from now on.
    pub definition: RoleDefinition,
    /// Whether its rules count from now on; `None`: as before.
    pub enabled: Option<bool>,
}

/// Enable a role: its rules count again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnableRole(pub RoleId);

/// Disable a role: its rules permit nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisableRole(pub RoleId);

/// Delete a role that no rule has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteRole(pub RoleId);

/// Bring the predefined roles up to this version of Rolecall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdatePredefinedRoles;

impl Act for CreateRole {
    const ACTION: &'static str = "create";
    type New = (RoleId, Timestamp);

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        let (world, definition) = (caller.world(), &self.definition);
        caller.ensure_reads(Directory::Roles)?;
        require(caller, ResourceType::Roles, Action::Create, Scope::Account)?;
        caller.ensure_contains_all(definition.name.as_str(), definition.permissions, Scope::Account)?;
        ensure_free(world, definition, None)?;
        if world.roles().filter(|role| role.custom).count() >= MAX_CUSTOM_ROLES {
            return Err(Error::conflict(format!(
                "there are {MAX_CUSTOM_ROLES} roles of your own already; delete those that are not used"
            )));
        }
        Ok(Entity::new(EntityKind::Role, definition.name.as_str()))
    }

    fn effects(&self, _: &World, actor: &Actor, (id, now): (RoleId, Timestamp)) -> Vec<Change> {
        vec![Change::RoleSet(Role {
            id,
            definition: self.definition.clone(),
            custom: true,
            enabled: self.enabled,
            created_by: actor.name().to_owned(),
            created_at: now,
            updated_at: now,
        })]
    }
}

impl Act for UpdateRole {
    const ACTION: &'static str = "update";
    type New = Timestamp;

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        let role = over_role(caller, self.role, Action::Update, self.definition.permissions)?;
        ensure_custom(role)?;
        ensure_free(caller.world(), &self.definition, Some(role.id))?;
        Ok(entity(role))
    }

    fn effects(&self, world: &World, _: &Actor, now: Timestamp) -> Vec<Change> {
        changed(world, self.role, now, |role| {
            role.definition = self.definition.clone();
            role.enabled = self.enabled.unwrap_or(role.enabled);
        })
    }
}

impl Act for EnableRole {
    const ACTION: &'static str = "update";
    type New = Timestamp;

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        over_role(caller, self.0, Action::Update, PermissionSet::EMPTY).map(entity)
    }

    fn effects(&self, world: &World, _: &Actor, now: Timestamp) -> Vec<Change> {
        changed(world, self.0, now, |role| role.enabled = true)
    }
}

impl Act for DisableRole {
    const ACTION: &'static str = "update";
    type New = Timestamp;

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        over_role(caller, self.0, Action::Update, PermissionSet::EMPTY).map(entity)
    }

    fn effects(&self, world: &World, _: &Actor, now: Timestamp) -> Vec<Change> {
        changed(world, self.0, now, |role| role.enabled = false)
    }
}

impl Act for DeleteRole {
    const ACTION: &'static str = "delete";
    type New = ();

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        let role = over_role(caller, self.0, Action::Delete, PermissionSet::EMPTY)?;
        ensure_custom(role)?;
        ensure_unused(caller, role)?;
        Ok(entity(role))
    }

    fn effects(&self, _: &World, _: &Actor, (): ()) -> Vec<Change> {
        vec![Change::RoleGone { id: self.0 }]
    }
}

impl Act for UpdatePredefinedRoles {
    const ACTION: &'static str = "update";
    type New = Timestamp;

    fn by_rolecall(&self, _: &World) -> Result<Entity> {
        Ok(Entity::new(EntityKind::Role, "predefined roles"))
    }

    fn effects(&self, world: &World, _: &Actor, now: Timestamp) -> Vec<Change> {
        world.outdated_predefined_roles(now).into_iter().map(Change::RoleSet).collect()
    }
}

impl World {
    /// The predefined roles that this world lacks, or has as another version of Rolecall defined them, as this version does.
    #[must_use]
    pub fn outdated_predefined_roles(&self, now: Timestamp) -> Vec<Role> {
        let outdated = |new: Role| match self.role(new.id) {
            None => Some(new),
            Some(known) if known.definition == new.definition => None,
            Some(known) => Some(Role { enabled: known.enabled, updated_at: now, ..new }),
        };
        Role::predefined().filter_map(outdated).collect()
    }
}

/// The role, for a caller who may do that to it, and has everything that it permits or is to permit at the account. Where rules
/// have it today does not matter: the next one may be anywhere, and its author may not know that the role was changed.
fn over_role<'w>(caller: &Principal<'w>, id: RoleId, action: Action, new: PermissionSet) -> Result<&'w Role> {
    let world = caller.world();
    caller.ensure_reads(Directory::Roles)?;
    require(caller, ResourceType::Roles, action, Scope::Account)?;
    let role = world.role(id).ok_or_else(|| no_role(id))?;
    let all = role.permissions().union(new);
    caller.ensure_contains_all(role.name(), all, Scope::Account)?;
    Ok(role)
}

/// The refusal of a role that does not exist.
#[must_use]
pub fn no_role(id: RoleId) -> Error {
    Error::not_found(format!("there is no role {}", id.number()))
}

fn ensure_custom(role: &Role) -> Result<()> {
    if role.custom {
        return Ok(());
    }
    Err(Error::forbidden(format!(
        "{} comes with Rolecall and cannot be changed or deleted; make a role of your own from it",
        role.name()
    )))
}

/// Refuses a name that people would take for that of another role.
fn ensure_free(world: &World, definition: &RoleDefinition, own: Option<RoleId>) -> Result<()> {
    let key = definition.name.key();
    match world.roles().find(|role| Some(role.id) != own && role.definition.name.key() == key) {
        None => Ok(()),
        Some(taken) => Err(Error::conflict(format!("name: there is already a role {}", quoted(taken.name())))),
    }
}

/// Refuses to delete a role that rules have. Counts those that the caller sees.
fn ensure_unused(caller: &Principal<'_>, role: &Role) -> Result<()> {
    let (mut seen, mut hidden) = (0_u64, false);
    for (scope, count) in caller.world().uses_of(role.id) {
        if caller.reads_rules_in(scope) {
            seen = seen.saturating_add(u64::from(count));
        } else {
            hidden = true;
        }
    }
    let used = match (seen, hidden) {
        (0, false) => return Ok(()),
        (0, true) => "access rules that you cannot see".to_owned(),
        (1, false) => "1 access rule".to_owned(),
        (_, false) => format!("{seen} access rules"),
        (1, true) => "1 access rule, and others that you cannot see,".to_owned(),
        (_, true) => format!("{seen} access rules, and others that you cannot see,"),
    };
    let verb = if seen == 1 && !hidden { "has" } else { "have" };
    Err(Error::conflict(format!(
        "{used} {verb} the role {}; delete {} first, or disable the role",
        quoted(role.name()),
        if verb == "has" { "it" } else { "them" },
    ))
    .with_reason("role-in-use"))
}

fn entity(role: &Role) -> Entity {
    Entity { kind: EntityKind::Role, name: role.name().to_owned(), id: role.id.number().to_string() }
}

/// That role with something else about it.
fn changed(world: &World, id: RoleId, now: Timestamp, change: impl FnOnce(&mut Role)) -> Vec<Change> {
    let Some(mut role) = world.role(id).cloned() else { return Vec::new() };
    change(&mut role);
    role.updated_at = now;
    vec![Change::RoleSet(role)]
}
