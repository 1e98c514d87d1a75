//! The catalogue: resource types, actions, permissions and the predefined roles made of them.
//!
//! It is compiled in: nothing is read at run time, so no installation can differ from the reviewed policy table
//! (`crates/core/policy-table.txt`).

mod permission;
mod predefined;
mod resource_type;
mod role;
#[cfg(test)]
mod tests;

pub use permission::{Action, Permission, PermissionSet};
pub use resource_type::{ResourceGroup, ResourceType};
pub use role::{Grant, Role, RoleId};
