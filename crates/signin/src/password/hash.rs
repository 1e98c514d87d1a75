//! Stores and checks passwords with Argon2id (RFC 9106), in the PHC string format. Owns the cost parameters and the
//! memory. Does not decide which passwords are good.

use std::fmt;

use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::constant_time;

use super::normal::normal;
use super::{MAX_CHARACTERS, is_too_long};
use crate::secret::Secret;

/// Memory in KiB, passes and lanes: the OWASP recommendation for Argon2id with the least memory that still has two passes.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const OUTPUT_BYTES: usize = 32;

/// Bytes of salt.
pub const SALT_BYTES: usize = 16;

/// The most expensive stored hash that is verified. An imported hash must not exhaust the machine.
const MAX_MEMORY_KIB: u32 = 256 * 1024;
const MAX_PASSES: u32 = 16;
const MAX_LANES: u32 = 16;

/// A stored password: an Argon2id hash that this crate can verify.
#[derive(Clone)]
pub struct PasswordHash {
    // INVARIANT: `params` are those of `phc`, within the limits above, and `phc` is Argon2id version 19 with salt and
    // output. Only `parse` and `Hasher::hash` construct it.
    params: Params,
    phc: phc::PasswordHash,
}

impl PasswordHash {
    /// Parses a stored hash.
    ///
    /// # Errors
    /// When it is not a PHC string, not Argon2id version 19, or needs more memory or time than the limits allow.
    pub fn parse(stored: &str) -> Result<Self, PasswordHashError> {
        let phc = phc::PasswordHash::new(stored).map_err(|_| PasswordHashError::NotPhc)?;
        if phc.algorithm.as_str() != Algorithm::Argon2id.as_str() {
            return Err(PasswordHashError::OtherAlgorithm(phc.algorithm.as_str().to_owned()));
        }
        if phc.version != Some(u32::from(Version::V0x13)) {
            return Err(PasswordHashError::OtherVersion);
        }
        if phc.salt.is_none() || phc.hash.is_none() {
            return Err(PasswordHashError::NotPhc);
        }
        let params = Params::try_from(&phc).map_err(|_| PasswordHashError::BadParameters)?;
        // A key id or associated data would silently be part of the hash; Rolecall never writes any.
        let plain = params.keyid().is_empty() && params.data().is_empty();
        let affordable =
            params.m_cost() <= MAX_MEMORY_KIB && params.t_cost() <= MAX_PASSES && params.p_cost() <= MAX_LANES;
        if !plain || !affordable {
            return Err(PasswordHashError::BadParameters);
        }
        Ok(Self { params, phc })
    }

    /// The PHC string to store.
    #[must_use]
    pub fn to_phc(&self) -> String {
        self.phc.to_string()
    }

    /// Whether its parameters differ from the current ones, so that the next successful sign-in should replace it.
    #[must_use]
    pub fn needs_rehash(&self) -> bool {
        self.params.m_cost() != MEMORY_KIB
            || self.params.t_cost() != PASSES
            || self.params.p_cost() != LANES
            || self.params.output_len() != Some(OUTPUT_BYTES)
            || self.phc.salt.is_none_or(|salt| salt.len() < SALT_BYTES)
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(***)")
    }
}

/// Why a stored hash cannot be used. Never contains the hash.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordHashError {
    /// Not `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
    #[error("the stored password hash is not in PHC format; reset this user's password")]
    NotPhc,
    /// A PHC string of another algorithm.
    #[error("the stored password hash uses {0:?}, but only argon2id is supported; reset this user's password")]
    OtherAlgorithm(String),
    /// Argon2id of another version than 19.
    #[error("the stored password hash uses an argon2id version other than 19; reset this user's password")]
    OtherVersion,
    /// Parameters missing, out of range, or too costly.
    #[error(
        "the stored password hash has missing or out-of-range argon2id parameters (at most {MAX_MEMORY_KIB} KiB of memory, {MAX_PASSES} passes, {MAX_LANES} lanes); reset this user's password"
    )]
    BadParameters,
}

/// Why a password could not be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// Longer than [`MAX_CHARACTERS`].
    #[error("a password has at most {MAX_CHARACTERS} characters; choose a shorter one")]
    TooLong,
    /// The library rejected its own parameters: a bug.
    #[error("the password could not be hashed; this is a bug, please report it")]
    Library,
}

