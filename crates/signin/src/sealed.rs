//! Secrets at rest: encrypted with AES-256-GCM (NIST SP 800-38D) under a key that is not stored beside them.
//!
//! A sealed secret is bound to its name, so that one cannot take the place of another.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// Begins each sealed secret. No secret in the clear begins like this and is as long.
const MARK: &[u8] = b"RCS1";
/// Bytes of the id of the sealing key, behind the mark.
const ID: usize = 8;
/// Bytes of an authentication tag.
const TAG: usize = 16;

/// The key that seals secrets.
pub struct SealingKey {
    key: LessSafeKey,
    id: [u8; ID],
}

/// Why a secret cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Another key sealed it.
    #[error("another encryption key encrypted it")]
    AnotherKey,
    /// It was altered, or belongs to another name.
    #[error("it was altered after it was encrypted")]
    Altered,
}

/// A text that is not a sealing key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an encryption key is 32 random bytes in base64, such as `openssl rand -base64 32` prints")]
pub struct NotASealingKey;

impl SealingKey {
    /// The length of a key, in bytes.
    pub const LENGTH: usize = 32;

    /// A key of these bytes.
    ///
    /// # Errors
    /// Never for bytes of this length.
    pub fn new(bytes: &[u8; Self::LENGTH]) -> Result<Self, NotASealingKey> {
        let key = UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| NotASealingKey)?;
        let digest = digest(&SHA256, &[b"rolecall sealing key id".as_slice(), bytes].concat());
        let id = digest.as_ref().first_chunk().copied().ok_or(NotASealingKey)?;
        Ok(Self { key: LessSafeKey::new(key), id })
    }

    /// The key in a file: base64, with or without a line end.
    ///
    /// # Errors
    /// When it is not 32 bytes in base64.
    pub fn parse(text: &str) -> Result<Self, NotASealingKey> {
        let bytes = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| NotASealingKey)?);
        let bytes = Zeroizing::new(<[u8; Self::LENGTH]>::try_from(bytes.as_slice()).map_err(|_| NotASealingKey)?);
        Self::new(&bytes)
    }

    /// The text of a key in a file.
    #[must_use]
    pub fn text(bytes: &[u8; Self::LENGTH]) -> Zeroizing<String> {
        Zeroizing::new(format!("{}\n", STANDARD.encode(bytes)))
    }

    /// The secret, sealed for this name. `nonce` is random and used once.
    #[must_use]
    pub fn seal(&self, name: &str, secret: &[u8], nonce: [u8; NONCE_LEN]) -> Vec<u8> {
        let mut sealed = [MARK, &self.id, &nonce].concat();
        let mut text = secret.to_vec();
        // It fails for more than 64 GiB only.
        let tag = self.key.seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(name), &mut text);
        if let Ok(tag) = tag {
            sealed.extend_from_slice(&text);
            sealed.extend_from_slice(tag.as_ref());
        }
        sealed
    }

    /// The secret that was sealed for this name.
    ///
    /// # Errors
    /// When another key sealed it, or it was altered.
    pub fn open(&self, name: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let rest = sealed.strip_prefix(MARK).ok_or(SealError::Altered)?;
        let (id, rest) = rest.split_first_chunk::<ID>().ok_or(SealError::Altered)?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>().ok_or(SealError::Altered)?;
        if *id != self.id {
            return Err(SealError::AnotherKey);
        }
        let mut text = Zeroizing::new(text.to_vec());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = self.key.open_in_place(nonce, Aad::from(name), &mut text).map_err(|_| SealError::Altered)?.len();
        text.truncate(length);
        Ok(text)
    }
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealingKey").finish_non_exhaustive()
    }
}

/// Whether this is a sealed secret, and not one in the clear.
#[must_use]
pub fn is_sealed(bytes: &[u8]) -> bool {
    bytes.starts_with(MARK) && bytes.len() >= MARK.len() + ID + NONCE_LEN + TAG
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCE: [u8; NONCE_LEN] = [7; NONCE_LEN];

    fn key(byte: u8) -> SealingKey {
        SealingKey::new(&[byte; 32]).unwrap()
    }

    #[test]
    fn a_secret_is_opened_with_the_key_and_name_that_sealed_it() {
        for secret in [b"".as_slice(), b"x", &[0; 10_000]] {
            let sealed = key(1).seal("token-signing", secret, NONCE);
            assert!(is_sealed(&sealed));
            assert!(secret.len() < 2 || !sealed.windows(secret.len()).any(|part| part == secret));
            assert_eq!(*key(1).open("token-signing", &sealed).unwrap(), secret);
            assert_eq!(key(1).open("device-proof", &sealed), Err(SealError::Altered));
            assert_eq!(key(2).open("token-signing", &sealed), Err(SealError::AnotherKey));
        }
    }

    #[test]
    fn no_byte_of_it_can_be_changed_or_cut_off() {
        let sealed = key(1).seal("name", b"secret", NONCE);
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(key(1).open("name", &altered).is_err(), "byte {at}");
            assert!(key(1).open("name", &sealed[..at]).is_err(), "{at} bytes");
        }
    }

    #[test]
    fn a_key_is_read_from_its_text() {
        let text = SealingKey::text(&[9; 32]);
        assert_eq!(text.len(), 45);
        let sealed = SealingKey::parse(&text).unwrap().seal("name", b"secret", NONCE);
        assert_eq!(*key(9).open("name", &sealed).unwrap(), b"secret");
        for wrong in ["", "secret", &STANDARD.encode([9; 31]), &STANDARD.encode([9; 33])] {
            assert_eq!(SealingKey::parse(wrong).unwrap_err(), NotASealingKey);
        }
    }

    #[test]
    fn a_secret_in_the_clear_is_not_taken_for_a_sealed_one() {
        assert!(!is_sealed(b"RCS1 and 28 more bytes of key"));
        assert!(!is_sealed(&[0x30; 1200]));
    }
}
