//! Passwords: which may be chosen ([`policy`]), which are generated ([`temporary`]), and how they are stored and
//! checked ([`hash`]). The server knows whether a user must change one, and when a temporary one expires.

mod breached;
mod guesses;
pub mod hash;
mod normal;
pub mod policy;
mod rated;
pub mod temporary;

/// Minimum characters (Unicode scalar values, in normal form) of a password that a user chooses.
pub const MIN_CHARACTERS: usize = 8;

/// Maximum characters of any password. Longer input is refused before any expensive work.
pub const MAX_CHARACTERS: usize = 255;

/// Whether `text` has more than [`MAX_CHARACTERS`], without reading a huge text to its end.
fn is_too_long(text: &str) -> bool {
    text.chars().nth(MAX_CHARACTERS).is_some()
}
