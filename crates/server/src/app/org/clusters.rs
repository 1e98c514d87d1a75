//! Making and removing clusters.

use rolecall_core::Result;
use rolecall_core::access::Act;
use rolecall_core::org::{ClusterId, Lineage, NodeName, Scope};
use rolecall_store::NodeRecord;

use crate::app::{Call, Changed};

/// Makes a cluster, with its default department.
///
/// # Errors
/// Forbidden without `cluster:create` at the account; conflict when there is one of that name.
pub async fn create_cluster(call: &Call, name: NodeName) -> Result<Changed<NodeRecord>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::CreateCluster { name: name.clone() }).await?;
    let id = ClusterId::new(call.app.random.uuid()?);
    change.tx.create_cluster(&permit, id, change.now).await?;
    let itself = Lineage { cluster: Some(id), ..Lineage::ACCOUNT };
    let record = super::made(call, &change, Scope::Cluster(id), itself, &name, String::new());
    change.commit(permit, 201, record).await
}

/// Removes a cluster, with its default department when that is empty, and the access rules of both.
///
/// # Errors
/// Not found; forbidden without `cluster:delete`; conflict while something else is below it.
pub async fn delete_cluster(call: &Call, id: ClusterId) -> Result<Changed<()>> {
    super::delete(call, Act::DeleteCluster(id)).await
}
