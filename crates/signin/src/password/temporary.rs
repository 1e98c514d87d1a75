//! Temporary passwords: generated, read off a screen and typed by another person. Owns their alphabet. The server knows
//! when they expire.

use zeroize::Zeroizing;

use crate::secret::Secret;

/// Characters of a temporary password: about 94 bits.
pub const LENGTH: usize = 16;

/// Without `I` and `O`, which look like `1` and `0`.
const UPPER: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Without `i`, `l` and `o`.
const LOWER: &[u8] = b"abcdefghjkmnpqrstuvwxyz";
/// Without `0` and `1`.
const DIGITS: &[u8] = b"23456789";
/// Symbols that have no meaning inside a word in a shell, JSON, CSV, a URL form or a chat program, and look neither
/// like a letter nor like the end of a sentence.
const SYMBOLS: &[u8] = b"-_=@:";

/// Candidates drawn before the random source counts as broken. About two in five fail by chance.
const MAX_CANDIDATES: usize = 1000;

/// The random source is broken: no draw gave a password with all four classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the random number generator is broken: no usable password in {MAX_CANDIDATES} draws; check the system's random number generator"
)]
pub struct BrokenRandomness;

/// Generates a temporary password: uppercase and lowercase letters, digits and symbols, at least one of each, a letter
/// or digit first (a spreadsheet takes a leading `=`, `-` or `@` for a formula, a command line takes `-` for an
/// option).
///
/// `fill` fills its buffer with random bytes and may be called several times. Every password that fits the rules is
/// equally likely: whole candidates are drawn character by character and discarded when they break a rule, so there is
/// no order to shuffle and no class to favor.
///
/// # Errors
/// `BrokenRandomness` when the bytes of `fill` are plainly not random.
pub fn generate(fill: &mut dyn FnMut(&mut [u8])) -> Result<Secret, BrokenRandomness> {
    let alphabet = [UPPER, LOWER, DIGITS, SYMBOLS].concat();
    let mut random = Zeroizing::new([0; 4 * LENGTH]);
    for _ in 0..MAX_CANDIDATES {
        fill(random.as_mut_slice());
        let candidate: Zeroizing<String> = Zeroizing::new(
            random
                .iter()
                // Six bits choose one of 64. Values beyond the alphabet's 60 are skipped, because folding them would
                // favor some characters.
                .filter_map(|byte| alphabet.get(usize::from(byte & 0b11_1111)))
                .take(LENGTH)
                .map(|&byte| char::from(byte))
                .collect(),
        );
        if fits(&candidate) {
            return Ok(Secret::from(candidate.as_str()));
        }
    }
    Err(BrokenRandomness)
}

fn fits(candidate: &str) -> bool {
    let bytes = candidate.as_bytes();
    bytes.len() == LENGTH
        && [UPPER, LOWER, DIGITS, SYMBOLS].iter().all(|class| bytes.iter().any(|byte| class.contains(byte)))
        && !bytes.first().is_some_and(|first| SYMBOLS.contains(first))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    /// A small deterministic generator (splitmix64), good enough for distributions.
    fn source(mut state: u64) -> impl FnMut(&mut [u8]) {
        move |buffer| {
            for byte in buffer {
                state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
                let mut z = state;
                z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                *byte = (z ^ (z >> 31)).to_le_bytes()[0];
            }
        }
    }

    proptest! {
            #[test]
            fn every_password_has_all_classes_and_nothing_else(seed: u64) {
                let password = generate(&mut source(seed)).unwrap();
                let text = password.expose();

                prop_assert_eq!(text.len(), LENGTH);
                prop_assert!(text.chars().any(|c| c.is_ascii_uppercase()));
                prop_assert!(text.chars().any(|c| c.is_ascii_lowercase()));
                prop_assert!(text.chars().any(|c| c.is_ascii_digit()));
                prop_assert!(text.chars().any(|c| "-_=@:".contains(c)));
                prop_assert!(text.starts_with(|c: char| c.is_ascii_alphanumeric()));
    let mistaken = |c: char| "0Oo1lIi|\"'\\$`<>& \t,;!#%*?~(){}[]^+/.".contains(c);
                prop_assert!(!text.contains(mistaken));
                prop_assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || "-_=@:".contains(c)));
            }
        }

    #[test]
    fn every_character_is_as_likely_as_its_class_allows_at_every_place() {
        let mut random = source(1);
        let mut counts: HashMap<char, u32> = HashMap::new();
        let mut digits_at = [0_u32; LENGTH];
        const PASSWORDS: u32 = 20_000;
        for _ in 0..PASSWORDS {
            for (place, c) in generate(&mut random).unwrap().expose().chars().enumerate() {
                *counts.entry(c).or_default() += 1;
                digits_at[place] += u32::from(c.is_ascii_digit());
            }
        }

        assert_eq!(counts.len(), 60);
        for class in [UPPER, LOWER, DIGITS, SYMBOLS] {
            let of_class: Vec<u32> = class.iter().map(|&b| counts[&char::from(b)]).collect();
            let mean = of_class.iter().sum::<u32>() / u32::try_from(class.len()).unwrap();
            for (&count, &byte) in of_class.iter().zip(class) {
                let off = count.abs_diff(mean);
                assert!(off * 12 < mean, "{:?} came {count} times, not about {mean}", char::from(byte));
            }
        }
        // No position is reserved for a class: each has a digit about equally often (the first a little more).
        let mean = digits_at.iter().sum::<u32>() / 16;
        for (place, &count) in digits_at.iter().enumerate() {
            assert!(count.abs_diff(mean) * 6 < mean, "place {place}: {count}, not about {mean}");
        }
    }

    #[test]
    fn two_draws_differ_and_the_same_bytes_give_the_same_password() {
        let mut random = source(7);
        let first = generate(&mut random).unwrap();
        let second = generate(&mut random).unwrap();
        assert_ne!(first.expose(), second.expose());
        assert_eq!(generate(&mut source(7)).unwrap().expose(), first.expose());
    }

    #[test]
    fn a_dead_random_source_is_an_error_and_no_endless_loop() {
        assert_eq!(generate(&mut |buffer| buffer.fill(0)).unwrap_err(), BrokenRandomness);
        assert_eq!(generate(&mut |buffer| buffer.fill(0xFF)).unwrap_err(), BrokenRandomness);
    }

    #[test]
    fn a_temporary_password_would_pass_as_an_own_one() {
        let password = generate(&mut source(3)).unwrap();
        assert_eq!(crate::password::policy::check(&password, "ana@example.com", [], None), Ok(()));
    }
}
