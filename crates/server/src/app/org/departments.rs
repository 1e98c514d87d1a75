//! Making and removing departments.

use rolecall_core::Result;
use rolecall_core::access::Act;
use rolecall_core::org::{ClusterId, DepartmentId, Lineage, NodeName, Scope};
use rolecall_store::NodeRecord;

use crate::app::{Call, Changed};

/// A department that somebody wants.
#[derive(Debug)]
pub struct NewDepartment {
    /// The cluster above it.
    pub cluster: ClusterId,
    /// Its name.
    pub name: NodeName,
    /// What it is for.
    pub description: String,
}

/// Makes a department.
///
/// # Errors
/// Not found for a cluster that is not there for the caller; forbidden without `department:create` there; conflict when
/// the cluster has one of that name.
pub async fn create_department(call: &Call, new: NewDepartment) -> Result<Changed<NodeRecord>> {
    let NewDepartment { cluster, name, description } = new;
    let mut change = call.open_change().await?;
    let act = Act::CreateDepartment { cluster, name: name.clone() };
    let permit = change.authorize_naming("clusterId", act).await?;
    let id = change.tx.create_department(&permit, &description, change.now).await?;
    let itself = Lineage { cluster: Some(cluster), department: Some(id), project: None };
    let record = super::made(call, &change, Scope::Department(id), itself, &name, description);
    change.commit(permit, 201, record).await
}

/// Removes an empty department, with its access rules.
///
/// # Errors
/// Not found; forbidden without `department:delete`; conflict while it has projects.
pub async fn delete_department(call: &Call, id: DepartmentId) -> Result<Changed<()>> {
    super::delete(call, Act::DeleteDepartment(id)).await
}
