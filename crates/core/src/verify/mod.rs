//! Verification: the same questions answered a second time, naively, from plain lists of facts.
//!
//! The tests of this crate and `rolecall doctor --verify` compare these answers with those of the
//! [`World`](crate::World). Nothing here may use what it checks, and nothing that decides may use this; only `compare`
//! knows both.

mod after;
mod compare;
mod facts;
pub mod naive;

pub use after::after;
pub use compare::{Tally, compare_subject, compare_who_can};
pub use facts::Facts;
