//! The proof of the core: its decisions and checks are compared with a naive evaluation.
//!
//! The crate's own `verify::naive` computes the correct answers with set comprehensions over plain lists of facts, as
//! for `rolecall doctor`. `worlds` makes random ones. Everything here uses the crate's public API.

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
mod ended;
mod facts;
mod faults;
mod hidden;
mod impacts;
mod lockout;
mod policy_table;
mod question_faults;
mod questions;
mod small_worlds;
mod stories;
mod temporary;
mod truth;
mod worlds;

use rolecall_core::verify::naive;

/// How each property runs: this many worlds, after the stored cases that failed before.
fn config(cases: u32) -> proptest::test_runner::Config {
    use proptest::test_runner::{Config, FileFailurePersistence};
    let persistence = FileFailurePersistence::Direct("proptest-regressions/proof.txt");
    Config { failure_persistence: Some(Box::new(persistence)), ..Config::with_cases(cases) }
}
