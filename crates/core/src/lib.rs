//! The pure core of Rolecall: the organization's tree, subjects, roles, access rules, decisions and guards.
//!
//! Everything here is a function of its arguments. The crate must not do IO, be async, or read the clock or random
//! numbers, so that any decision can be repeated elsewhere and later with the same outcome.

pub mod access;
pub mod acts;
pub mod catalogue;
pub mod error;
pub mod filter;
pub mod identity;
pub mod lists;
pub mod org;
pub mod text;
pub mod time;
pub mod verify;
pub mod world;

pub use error::{Error, ErrorKind, Result};
pub use time::Timestamp;
pub use world::{Change, Revision, RevisionId, RevisionStamp, World};
