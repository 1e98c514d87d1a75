//! Creates and deletes projects.

use rolecall_core::access::Principal;
use rolecall_core::acts::{CreateProject, DeleteProject};
use rolecall_core::org::{ClusterId, DepartmentId, NodeName, ProjectId, Scope, ScopePath};
use rolecall_core::{Error, Result};
use rolecall_store::NodeRecord;

use crate::app::{Call, Changed};

/// A requested project.
#[derive(Debug)]
pub struct NewProject {
    /// Its cluster.
    pub cluster: ClusterId,
    /// Its department; the cluster's default department when absent.
    pub department: Option<DepartmentId>,
    /// Its name.
    pub name: NodeName,
    /// Its description.
    pub description: String,
}

/// Creates a project.
///
/// # Errors
/// `NotFound` when the caller does not see the cluster or department; `Invalid` when the department is in another
/// cluster, or none is given and the cluster has no default; `Forbidden` without `project:create` in the department;
/// `Conflict` when the cluster has a project with that name.
pub async fn create_project(call: &Call, new: NewProject) -> Result<Changed<NodeRecord>> {
    let NewProject { cluster, department, name, description } = new;
    let mut change = call.open_change().await?;
    let department = match department {
        Some(department) => department,
        None => default_department(&change.tx.world().principal(&call.actor)?, cluster)?,
    };
    let permit = change.authorize_naming("parentId", CreateProject { department, name: name.clone() }).await?;
    // Checked after the permit: only a caller who sees the department learns its cluster.
    if change.tx.world().department(department).is_none_or(|found| found.cluster != cluster) {
        return Err(Error::invalid(format!("parentId: department {department} is not in the cluster {cluster}")));
    }
    let id = change.tx.create_project(&permit, &description).await?;
    let itself = ScopePath { cluster: Some(cluster), department: Some(department), project: Some(id) };
    let record = super::made(call, &change, Scope::Project(id), itself, &name, description);
    change.commit(permit, record).await
}

/// Deletes a project, with its access rules.
///
/// # Errors
/// `NotFound`; `Forbidden` without `project:delete`.
pub async fn delete_project(call: &Call, id: ProjectId) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(DeleteProject(id)).await?;
    change.tx.delete_project(&permit).await?;
    change.commit(permit, ()).await
}

/// The department of projects without a department.
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
