//! Lists that the world answers: filters, search, order and pages of facts.

mod matching;
mod roles;

pub use matching::Cell;
pub use roles::{ROLE_FIELDS, ROLE_SORTS, RoleList};
