//! Changing clusters, departments and projects: what they are called and what they are for. Nodes do not move.

use rolecall_core::access::{Act, Permit, Sight};
use rolecall_core::org::{ClusterId, DepartmentId, NodeName, ProjectId, Scope};
use rolecall_core::{Error, Result};
use rolecall_store::NodeRecord;

use crate::app::{Call, Changed, OpenChange};

/// What somebody wants a department to be. What is absent stays as it is.
#[derive(Debug, Default)]
pub struct DepartmentUpdate {
    /// Its name.
    pub name: Option<NodeName>,
    /// What it is for.
    pub description: Option<String>,
    /// The cluster that the caller takes it to be in; another one is refused.
    pub cluster: Option<ClusterId>,
}

/// What somebody wants a project to be. What is absent stays as it is.
#[derive(Debug, Default)]
pub struct ProjectUpdate {
    /// Its name.
    pub name: Option<NodeName>,
    /// What it is for.
    pub description: Option<String>,
    /// The cluster that the caller takes it to be in; another one is refused.
    pub cluster: Option<ClusterId>,
    /// The department that the caller takes it to be in; another one is refused.
    pub department: Option<DepartmentId>,
}

/// Renames a cluster.
///
/// # Errors
/// Not found; forbidden without `cluster:update`; conflict when there is another one of that name; outdated when it was
/// changed since the caller read it.
pub async fn update_cluster(call: &Call, id: ClusterId, name: NodeName) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::UpdateCluster { cluster: id, name }).await?;
    change.tx.update_node(&permit, &change.world, None, change.now).await?;
    change.commit(permit, 204, ()).await
}

/// Changes a department.
///
/// # Errors
/// Not found; forbidden without `department:update`; invalid when it is to be in another cluster; conflict when its
/// cluster has another one of that name; outdated when it was changed since the caller read it.
pub async fn update_department(call: &Call, id: DepartmentId, new: DepartmentUpdate) -> Result<Changed<NodeRecord>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::UpdateDepartment { department: id, name: new.name }).await?;
    // Asked after the permit: only whoever sees the department learns where it lies.
    let scope = Scope::Department(id);
    ensure_in_cluster(&change, scope, new.cluster)?;
    update(call, change, permit, scope, new.description.as_deref()).await
}

/// Changes a project.
///
/// # Errors
/// Not found; forbidden without `project:update`; invalid when it is to be in another department or cluster; conflict
/// when its cluster has another one of that name; outdated when it was changed since the caller read it.
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
    // Whoever may change it need not be one who may read all of it.
    let sight = change.world.principal(&call.actor)?.sight(scope).unwrap_or(Sight::Name);
    change.commit(permit, 200, NodeRecord { sight, ..node }).await
}
