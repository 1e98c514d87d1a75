//! Acts on clusters, departments and projects.

use super::rules::gone;
use super::{Act, Entity, EntityKind};
use crate::access::{Actor, Principal, require};
use crate::catalogue::{Action, ResourceType};
use crate::error::{Error, Result};
use crate::org::{Cluster, ClusterId, Department, DepartmentId, NodeName, Project, ProjectId, Scope, ScopeKind};
use crate::text::quoted;
use crate::world::{Change, World};

/// Create a cluster, with its default department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateCluster {
    /// Its name.
    pub name: NodeName,
}

/// What is drawn for a new cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCluster {
    /// Its id.
    pub id: ClusterId,
    /// Its default department.
    pub default: DepartmentId,
    /// The name of that.
    pub default_name: NodeName,
}

/// Rename a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateCluster {
    /// The cluster.
    pub cluster: ClusterId,
    /// The new name.
    pub name: NodeName,
}

/// Delete a cluster, with its default department if that is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteCluster(pub ClusterId);

/// Create a department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateDepartment {
    /// The cluster.
    pub cluster: ClusterId,
    /// Its name.
    pub name: NodeName,
}

/// Change the name or description of a department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateDepartment {
    /// The department.
    pub department: DepartmentId,
    /// The new name; `None` keeps the current one.
    pub name: Option<NodeName>,
}

/// Delete an empty department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteDepartment(pub DepartmentId);

/// Create a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateProject {
    /// The department.
    pub department: DepartmentId,
    /// Its name.
    pub name: NodeName,
}

/// Change the name or description of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateProject {
    /// The project.
    pub project: ProjectId,
    /// The new name; `None` keeps the current one.
    pub name: Option<NodeName>,
}

/// Delete a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteProject(pub ProjectId);

impl Act for CreateCluster {
    const ACTION: &'static str = "create";
    type New = NewCluster;

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        require(caller, ResourceType::Cluster, Action::Create, Scope::Account)?;
        Ok(Entity::new(EntityKind::Cluster, self.name.as_str()))
    }

    fn effects(&self, _: &World, _: &Actor, new: NewCluster) -> Vec<Change> {
        let NewCluster { id, default, default_name } = new;
        let name = self.name.clone();
        vec![
            Change::ClusterSet(Cluster { id, name, default_department: default }),
            Change::DepartmentSet(Department { id: default, name: default_name, cluster: id }),
        ]
    }
}

impl Act for UpdateCluster {
    const ACTION: &'static str = "update";
    type New = ();

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        over_node(caller, Scope::Cluster(self.cluster), Action::Update)
    }

    fn effects(&self, world: &World, _: &Actor, (): ()) -> Vec<Change> {
        let cluster = world.cluster(self.cluster).cloned();
        cluster.map(|cluster| Change::ClusterSet(Cluster { name: self.name.clone(), ..cluster })).into_iter().collect()
    }
}

impl Act for DeleteCluster {
    const ACTION: &'static str = "delete";
    type New = ();

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        remove_node(caller, Scope::Cluster(self.0))
    }

    fn effects(&self, world: &World, _: &Actor, (): ()) -> Vec<Change> {
        fall(world, Scope::Cluster(self.0))
    }
}

impl Act for CreateDepartment {
    const ACTION: &'static str = "create";
    type New = DepartmentId;

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        caller.ensure_sees(Scope::Cluster(self.cluster))?;
        require(caller, ResourceType::Department, Action::Create, Scope::Cluster(self.cluster))?;
        Ok(Entity::new(EntityKind::Department, self.name.as_str()))
    }

    fn effects(&self, _: &World, _: &Actor, id: DepartmentId) -> Vec<Change> {
        vec![Change::DepartmentSet(Department { id, name: self.name.clone(), cluster: self.cluster })]
    }
}

impl Act for UpdateDepartment {
    const ACTION: &'static str = "update";
    type New = ();

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        over_node(caller, Scope::Department(self.department), Action::Update)
    }

    fn effects(&self, world: &World, _: &Actor, (): ()) -> Vec<Change> {
        match (world.department(self.department).cloned(), self.name.clone()) {
            (Some(department), Some(name)) => vec![Change::DepartmentSet(Department { name, ..department })],
            _ => Vec::new(),
        }
    }
}

