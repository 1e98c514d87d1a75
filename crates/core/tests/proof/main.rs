//! The proof of the core: its decisions and guards against a naive statement of what they should be.
//!
//! The crate's own `verify::naive` says in set comprehensions what is right, over plain lists of facts; `rolecall doctor` asks the
//! same one. `worlds` makes random ones. Everything here goes through the crate's public face.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "tests fail by panicking, and their fixtures are known to fit"
)]

mod applying;
mod containment;
mod decisions;
mod facts;
mod faults;
mod hidden;
mod lockout;
mod policy_table;
mod question_faults;
mod questions;
mod stories;
mod temporary;
mod truth;
mod worlds;

use rolecall_core::verify::naive;

/// How each property runs: so many worlds, and what once failed is kept beside the crate and tried first.
fn config(cases: u32) -> proptest::test_runner::Config {
    use proptest::test_runner::{Config, FileFailurePersistence};
    let persistence = FileFailurePersistence::Direct("proptest-regressions/proof.txt");
    Config { failure_persistence: Some(Box::new(persistence)), ..Config::with_cases(cases) }
}
