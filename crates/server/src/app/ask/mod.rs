//! Asking about anybody: may he, why, who may, where, and what all.
//!
//! Nothing here waits for the database: the world is in memory. Who asks is resolved once for a request, and what several
//! questions in a row have in common is looked up once. What the caller may not know, core leaves out.

mod place;
mod question;
mod search;

pub use place::Place;
pub use question::{Answer, Asking, Question, Unknown, permission, subject, subject_kind};
pub use search::{actions, changes, scopes, subjects};
