//! Updates clusters, departments and projects: names and descriptions. Nodes do not move.

use rolecall_core::access::{Act, Permit, Sight};
use rolecall_core::org::{ClusterId, DepartmentId, NodeName, ProjectId, Scope};
use rolecall_core::{Error, Result};
use rolecall_store::NodeRecord;

use crate::app::{Call, Changed, OpenChange};

/// A requested update of a department. Absent fields stay unchanged.
#[derive(Debug, Default)]
pub struct DepartmentUpdate {
    /// Its name.
    pub name: Option<NodeName>,
    /// Its description.
    pub description: Option<String>,
    /// The cluster that the caller expects it in; any other is refused.
    pub cluster: Option<ClusterId>,
}

/// A requested update of a project. Absent fields stay unchanged.
#[derive(Debug, Default)]
pub struct ProjectUpdate {
    /// Its name.
    pub name: Option<NodeName>,
    /// Its description.
    pub description: Option<String>,
    /// The cluster that the caller expects it in; any other is refused.
    pub cluster: Option<ClusterId>,
    /// The department that the caller expects it in; any other is refused.
    pub department: Option<DepartmentId>,
}

/// Renames a cluster.
///
/// # Errors
/// `NotFound`; `Forbidden` without `cluster:update`; `Conflict` when another cluster has that name; `Outdated` when it
/// has changed since the caller read it.
pub async fn update_cluster(call: &Call, id: ClusterId, name: NodeName) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::UpdateCluster { cluster: id, name }).await?;
    change.tx.update_node(&permit, &change.world, None, change.now).await?;
    change.commit(permit, 204, ()).await
}

/// Updates a department.
///
/// # Errors
/// `NotFound`; `Forbidden` without `department:update`; `Invalid` for another cluster; `Conflict` when another
/// department in its cluster has that name; `Outdated` when it has changed since the caller read it.
pub async fn update_department(call: &Call, id: DepartmentId, new: DepartmentUpdate) -> Result<Changed<NodeRecord>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::UpdateDepartment { department: id, name: new.name }).await?;
    // Checked after the permit: only a caller who sees the department learns its cluster.
    let scope = Scope::Department(id);
    ensure_in_cluster(&change, scope, new.cluster)?;
    update(call, change, permit, scope, new.description.as_deref()).await
}

/// Updates a project.
///
/// # Errors
/// `NotFound`; `Forbidden` without `project:update`; `Invalid` for another department or cluster; `Conflict` when
/// another project in its cluster has that name; `Outdated` when it has changed since the caller read it.
pub async fn update_project(call: &Call, id: ProjectId, new: ProjectUpdate) -> Result<Changed<NodeRecord>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::UpdateProject { project: id, name: new.name }).await?;
    let scope = Scope::Project(id);
    ensure_in_cluster(&change, scope, new.cluster)?;
    let above = change.world.project(id).map(|project| project.department);
    if let (Some(wanted), Some(above)) = (new.department, above)
        && wanted != above
    {
        return Err(Error::invalid(format!(
            "parentId: {scope} is in department {above} and cannot move; leave parentId out, or create another project in \
                 department {wanted}"
        )));
    }
    update(call, change, permit, scope, new.description.as_deref()).await
}

fn ensure_in_cluster(change: &OpenChange, scope: Scope, wanted: Option<ClusterId>) -> Result<()> {
    let above = change.world.lineage(scope).and_then(|lineage| lineage.cluster);
    match (wanted, above) {
        (Some(wanted), Some(above)) if wanted != above => Err(Error::invalid(format!(
            "clusterId: {scope} is in cluster {above} and cannot move; leave clusterId out, or create another {} in cluster \
                 {wanted}",
            scope.kind().as_str()
        ))),
        _ => Ok(()),
    }
}

async fn update(
    call: &Call,
    mut change: OpenChange,
    permit: Permit,
    scope: Scope,
    description: Option<&str>,
) -> Result<Changed<NodeRecord>> {
    let node = change.tx.update_node(&permit, &change.world, description, change.now).await?;
    // A caller who may change it may not be able to read all of it.
    let sight = change.world.principal(&call.actor)?.sight(scope).unwrap_or(Sight::Name);
    change.commit(permit, 200, NodeRecord { sight, ..node }).await
}
