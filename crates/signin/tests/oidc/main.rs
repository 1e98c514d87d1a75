//! A sign-in with OpenID Connect, from the discovery document to a person, against messages that other implementations
//! made in the shapes of real providers (`vectors/make.py`), and against known attacks.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on must fail"
)]

mod answers;
mod discovery;
mod flow;
mod id_tokens;
mod keys;
mod logout_tokens;
mod openshift;
mod providers;
mod signer;
mod vectors;
