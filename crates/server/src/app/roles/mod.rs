//! Roles: reads, creates, changes and deletes them.

mod change;
mod predefined;
mod read;

pub use change::{create, delete, set_enabled, update};
pub use predefined::bring_up_to_date;
pub use read::{RolePage, get, grantable, list, preset, presets};
