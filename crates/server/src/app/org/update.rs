//! Updates clusters, departments and projects: names and descriptions. Nodes do not move.

use rolecall_core::access::Sight;
use rolecall_core::acts::{UpdateCluster, UpdateDepartment, UpdateProject};
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
    let permit = change.authorize(UpdateCluster { cluster: id, name }).await?;
    change.tx.update_cluster(&permit).await?;
    change.commit(permit, ()).await
}

/// Updates a department.
///
/// # Errors
/// `NotFound`; `Forbidden` without `department:update`; `Invalid` for another cluster; `Conflict` when another
/// department in its cluster has that name; `Outdated` when it has changed since the caller read it.
pub async fn update_department(call: &Call, id: DepartmentId, new: DepartmentUpdate) -> Result<Changed<NodeRecord>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(UpdateDepartment { department: id, name: new.name }).await?;
    // Checked after the permit: only a caller who sees the department learns its cluster.
    let scope = Scope::Department(id);
    ensure_in_cluster(&change, scope, new.cluster)?;
    let node = change.tx.update_department(&permit, new.description.as_deref()).await?;
    let node = seen(call, &change, node)?;
    change.commit(permit, node).await
}

/// Updates a project.
///
/// # Errors
/// `NotFound`; `Forbidden` without `project:update`; `Invalid` for another department or cluster; `Conflict` when
/// another project in its cluster has that name; `Outdated` when it has changed since the caller read it.
pub async fn update_project(call: &Call, id: ProjectId, new: ProjectUpdate) -> Result<Changed<NodeRecord>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(UpdateProject { project: id, name: new.name }).await?;
    let scope = Scope::Project(id);
    ensure_in_cluster(&change, scope, new.cluster)?;
    let above = change.tx.world().project(id).map(|project| project.department);
    if let (Some(wanted), Some(above)) = (new.department, above)
        && wanted != above
    {
        return Err(Error::invalid(format!(
            "parentId: {scope} is in department {above} and cannot move; leave parentId out, or create another project in \
                 department {wanted}"
        )));
    }
    let node = change.tx.update_project(&permit, new.description.as_deref()).await?;
    let node = seen(call, &change, node)?;
    change.commit(permit, node).await
}

fn ensure_in_cluster(change: &OpenChange, scope: Scope, wanted: Option<ClusterId>) -> Result<()> {
    let above = change.tx.world().scope_path(scope).and_then(|path| path.cluster);
    match (wanted, above) {
        (Some(wanted), Some(above)) if wanted != above => Err(Error::invalid(format!(
            "clusterId: {scope} is in cluster {above} and cannot move; leave clusterId out, or create another {} in cluster \
                 {wanted}",
            scope.kind().as_str()
        ))),
        _ => Ok(()),
    }
}

/// The node, as far as the caller sees it: who may change it may not be able to read all of it.
fn seen(call: &Call, change: &OpenChange, node: NodeRecord) -> Result<NodeRecord> {
    let sight = change.tx.world().principal(&call.actor)?.sight(node.scope).unwrap_or(Sight::Name);
    Ok(NodeRecord { sight, ..node })
}
