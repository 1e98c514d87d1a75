//! Access rules and the roles that they give: making, reading and removing them.

mod create;
mod delete;
mod list;
mod roles;
mod subject;

pub use create::{NewRule, create};
pub use delete::delete;
pub(in crate::app) use list::visible;
pub use list::{Narrowing, count, get, list};
pub use roles::{role, roles};
