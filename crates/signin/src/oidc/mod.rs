//! Signing in with OpenID Connect: a relying party for the authorization code flow, without network, clock or storage.
//! The server fetches and stores; this module says what to send and decides what to believe.
//!
//! | step | here |
//! |---|---|
//! | read what the provider says of itself | [`discovery::Provider::read`] |
//! | begin a sign-in and send the browser away | [`flow::SignIn`] |
//! | check the answer that the browser brings | [`flow::Callback`], [`flow::SignIn::check`] |
//! | exchange the code | [`token_request`], [`token_answer::TokenAnswer`] |
//! | read the provider's keys | [`keys::KeySet`] |
//! | verify who signed in | [`id_token::verify`] |
//! | add claims of the userinfo endpoint | [`userinfo::Userinfo`] |
//! | make a person of the claims | [`crate::mapping`] |
//! | end sessions when the provider says so | [`logout_token::verify`] |
//! | try settings with a pasted token | [`unverified::claims`] |
//! | sign in with an OpenShift cluster | [`openshift`] |
//! | end the provider's session | [`token_request::end_session_address`] |
//!
//! Why there is no library for this: `docs/decisions/0020-openid-connect.md`. Rolecall's own access tokens are verified
//! by [`crate::token`], by other and stricter rules; neither accepts a token of the other.

mod address;
mod algorithm;
mod claims;
pub mod discovery;
pub mod flow;
mod form;
pub mod id_token;
mod json;
mod jws;
pub mod keys;
pub mod logout_token;
pub mod openshift;
pub mod token_answer;
pub mod token_request;
pub mod unverified;
pub mod userinfo;

pub use address::{AddressProblem, LoopbackHttp};
pub use algorithm::Algorithm;
pub use claims::{CLOCK_SKEW_SECONDS, ClaimError};
pub use jws::SignatureError;
