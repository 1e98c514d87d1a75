//! Random secrets: session ids, refresh tokens, client secrets. Owns their form, and that only their SHA-256 is stored.
//! The server looks the hash up and decides whether a secret is still valid.

use std::fmt;
use std::hash::{Hash, Hasher};

use aws_lc_rs::{constant_time, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::secret::Secret;

/// Random bytes of an opaque secret: 256 bits, so that a plain fast hash of it cannot be reversed by guessing.
pub const RANDOM_BYTES: usize = 32;

/// The purpose of an opaque secret. It is part of the text, and so of the hash: a refresh token presented as a session
/// is not found, and a leaked secret shows its finder what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretKind {
    /// A browser session (the cookie's value).
    Session,
    /// A refresh token.
    Refresh,
    /// The secret of a service account.
    ServiceAccount,
}

impl SecretKind {
    /// The prefix of its text.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Session => "rcs_",
            Self::Refresh => "rcr_",
            Self::ServiceAccount => "rca_",
        }
    }
}

/// An opaque secret in the clear: prefix and 43 characters of base64url. Shown once, never stored.
#[derive(Debug, Clone)]
pub struct OpaqueSecret(Secret);

impl OpaqueSecret {
    /// Makes one from random bytes, which the caller must use for nothing else.
    #[must_use]
    pub fn new(kind: SecretKind, random: &[u8; RANDOM_BYTES]) -> Self {
        let mut text = String::from(kind.prefix());
        URL_SAFE_NO_PAD.encode_string(random, &mut text);
        Self(Secret::from(text))
    }

    /// Parses a presented secret of `kind`. `None` when it cannot be one.
    #[must_use]
    pub fn parse(kind: SecretKind, presented: &str) -> Option<Self> {
        let body = presented.strip_prefix(kind.prefix())?;
        let mut bytes = zeroize::Zeroizing::new([0; RANDOM_BYTES]);
        // The length is checked first: decoding into the array rejects longer input, but not shorter.
        if body.len() != RANDOM_BYTES.saturating_mul(4).div_ceil(3) {
            return None;
        }
        URL_SAFE_NO_PAD.decode_slice(body, bytes.as_mut_slice()).ok()?;
        Some(Self(Secret::from(presented)))
    }

    /// The text to give to its owner.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// The hash to store and to look up.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(self.0.expose())
    }
}

/// The SHA-256 of a secret text. Comparison takes constant time.
#[derive(Clone, Copy)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// Hashes a high-entropy text: an opaque secret, or a whole access token to remember. Never a password.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut bytes = [0; 32];
        let hashed = digest::digest(&digest::SHA256, text.as_bytes());
        bytes.copy_from_slice(hashed.as_ref());
        Self(bytes)
    }

    /// A stored hash.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for SecretHash {
    fn eq(&self, other: &Self) -> bool {
        constant_time::verify_slices_are_equal(&self.0, &other.0).is_ok()
    }
}

impl Eq for SecretHash {}

impl Hash for SecretHash {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [SecretKind; 3] = [SecretKind::Session, SecretKind::Refresh, SecretKind::ServiceAccount];

    #[test]
    fn a_secret_says_what_it_is_and_comes_back_from_its_text() {
        for kind in ALL {
            let made = OpaqueSecret::new(kind, &[0xA7; RANDOM_BYTES]);
            assert!(made.expose().starts_with(kind.prefix()));
            assert_eq!(made.expose().len(), 47);

            let read = OpaqueSecret::parse(kind, made.expose()).unwrap();
            assert_eq!(read.hash(), made.hash());
        }
    }

    #[test]
    fn the_same_bytes_for_another_purpose_are_another_secret() {
        let session = OpaqueSecret::new(SecretKind::Session, &[1; RANDOM_BYTES]);
        let refresh = OpaqueSecret::new(SecretKind::Refresh, &[1; RANDOM_BYTES]);

        assert_ne!(session.hash(), refresh.hash());
        assert!(OpaqueSecret::parse(SecretKind::Session, refresh.expose()).is_none());
    }

    #[test]
    fn what_cannot_be_a_secret_is_not_looked_up() {
        let good = OpaqueSecret::new(SecretKind::Session, &[9; RANDOM_BYTES]);
        let short = good.expose().strip_suffix(|_: char| true).unwrap();
        for bad in [
            "",
            "rcs_",
            short,
            &format!("{}A", good.expose()),
            &format!("{} ", short),
            &format!("rcs_{}", "é".repeat(43)),
            &format!("rcs_{}", "/".repeat(43)),
        ] {
            assert!(OpaqueSecret::parse(SecretKind::Session, bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn the_hash_is_sha_256() {
        // FIPS 180-2, appendix B.1.
        let expected = [
            0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03,
            0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad,
        ];
        assert_eq!(SecretHash::of("abc"), SecretHash::from_bytes(expected));
        assert_eq!(SecretHash::of("abc").as_bytes(), &expected);
    }

    #[test]
    fn debug_prints_stars() {
        let secret = OpaqueSecret::new(SecretKind::Session, &[0; RANDOM_BYTES]);
        assert_eq!(format!("{secret:?}"), "OpaqueSecret(***)");
        assert_eq!(format!("{:?}", secret.hash()), "SecretHash(***)");
    }
}
