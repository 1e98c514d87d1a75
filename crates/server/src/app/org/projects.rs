//! Making and removing projects.

use rolecall_core::access::{Act, Principal};
use rolecall_core::org::{ClusterId, DepartmentId, Lineage, NodeName, ProjectId, Scope};
use rolecall_core::{Error, Result};
use rolecall_store::NodeRecord;

use crate::app::{Call, Changed};

/// A project that somebody wants.
#[derive(Debug)]
pub struct NewProject {
    /// The cluster that it is to be in.
    pub cluster: ClusterId,
    /// The department above it; the cluster's default one when absent.
    pub department: Option<DepartmentId>,
    /// Its name.
    pub name: NodeName,
    /// What it is for.
    pub description: String,
}

/// Makes a project.
///
/// # Errors
/// Not found for a cluster or department that is not there for the caller; invalid when the department is not in the
/// cluster, or none is named and the cluster has no default one; forbidden without `project:create` in the department;
/// conflict when the cluster has a project of that name.
pub async fn create_project(call: &Call, new: NewProject) -> Result<Changed<NodeRecord>> {
    let NewProject { cluster, department, name, description } = new;
    let mut change = call.open_change().await?;
    let department = match department {
        Some(department) => department,
        None => default_department(&change.world.principal(&call.actor)?, cluster)?,
    };
    let permit = change.authorize_naming("parentId", Act::CreateProject { department, name: name.clone() }).await?;
    // Asked after the permit: only whoever sees the department learns where it lies.
    if change.world.department(department).is_none_or(|found| found.cluster != cluster) {
        return Err(Error::invalid(format!("parentId: department {department} is not in the cluster {cluster}")));
    }
    let id = change.tx.create_project(&permit, &change.world, &description, change.now).await?;
    let itself = Lineage { cluster: Some(cluster), department: Some(department), project: Some(id) };
    let record = super::made(call, &change, Scope::Project(id), itself, &name, description);
    change.commit(permit, 201, record).await
}

/// Removes a project, with its access rules.
///
/// # Errors
/// Not found; forbidden without `project:delete`.
pub async fn delete_project(call: &Call, id: ProjectId) -> Result<Changed<()>> {
    super::delete(call, Act::DeleteProject(id)).await
}

/// The department that takes projects for which none is named.
fn default_department(principal: &Principal<'_>, cluster: ClusterId) -> Result<DepartmentId> {
    if principal.sight(Scope::Cluster(cluster)).is_none() {
        return Err(Error::not_found(format!("clusterId: there is no cluster {cluster}")));
    }
    let default = principal.world().cluster(cluster).map(|found| found.default_department);
    default.filter(|department| principal.sight(Scope::Department(*department)).is_some()).ok_or_else(|| {
        Error::invalid(format!(
            "parentId: you can't see a default department in the cluster {cluster}; name a department"
        ))
    })
}
