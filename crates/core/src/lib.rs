//! The pure heart of Rolecall: the organisation's tree, subjects, roles, access rules, decisions and guards.
//!
//! Everything here is a function of its arguments. This crate must not do IO, must not be async, and must not ask for
//! the time or for randomness: what it decides can be decided again, elsewhere and later, with the same outcome.

pub mod access;
pub mod catalogue;
pub mod error;
pub mod filter;
pub mod identity;
pub mod org;
pub mod text;
pub mod time;
pub mod verify;
pub mod world;

pub use error::{Error, ErrorKind, Result};
pub use time::Timestamp;
pub use world::{Change, Revision, RevisionId, RevisionStamp, World};