/// How a password matched a stored one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matched {
    /// No match.
    No,
    /// In its normal form, as hashes are made.
    Normalized,
    /// Only as typed: the hash is older than the normalization of passwords, and should be replaced.
    AsTyped,
}

/// Hashes passwords, one at a time, in a block of memory (19 MiB) that it keeps between calls. Use one per hashing
/// thread.
pub struct Hasher {
    blocks: Vec<Block>,
}

impl Hasher {
    /// Allocates the memory at once, so that later calls do not.
    #[must_use]
    pub fn new() -> Self {
        Self { blocks: vec![Block::new(); current_params().block_count()] }
    }

    /// Hashes the normal form of `password` (RFC 8265, `OpaqueString`) with the current parameters. `salt` must be
    /// random.
    ///
    /// # Errors
    /// `TooLong` when the password has more than 255 characters, as typed or in normal form; nothing has been computed
    /// then.
    pub fn hash(&mut self, password: &Secret, salt: &[u8; SALT_BYTES]) -> Result<PasswordHash, HashError> {
        if is_too_long(password.expose()) {
            return Err(HashError::TooLong);
        }
        let normal = normal(password.expose());
        if is_too_long(&normal) {
            return Err(HashError::TooLong);
        }
        let params = current_params();
        let mut output = [0; OUTPUT_BYTES];
        self.compute(&params, &normal, salt, &mut output).map_err(|_| HashError::Library)?;

        let phc = phc::PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(u32::from(Version::V0x13)),
            params: phc::ParamsString::try_from(&params).map_err(|_| HashError::Library)?,
            salt: Some(phc::Salt::new(salt).map_err(|_| HashError::Library)?),
            hash: Some(phc::Output::new(&output).map_err(|_| HashError::Library)?),
        };
        Ok(PasswordHash { params, phc })
    }

    /// Whether `stored` was made from `password`: in its normal form, or as typed for a hash from before passwords were
    /// normalized.
    ///
    /// `None` stands for a user who does not exist or has no password: no match after the same work, so that timing
    /// reveals nothing. The same holds for a password that is too long. The number of hash computations depends on the
    /// typed text alone: two where it is not in normal form. (A hash with older parameters takes its own time, until
    /// the sign-in that replaces it.)
    #[must_use]
    pub fn verify(&mut self, password: &Secret, stored: Option<&PasswordHash>) -> Matched {
        let typed = password.expose();
        if is_too_long(typed) {
            self.verify_text("", None);
            return Matched::No;
        }
        let normal = normal(typed);
        if self.verify_text(&normal, stored) {
            return Matched::Normalized;
        }
        if *normal != *typed && self.verify_text(typed, stored) {
            return Matched::AsTyped;
        }
        Matched::No
    }

    fn verify_text(&mut self, text: &str, stored: Option<&PasswordHash>) -> bool {
        let unknown = current_params();
        let params = stored.map_or(&unknown, |stored| &stored.params);
        let salt = stored.and_then(|stored| stored.phc.salt);
        let salt = salt.as_deref().unwrap_or(&[0; SALT_BYTES]);
        let expected = stored.and_then(|stored| stored.phc.hash);
        let expected = expected.as_ref().map_or(&[0; OUTPUT_BYTES][..], |output| output.as_bytes());

        let mut output = vec![0; expected.len()];
        // Cannot fail for a `PasswordHash` (see its invariant). If it ever does, the sign-in is refused.
        let computed = self.compute(params, text, salt, &mut output).is_ok();
        let equal = constant_time::verify_slices_are_equal(&output, expected).is_ok();
        computed && equal && stored.is_some()
    }

    fn compute(&mut self, params: &Params, password: &str, salt: &[u8], output: &mut [u8]) -> argon2::Result<()> {
        let usual = self.blocks.len();
        let needed = params.block_count();
        if needed > usual {
            self.blocks.resize(needed, Block::new());
        }
        let done = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone()).hash_password_into_with_memory(
            password.as_bytes(),
            salt,
            output,
            &mut self.blocks,
        );
        // An expensive hash is replaced at this sign-in, so its memory is not kept.
        self.blocks.truncate(usual);
        self.blocks.shrink_to_fit();
        done
    }
}

impl Default for Hasher {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hasher")
    }
}

fn current_params() -> Params {
    const PARAMS: Params = match Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT_BYTES)) {
        Ok(params) => params,
        // Evaluated at compile time.
        Err(_) => Params::DEFAULT,
    };
    PARAMS
}

#[cfg(test)]
#[path = "hash_tests.rs"]
mod tests;
