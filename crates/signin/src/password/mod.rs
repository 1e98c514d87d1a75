//! Passwords: which may be chosen ([`policy`]), which are generated ([`temporary`]), how they are stored and checked
//! ([`hash`]). Whether a user must change one, and until when a temporary one is valid, the server knows.

mod breached;
mod guesses;
pub mod hash;
mod normal;
pub mod policy;
mod rated;
pub mod temporary;

/// The fewest characters (Unicode scalar values, in the normal form) of a password that a user chooses.
pub const MIN_CHARACTERS: usize = 8;

/// The most characters of any password. Longer input is refused before anything costly is done with it.
pub const MAX_CHARACTERS: usize = 255;

/// Whether `text` has more than [`MAX_CHARACTERS`], without reading a huge one to its end.
fn is_too_long(text: &str) -> bool {
    text.chars().nth(MAX_CHARACTERS).is_some()
}
