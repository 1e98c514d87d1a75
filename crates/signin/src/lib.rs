//! Proving who somebody is: bytes, keys and `now` become verified claims, or a refusal.
//!
//! This crate parses what strangers send (passwords, tokens, cookies), so it is kept where it cannot do harm: no
//! network, no database, no files, no async, no clock. Random bytes and the time are arguments. Two exceptions are
//! forced by libraries and change no answer that a test could notice: [`token::signing::SigningKey::generate`] draws an RSA key
//! from the library's own generator, and the strength estimate in [`password::policy`] reads the current year to
//! recognise recent dates.
//!
//! A bird's eye:
//!
//! | to do this | look here |
//! |---|---|
//! | hold a password or token in memory without printing it | [`secret::Secret`] |
//! | make a session id, refresh token or client secret; store and find it by hash | [`opaque`] |
//! | hash and verify passwords; cost the same for unknown users | [`password::hash`] |
//! | decide whether somebody may choose this password | [`password::policy`] |
//! | generate a temporary password | [`password::temporary`] |
//! | sign and verify access tokens; publish the keys | [`token`] |
//! | slow failed sign-ins, bound those that wait | [`throttle`] |
//! | recognise a browser that has signed in before | [`device`] |
//!
//! What it must not do: decide what somebody may do (that is `rolecall-core`), know whether an account exists, is
//! enabled or has an open session (that is the server's to ask), or keep anything beyond what a caller gave it.

pub mod device;
pub mod opaque;
pub mod password;
pub mod secret;
pub mod throttle;
pub mod time;
pub mod token;
