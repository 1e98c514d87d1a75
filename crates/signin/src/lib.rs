//! Authentication: bytes, keys and `now` become verified claims, or a refusal.
//!
//! This crate parses input of strangers (passwords, tokens, cookies, XML), so it has no network, database, files, async or
//! clock. Random bytes and the time are arguments. Two exceptions come from libraries and change no answer that a test
//! could notice: [`token::signing::SigningKey::generate`] and [`saml::self_signed::generate`] draw an RSA key from the
//! library's own generator, and the strength estimate in [`password::policy`] reads the current year to recognize recent
//! dates.
//!
//! Overview:
//!
//! | to do this | look here |
//! |---|---|
//! | hold a password or token in memory without printing it | [`secret::Secret`] |
//! | make a session id, refresh token or client secret; store and find it by hash | [`opaque`] |
//! | hash and verify passwords; cost the same for unknown users | [`password::hash`] |
//! | check whether a user may choose a password | [`password::policy`] |
//! | generate a temporary password | [`password::temporary`] |
//! | encrypt a secret that is stored | [`sealed`] |
//! | sign and verify access tokens; publish the keys | [`token`] |
//! | sign in with a SAML identity provider: metadata, requests, verified responses | [`saml`] |
//! | delay failed sign-ins, limit those that wait | [`throttle`] |
//! | recognize a browser that has signed in before | [`device`] |
//! | sign in with an OpenID Connect provider | [`oidc`] |
//! | make a person of the claims that a provider sent | [`mapping`] |
//!
//! It must not decide what a caller may do (`rolecall-core` does), know whether an account exists, is enabled or has an
//! open session (the server does), or store anything.

pub mod device;
pub mod mapping;
pub mod oidc;
pub mod opaque;
pub mod password;
pub mod saml;
pub mod sealed;
pub mod secret;
mod shown;
pub mod throttle;
pub mod time;
pub mod token;
