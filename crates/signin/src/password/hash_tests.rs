//! Stored passwords, with hashes made by the reference implementation (through Python's `argon2-cffi`).

use std::time::{Duration, Instant};

use super::*;

const SALT: [u8; SALT_BYTES] = *b"0123456789abcdef";

/// "pässword ☃" with today's parameters and `SALT`.
const BY_REFERENCE: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$gK9GHfqQgeLrMlAkj0Vhv351IVD1vt7596R5tTEcCHQ";
/// "correct horse" with higher parameters, and a shorter salt and output.
const COSTLIER: &str = "$argon2id$v=19$m=32768,t=3,p=2$c29tZXNhbHQ$cnmg96U+aE3yyU54ZXsHFVNtrmNW9/4E";
/// "pässword", its second letter as `a` and a combining diaeresis.
const DECOMPOSED: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$f3AtpzSJlE5ZiYVhINpRp7nLr/qI2LW13WNxnYN39Qg";

fn secret(text: &str) -> Secret {
    Secret::from(text)
}

#[test]
fn a_hash_is_the_reference_implementations_to_the_letter() {
    let hash = Hasher::new().hash(&secret("pässword ☃"), &SALT).unwrap();

    assert_eq!(hash.to_phc(), BY_REFERENCE);
    assert!(!hash.needs_rehash());
}

#[test]
fn the_right_password_is_accepted_and_no_other() {
    let mut hasher = Hasher::new();
    let stored = PasswordHash::parse(BY_REFERENCE).unwrap();

    assert_eq!(hasher.verify(&secret("pässword ☃"), Some(&stored)), Matched::Normalized);
    for wrong in ["", "pässword", "Pässword ☃", "pässword ☃ "] {
        assert_eq!(hasher.verify(&secret(wrong), Some(&stored)), Matched::No, "{wrong:?}");
    }
}

#[test]
fn it_does_not_matter_how_a_keyboard_composes_letters() {
    let mut hasher = Hasher::new();
    let stored = PasswordHash::parse(BY_REFERENCE).unwrap();
    for typed in ["pa\u{308}ssword ☃", "pässword\u{a0}☃"] {
        assert_eq!(hasher.verify(&secret(typed), Some(&stored)), Matched::Normalized, "{typed:?}");
        assert_eq!(hasher.hash(&secret(typed), &SALT).unwrap().to_phc(), BY_REFERENCE);
    }
}

#[test]
fn a_hash_from_before_passwords_were_normalized_still_verifies() {
    let stored = PasswordHash::parse(DECOMPOSED).unwrap();
    let mut hasher = Hasher::new();
    assert_eq!(hasher.verify(&secret("pa\u{308}ssword"), Some(&stored)), Matched::AsTyped);
    assert_eq!(hasher.verify(&secret("pässword"), Some(&stored)), Matched::No, "it was never typed like this");
}

#[test]
fn the_memory_is_used_again_without_leaving_a_trace_in_the_next_answer() {
    let mut hasher = Hasher::new();
    let first = hasher.hash(&secret("one"), &SALT).unwrap().to_phc();
    let costlier = PasswordHash::parse(COSTLIER).unwrap();
    assert_eq!(hasher.verify(&secret("correct horse"), Some(&costlier)), Matched::Normalized);
    assert!(costlier.needs_rehash());

    assert_eq!(hasher.hash(&secret("one"), &SALT).unwrap().to_phc(), first);
    assert_eq!(hasher.blocks.len(), 19 * 1024, "what a costly hash needed is given back");
}

