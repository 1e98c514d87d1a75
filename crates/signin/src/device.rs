//! Recognising a browser in which somebody has signed in before. Owns the cookie's value; it proves nothing about who sits
//! in front of the browser now, and must never be taken for a sign-in. Its only use: strangers who try passwords for a name
//! do not slow down the browsers of its owner ([`crate::throttle`]).

use std::fmt;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::time::UnixSeconds;

/// How long a device proof is valid.
pub const VALID_SECONDS: i64 = 180 * 24 * 60 * 60;

/// How far ahead of ours the clock of the replica that issued a proof may be.
const CLOCK_SKEW_SECONDS: i64 = 60;

/// Keeps these MACs apart from any other use of the same key.
const PURPOSE: &[u8] = b"rolecall device proof 1\0";

const TIME_BYTES: usize = 8;
const MAC_BYTES: usize = 32;

/// The server's secret key for device proofs: 32 random bytes, kept in the store, the same on all replicas.
pub struct DeviceKey(hmac::Key);

impl DeviceKey {
    /// Takes the key's bytes.
    #[must_use]
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// Makes the cookie value for a browser in which `name` has just signed in. Names are compared in lower case.
    ///
    /// 54 characters of base64url: the time of issue and an HMAC-SHA-256 over it and the name.
    #[must_use]
    pub fn issue(&self, name: &str, now: UnixSeconds) -> String {
        let time = now.0.to_be_bytes();
        let mac = hmac::sign(&self.0, &message(name, &time));
        URL_SAFE_NO_PAD.encode([&time, mac.as_ref()].concat())
    }

    /// Whether `value` was issued for this very name, less than 180 days ago.
    #[must_use]
    pub fn verify(&self, name: &str, value: &str, now: UnixSeconds) -> bool {
        let mut bytes = [0; TIME_BYTES + MAC_BYTES];
        let Ok(length) = URL_SAFE_NO_PAD.decode_slice(value, &mut bytes) else {
            return false;
        };
        let Some((time, mac)) = bytes.split_first_chunk::<TIME_BYTES>() else {
            return false;
        };
        if length != bytes.len() || hmac::verify(&self.0, &message(name, time), mac).is_err() {
            return false;
        }
        let age = now.0.saturating_sub(i64::from_be_bytes(*time));
        (-CLOCK_SKEW_SECONDS..VALID_SECONDS).contains(&age)
    }
}

/// The time has a fixed length, so nothing in the name can pass for a part of it.
fn message(name: &str, time: &[u8; TIME_BYTES]) -> Vec<u8> {
    [PURPOSE, time, name.to_lowercase().as_bytes()].concat()
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceKey(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixSeconds = UnixSeconds(1_790_000_000);

    fn later(seconds: i64) -> UnixSeconds {
        UnixSeconds(NOW.0 + seconds)
    }

    #[test]
    fn a_proof_holds_for_its_name_in_any_case_for_180_days() {
        let key = DeviceKey::new(&[7; 32]);
        let proof = key.issue("ana@example.com", NOW);

        assert_eq!(proof.len(), 54);
        assert!(key.verify("ana@example.com", &proof, NOW));
        assert!(key.verify("Ana@Example.com", &proof, later(VALID_SECONDS - 1)));
        assert!(!key.verify("ana@example.com", &proof, later(VALID_SECONDS)));
        assert!(key.verify("ana@example.com", &proof, later(-60)), "a replica's clock runs a little behind");
        assert!(!key.verify("ana@example.com", &proof, later(-61)));
    }

    #[test]
    fn it_holds_for_no_other_name_and_no_other_key() {
        let key = DeviceKey::new(&[7; 32]);
        let proof = key.issue("ana@example.com", NOW);

        assert!(!key.verify("bob@example.com", &proof, NOW));
        assert!(!key.verify("", &proof, NOW));
        assert!(!DeviceKey::new(&[8; 32]).verify("ana@example.com", &proof, NOW));
    }

    #[test]
    fn no_changed_proof_is_accepted() {
        let key = DeviceKey::new(&[7; 32]);
        let proof = key.issue("ana@example.com", NOW);
        let bytes = URL_SAFE_NO_PAD.decode(&proof).unwrap();

        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert!(!key.verify("ana@example.com", &URL_SAFE_NO_PAD.encode(changed), NOW), "byte {place}");
        }
        for length in [0, 1, 8, 39, 41, 4000] {
            let mut changed = bytes.clone();
            changed.resize(length, 0);
            assert!(!key.verify("ana@example.com", &URL_SAFE_NO_PAD.encode(changed), NOW), "{length} bytes");
        }
        assert!(!key.verify("ana@example.com", "not base64 at all", NOW));
    }

    #[test]
    fn debug_prints_stars() {
        assert_eq!(format!("{:?}", DeviceKey::new(&[7; 32])), "DeviceKey(***)");
    }
}
