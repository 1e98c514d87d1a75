//! Creates and deletes departments.

use rolecall_core::Result;
use rolecall_core::acts::{CreateDepartment, DeleteDepartment};
use rolecall_core::org::{ClusterId, DepartmentId, NodeName, Scope, ScopePath};
use rolecall_store::NodeRecord;

use crate::app::{Call, Changed};

/// A requested department.
#[derive(Debug)]
pub struct NewDepartment {
    /// Its cluster.
    pub cluster: ClusterId,
    /// Its name.
    pub name: NodeName,
    /// Its description.
    pub description: String,
}

/// Creates a department.
///
/// # Errors
/// `NotFound` when the caller does not see the cluster; `Forbidden` without `department:create` there; `Conflict` when
/// the cluster has a department with that name.
pub async fn create_department(call: &Call, new: NewDepartment) -> Result<Changed<NodeRecord>> {
    let NewDepartment { cluster, name, description } = new;
    let mut change = call.open_change().await?;
    let act = CreateDepartment { cluster, name: name.clone() };
    let permit = change.authorize_naming("clusterId", act).await?;
    let id = change.tx.create_department(&permit, &description).await?;
    let itself = ScopePath { cluster: Some(cluster), department: Some(id), project: None };
    let record = super::made(call, &change, Scope::Department(id), itself, &name, description);
    change.commit(permit, record).await
}

/// Deletes an empty department, with its access rules.
///
/// # Errors
/// `NotFound`; `Forbidden` without `department:delete`; `Conflict` while it has projects.
pub async fn delete_department(call: &Call, id: DepartmentId) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(DeleteDepartment(id)).await?;
    change.tx.delete_department(&permit).await?;
    change.commit(permit, ()).await
}