#[test]
fn an_unknown_user_never_matches_and_costs_as_much_as_a_known_one() {
    let mut hasher = Hasher::new();
    let stored = PasswordHash::parse(BY_REFERENCE).unwrap();
    let endless = secret(&"x".repeat(1_000_000));
    let wrong = secret("wrong");
    let measured = |hasher: &mut Hasher, password: &Secret, stored: Option<&PasswordHash>| {
        let start = Instant::now();
        assert_eq!(hasher.verify(password, stored), Matched::No);
        start.elapsed()
    };
    // In turns, so that all meet the same neighbors on a busy machine; the fastest of each counts.
    let [mut known, mut unknown, mut too_long] = [Duration::MAX; 3];
    for _ in 0..7 {
        known = known.min(measured(&mut hasher, &wrong, Some(&stored)));
        unknown = unknown.min(measured(&mut hasher, &wrong, None));
        too_long = too_long.min(measured(&mut hasher, &endless, Some(&stored)));
    }
    println!("a verification takes {known:?}, of an unknown user {unknown:?}, of a password too long {too_long:?}");

    // Without the work it would be a thousand times faster; a busy machine does not matter at that scale.
    for other in [unknown, too_long] {
        assert!(other * 4 > known, "{other:?} is far below {known:?}");
        assert!(other > Duration::from_millis(1));
    }
}

#[test]
fn too_long_a_password_is_refused_before_hashing_and_never_matches() {
    let mut hasher = Hasher::new();
    let longest = secret(&"ß".repeat(255));
    let stored = hasher.hash(&longest, &SALT).unwrap();
    assert_eq!(hasher.verify(&longest, Some(&stored)), Matched::Normalized);

    assert_eq!(hasher.hash(&secret(&"ß".repeat(256)), &SALT).unwrap_err(), HashError::TooLong);
    // A long password is verified as if it were empty, only to take the time.
    let empty = hasher.hash(&secret(""), &SALT).unwrap();
    assert_eq!(hasher.verify(&secret(&"x".repeat(256)), Some(&empty)), Matched::No);
}

#[test]
fn what_is_no_hash_of_ours_is_an_error_with_advice() {
    let other = |name: &str| PasswordHashError::OtherAlgorithm(name.to_owned());
    for (stored, why) in [
        ("", PasswordHashError::NotPhc),
        ("hunter2", PasswordHashError::NotPhc),
        ("$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW", PasswordHashError::NotPhc),
        ("$scrypt$ln=17,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$gK9GHfqQgeLrMlAkj0Vhv351IVD1vt7596R5tTEcCHQ", other("scrypt")),
        (
            "$argon2i$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$k3A0Ke+5sl7ZwafSXeKqxs+yQZnuzL2o0YbQttdD+7g",
            other("argon2i"),
        ),
        (
            "$argon2id$v=16$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$PU3DlONZAjXMYk9s3i6eHyVpBEFvxnuwo6B5fu2VAnU",
            PasswordHashError::OtherVersion,
        ),
        ("$argon2id$v=19$m=19456,t=2,p=1", PasswordHashError::NotPhc),
        ("$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg", PasswordHashError::NotPhc),
        (
            "$argon2id$v=19$m=4294967295,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$gK9GHfqQgeLrMlAkj0Vhv351IVD1vt7596R5tTEcCHQ",
            PasswordHashError::BadParameters,
        ),
        (
            "$argon2id$v=19$m=19456,t=4000000,p=1$MDEyMzQ1Njc4OWFiY2RlZg$gK9GHfqQgeLrMlAkj0Vhv351IVD1vt7596R5tTEcCHQ",
            PasswordHashError::BadParameters,
        ),
        (
            "$argon2id$v=19$m=1,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$gK9GHfqQgeLrMlAkj0Vhv351IVD1vt7596R5tTEcCHQ",
            PasswordHashError::BadParameters,
        ),
    ] {
        let error = PasswordHash::parse(stored).unwrap_err();
        assert_eq!(error, why, "{stored}");
        assert!(error.to_string().ends_with("reset this user's password"));
    }
}

#[test]
fn debug_prints_stars() {
    let stored = PasswordHash::parse(BY_REFERENCE).unwrap();
    assert_eq!(format!("{stored:?}"), "PasswordHash(***)");
}
