//! Users: creates, reads, changes and deletes them.

mod create;
mod email;
mod list;
mod manage;
mod minimal;
mod password;

pub use create::{CreatedUser, create};
pub use email::{EmailChange, change_email, email_change};
pub use list::{ListFilter, count, export, get, held_rules, list, sees_all_rules};
pub use manage::{delete, disable, enable, log_out, unbind};
pub use minimal::{Sought, find};
pub use password::{change_own, reset, temporary as temporary_password};
