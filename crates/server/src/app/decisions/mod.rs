//! Decisions and questions: whether, why, who, where, and which permissions.
//!
//! Nothing here waits for the database: the world is in memory. The caller is resolved once for a request, and
//! consecutive questions share their look-ups. Core leaves out what the caller may not know.

mod holders;
mod question;
mod scope_ref;
mod search;

pub use holders::{Holder, HoldingRule, WhoCanDo, export_holders};
pub use question::{Answer, Asking, Question, Unknown, permission, subject, subject_kind};
pub use scope_ref::ScopeRef;
pub use search::{actions, changes, scopes, subjects};
