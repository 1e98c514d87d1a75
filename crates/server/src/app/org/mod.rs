//! The organisation: clusters, departments and projects, read, made and removed.

mod clusters;
mod departments;
mod projects;
mod read;

pub use clusters::{create_cluster, delete_cluster};
pub use departments::{NewDepartment, create_department, delete_department};
pub use projects::{NewProject, create_project, delete_project};
pub use read::{Listing, Nodes, count, get, list};

use rolecall_core::access::{Act, Sight};
use rolecall_core::org::{Lineage, NodeName, Scope};
use rolecall_core::{Result, Timestamp};
use rolecall_store::NodeRecord;

use super::{Call, Changed};

/// What is known of a node that was just made below `parent`. Whoever made it knows all of it.
fn made(
    call: &Call,
    scope: Scope,
    parent: Lineage,
    name: &NodeName,
    description: String,
    now: Timestamp,
) -> NodeRecord {
    NodeRecord {
        scope,
        name: name.to_string(),
        description,
        cluster: parent.cluster,
        department: parent.department,
        created_by: call.actor.name().to_owned(),
        created_at: now,
        updated_at: now,
        sight: Sight::Full,
    }
}

async fn delete(call: &Call, act: Act) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(act)?;
    change.tx.delete_node(&permit, &change.world, change.now).await?;
    change.commit(permit, 204, ()).await
}
