//! The catalogue: resource types, actions, permissions, and the presets and predefined roles made of them.
//!
//! It is compiled in. The predefined roles enter the world by a revision, at the bootstrap and at the first start of a version
//! with others; from then on the world's roles count. They are reviewed in `crates/core/policy-table.txt`.

mod permission;
mod predefined_role;
mod predefined_table;
mod presets;
mod resource_type;
#[cfg(test)]
mod tests;

pub use permission::{Action, Permission, PermissionSet};
pub use predefined_role::{PredefinedRole, RoleId, RolePermission};
pub use presets::{Preset, PresetId};
pub use resource_type::{ResourceGroup, ResourceType};
