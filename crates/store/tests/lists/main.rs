//! Lists, on both databases, compared with a naive evaluation of the same rows.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::as_conversions,
    reason = "a test that cannot go on must fail"
)]

#[path = "../common/mod.rs"]
mod common;
mod held_rules;
mod holders;
mod naive;
mod nodes;
mod nodes_combined;
mod organisation;
mod others;
mod rule_counts;
mod rules;
mod rules_combined;
mod rules_visible;
mod users;
mod users_combined;
