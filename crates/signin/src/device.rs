//! Recognizes a browser in which a user has signed in before. Owns the cookie's value. It proves nothing about the
//! person at the browser now, and must never count as a sign-in. Its only use: failures of others for a name do not
//! delay the browsers of its owner ([`crate::throttle`]). It is bound to the user's id and password, and ends with
//! either.

use std::fmt;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::time::UnixSeconds;

/// How long a device proof is valid.
pub const VALID_SECONDS: i64 = 180 * 24 * 60 * 60;

/// Allowed clock difference to the replica that issued a proof.
const CLOCK_SKEW_SECONDS: i64 = 60;

/// Separates these MACs from any other use of the same key.
const PURPOSE: &[u8] = b"rolecall device proof 2\0";

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

    /// Makes the cookie value for a browser in which `user` has just signed in with the password of this generation.
    ///
    /// 54 characters of base64url: the time of issue, and an HMAC-SHA-256 over the time, the id and the generation.
    #[must_use]
    pub fn issue(&self, user: Uuid, generation: i64, now: UnixSeconds) -> String {
        let time = now.0.to_be_bytes();
        let mac = hmac::sign(&self.0, &message(user, generation, &time));
        URL_SAFE_NO_PAD.encode([&time, mac.as_ref()].concat())
    }

    /// Whether `value` was issued for this user with a password of this generation, less than 180 days ago.
    #[must_use]
    pub fn verify(&self, user: Uuid, generation: i64, value: &str, now: UnixSeconds) -> bool {
        let mut bytes = [0; TIME_BYTES + MAC_BYTES];
        let Ok(length) = URL_SAFE_NO_PAD.decode_slice(value, &mut bytes) else {
            return false;
        };
        let Some((time, mac)) = bytes.split_first_chunk::<TIME_BYTES>() else {
            return false;
        };
        if length != bytes.len() || hmac::verify(&self.0, &message(user, generation, time), mac).is_err() {
            return false;
        }
        let age = now.0.saturating_sub(i64::from_be_bytes(*time));
        (-CLOCK_SKEW_SECONDS..VALID_SECONDS).contains(&age)
    }
}

/// Every part has a fixed length, so the parts cannot be confused.
fn message(user: Uuid, generation: i64, time: &[u8; TIME_BYTES]) -> Vec<u8> {
    [PURPOSE, time, &generation.to_be_bytes(), user.as_bytes()].concat()
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
    const ANA: Uuid = Uuid::from_u128(7);

    fn later(seconds: i64) -> UnixSeconds {
        UnixSeconds(NOW.0 + seconds)
    }

    #[test]
    fn a_proof_holds_for_its_user_for_180_days() {
        let key = DeviceKey::new(&[7; 32]);
        let proof = key.issue(ANA, 3, NOW);

        assert_eq!(proof.len(), 54);
        assert!(key.verify(ANA, 3, &proof, NOW));
        assert!(key.verify(ANA, 3, &proof, later(VALID_SECONDS - 1)));
        assert!(!key.verify(ANA, 3, &proof, later(VALID_SECONDS)));
        assert!(key.verify(ANA, 3, &proof, later(-60)), "a replica's clock runs a little behind");
        assert!(!key.verify(ANA, 3, &proof, later(-61)));
    }

    #[test]
    fn it_holds_for_no_other_user_no_other_password_and_no_other_key() {
        let key = DeviceKey::new(&[7; 32]);
        let proof = key.issue(ANA, 3, NOW);

        assert!(!key.verify(Uuid::from_u128(8), 3, &proof, NOW), "a later user of the same name");
        assert!(!key.verify(ANA, 4, &proof, NOW), "the password was reset");
        assert!(!key.verify(ANA, 2, &proof, NOW));
        assert!(!DeviceKey::new(&[8; 32]).verify(ANA, 3, &proof, NOW));
    }

    #[test]
    fn no_changed_proof_is_accepted() {
        let key = DeviceKey::new(&[7; 32]);
        let proof = key.issue(ANA, 0, NOW);
        let bytes = URL_SAFE_NO_PAD.decode(&proof).unwrap();

        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert!(!key.verify(ANA, 0, &URL_SAFE_NO_PAD.encode(changed), NOW), "byte {place}");
        }
        for length in [0, 1, 8, 39, 41, 4000] {
            let mut changed = bytes.clone();
            changed.resize(length, 0);
            assert!(!key.verify(ANA, 0, &URL_SAFE_NO_PAD.encode(changed), NOW), "{length} bytes");
        }
        assert!(!key.verify(ANA, 0, "not base64 at all", NOW));
    }

    #[test]
    fn debug_prints_stars() {
        assert_eq!(format!("{:?}", DeviceKey::new(&[7; 32])), "DeviceKey(***)");
    }
}
