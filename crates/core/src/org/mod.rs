//! The organization: a tree of account, clusters, departments and projects. Its nodes are the scopes of access rules.

mod ids;
mod name;
mod node;
mod scope;
#[cfg(test)]
mod tests;

pub(crate) use ids::number_ids;
pub use ids::{AccountId, ClusterId, DepartmentId, ProjectId};
pub use name::NodeName;
pub use node::{Account, Cluster, Department, Project};
pub use scope::{Scope, ScopeKind, ScopePath};
