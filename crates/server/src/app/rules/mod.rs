//! Access rules: creates, reads and deletes them.

mod batch;
mod create;
mod delete;
mod list;
mod own_last;
mod permissions;
mod subject;

pub use batch::{Item, Outcomes, create_all, delete_all, rehearse_delete_all};
pub use create::{NewRule, create};
pub(in crate::app) use create::{act as act_of_new, ensure_in};
pub use delete::delete;
pub use list::{ListFilter, Whose, count, export, get, list};
pub(in crate::app) use list::{visible, visible_to};
pub(in crate::app) use own_last::own_last;
pub use permissions::{permissions, permitted_in};
pub(in crate::app) use subject::find as find_subject;
