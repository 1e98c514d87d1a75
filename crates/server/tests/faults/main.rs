//! Faults and races: the real program in processes of its own, under fire, killed, cut off, and asked by many at once.
//!
//! What only a server in this process can show, such as a request that is held amid its way, uses the harness of the
//! API's tests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "a test that cannot go on must fail, and one that failed tells its seed and the servers' logs"
)]

#[allow(dead_code, unused_imports, unused_macros, reason = "the API's tests use more of their harness than these")]
#[path = "../api/harness/mod.rs"]
mod harness;

mod client;
mod pair;
mod process;
mod proxy;
mod truth;
mod until;
mod whole;

mod announced;
mod connections;
mod database_gone;
mod demoted;
mod doctor;
mod duplicates;
mod export;
mod few_connections;
mod killed;
mod last_administrator;
mod nobody_reads;
mod not_writable;
mod replicas;
mod restored;
mod second_serve;
mod sign_in_storm;
mod standby;
mod strangers;
