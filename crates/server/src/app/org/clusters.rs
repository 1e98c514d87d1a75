//! Creates and deletes clusters.

use rolecall_core::Result;
use rolecall_core::acts::{CreateCluster, DeleteCluster};
use rolecall_core::org::{ClusterId, NodeName, Scope, ScopePath};
use rolecall_store::NodeRecord;

use crate::app::{Call, Changed};

/// Creates a cluster, with its default department.
///
/// # Errors
/// `Forbidden` without `cluster:create` at the account; `Conflict` when a cluster has that name.
pub async fn create_cluster(call: &Call, name: NodeName) -> Result<Changed<NodeRecord>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(CreateCluster { name: name.clone() }).await?;
    let id = ClusterId::new(call.app.random.uuid()?);
    change.tx.create_cluster(&permit, id).await?;
    let itself = ScopePath { cluster: Some(id), ..ScopePath::ACCOUNT };
    let record = super::made(call, &change, Scope::Cluster(id), itself, &name, String::new());
    change.commit(permit, record).await
}

/// Deletes a cluster, with its default department if that is empty, and the access rules of both.
///
/// # Errors
/// `NotFound`; `Forbidden` without `cluster:delete`; `Conflict` while it has other contents.
pub async fn delete_cluster(call: &Call, id: ClusterId) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(DeleteCluster(id)).await?;
    change.tx.delete_cluster(&permit).await?;
    change.commit(permit, ()).await
}