impl Act for DeleteDepartment {
    const ACTION: &'static str = "delete";
    type New = ();

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        remove_node(caller, Scope::Department(self.0))
    }

    fn effects(&self, world: &World, _: &Actor, (): ()) -> Vec<Change> {
        fall(world, Scope::Department(self.0))
    }
}

impl Act for CreateProject {
    const ACTION: &'static str = "create";
    type New = ProjectId;

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        caller.ensure_sees(Scope::Department(self.department))?;
        require(caller, ResourceType::Project, Action::Create, Scope::Department(self.department))?;
        Ok(Entity::new(EntityKind::Project, self.name.as_str()))
    }

    fn effects(&self, _: &World, _: &Actor, id: ProjectId) -> Vec<Change> {
        vec![Change::ProjectSet(Project { id, name: self.name.clone(), department: self.department })]
    }
}

impl Act for UpdateProject {
    const ACTION: &'static str = "update";
    type New = ();

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        over_node(caller, Scope::Project(self.project), Action::Update)
    }

    fn effects(&self, world: &World, _: &Actor, (): ()) -> Vec<Change> {
        match (world.project(self.project).cloned(), self.name.clone()) {
            (Some(project), Some(name)) => vec![Change::ProjectSet(Project { name, ..project })],
            _ => Vec::new(),
        }
    }
}

impl Act for DeleteProject {
    const ACTION: &'static str = "delete";
    type New = ();

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        remove_node(caller, Scope::Project(self.0))
    }

    fn effects(&self, world: &World, _: &Actor, (): ()) -> Vec<Change> {
        fall(world, Scope::Project(self.0))
    }
}

fn over_node(caller: &Principal<'_>, scope: Scope, action: Action) -> Result<Entity> {
    let world = caller.world();
    caller.ensure_sees(scope)?;
    require(caller, scope.kind().resource_type(), action, scope)?;
    let kind = match scope.kind() {
        ScopeKind::Account => EntityKind::Account,
        ScopeKind::Cluster => EntityKind::Cluster,
        ScopeKind::Department => EntityKind::Department,
        ScopeKind::Project => EntityKind::Project,
    };
    Ok(Entity { kind, name: world.name_of(scope).unwrap_or_default().to_owned(), id: world.id_of(scope) })
}

/// Without a node, what falls with it, and the rules in both.
fn fall(world: &World, scope: Scope) -> Vec<Change> {
    let mut changes = Vec::new();
    for scope in world.falls_with(scope) {
        changes.extend(gone(world.rules_in(scope)));
        changes.extend(match scope {
            Scope::Account => None,
            Scope::Cluster(id) => Some(Change::ClusterGone { id }),
            Scope::Department(id) => Some(Change::DepartmentGone { id }),
            Scope::Project(id) => Some(Change::ProjectGone { id }),
        });
    }
    changes
}

fn remove_node(caller: &Principal<'_>, scope: Scope) -> Result<Entity> {
    let world = caller.world();
    let entity = over_node(caller, scope, Action::Delete)?;
    match world.child_that_stays(scope) {
        None => Ok(entity),
        Some(child) => Err(Error::conflict(format!(
            "{} still contains {} {}; delete everything in it first",
            world.described(scope),
            child.kind().as_str(),
            quoted(world.name_of(child).unwrap_or_default()),
        ))),
    }
}

impl World {
    /// The scopes deleted with this one: itself, and a cluster's default department.
    #[must_use]
    pub fn falls_with(&self, scope: Scope) -> Vec<Scope> {
        let default = match scope {
            Scope::Cluster(id) => self.default_department(id).map(Scope::Department),
            _ => None,
        };
        default.into_iter().chain([scope]).collect()
    }

    /// The default department of a cluster, if it exists and belongs to that cluster.
    fn default_department(&self, cluster: ClusterId) -> Option<DepartmentId> {
        let default = self.cluster(cluster)?.default_department;
        self.department(default).filter(|department| department.cluster == cluster).map(|department| department.id)
    }

    /// A node below `scope` that prevents its deletion.
    fn child_that_stays(&self, scope: Scope) -> Option<Scope> {
        match scope {
            Scope::Account | Scope::Project(_) => None,
            Scope::Department(id) => self.projects_of(id).next().map(Scope::Project),
            Scope::Cluster(id) => {
                let default = self.default_department(id);
                self.departments_of(id)
                    .find(|department| Some(*department) != default)
                    .map(Scope::Department)
                    .or_else(|| self.projects_of(default?).next().map(Scope::Project))
            }
        }
    }
}
