//! Faults and races: the real program in separate processes, under load, killed, cut off, and called by many at once.
//!
//! Cases that need the server in this process, such as a request held in the middle, use the harness of the API's
//! tests.
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
mod encrypted_keys;
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
mod upgraded_roles;
