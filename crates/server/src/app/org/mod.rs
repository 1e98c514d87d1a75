//! The organization: reads, creates, updates and deletes clusters, departments and projects.

mod clusters;
mod departments;
mod projects;
mod read;
mod update;

pub use clusters::{create_cluster, delete_cluster};
pub use departments::{NewDepartment, create_department, delete_department};
pub use projects::{NewProject, create_project, delete_project};
pub(in crate::app) use read::seen_by;
pub use read::{Listing, Nodes, count, get, list};
pub use update::{DepartmentUpdate, ProjectUpdate, update_cluster, update_department, update_project};

use rolecall_core::access::Sight;
use rolecall_core::org::{NodeName, Scope, ScopePath};
use rolecall_store::NodeRecord;

use super::{Call, OpenChange};

/// The record of a node just created below `parent`. Its creator sees all of it.
fn made(
    call: &Call,
    change: &OpenChange,
    scope: Scope,
    parent: ScopePath,
    name: &NodeName,
    description: String,
) -> NodeRecord {
    NodeRecord {
        scope,
        name: name.to_string(),
        description,
        cluster: parent.cluster,
        department: parent.department,
        created_by: call.actor.name().to_owned(),
        created_at: change.tx.now(),
        updated_at: change.tx.now(),
        revision: change.tx.stamp(),
        sight: Sight::Full,
    }
}
