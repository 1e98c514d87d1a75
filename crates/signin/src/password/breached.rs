//! Whether a password is in a list of breached passwords. Owns the file `data/breached.bin`, whose format
//! `data/breached.py` describes and makes: 4.4 million hashes of 36 bits, so about one good password in 15,000 is
//! refused by chance.

use aws_lc_rs::digest;

static LIST: &[u8] = include_bytes!("../../data/breached.bin");

const OFFSETS_BYTES: usize = 65_537 * 4;
const REST_BITS: u32 = 20;
const RICE_BITS: u32 = 13;

/// Whether the list has this password, ignoring case. The list has no passwords under 8 characters.
pub(super) fn is_breached(password: &str) -> bool {
    let hash = digest::digest(&digest::SHA256, password.to_lowercase().as_bytes());
    let Some((beginning, _)) = hash.as_ref().split_first_chunk::<8>() else { return false };
    let entry = u64::from_be_bytes(*beginning) >> 28;
    let rest = entry & ((1 << REST_BITS) - 1);
    let Ok(bucket) = usize::try_from(entry >> REST_BITS) else { return false };
    let (Some(begin), Some(end)) = (offset(bucket), offset(bucket.saturating_add(1))) else { return false };
    let mut bits = Bits { next: begin, end };
    let mut found = 0_u64;
    while let Some(difference) = bits.difference() {
        found = found.saturating_add(difference);
        if found >= rest {
            return found == rest;
        }
    }
    false
}

/// The offset of a bucket, in bits.
fn offset(bucket: usize) -> Option<usize> {
    let at = bucket.saturating_mul(4);
    let bytes = LIST.get(..OFFSETS_BYTES)?.get(at..)?.first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*bytes)).ok()
}

/// The unread bits of a bucket.
struct Bits {
    next: usize,
    end: usize,
}

impl Bits {
    fn difference(&mut self) -> Option<u64> {
        let mut quotient = 0_u64;
        while self.bit()? == 1 {
            quotient = quotient.saturating_add(1);
        }
        let mut remainder = 0_u64;
        for _ in 0..RICE_BITS {
            remainder = remainder << 1 | self.bit()?;
        }
        Some(quotient << RICE_BITS | remainder)
    }

    fn bit(&mut self) -> Option<u64> {
        if self.next >= self.end {
            return None;
        }
        let byte = LIST.get(OFFSETS_BYTES..)?.get(self.next / 8)?;
        let bit = byte >> 7_usize.saturating_sub(self.next % 8) & 1;
        self.next = self.next.saturating_add(1);
        Some(u64::from(bit))
    }
}

#[cfg(test)]
mod tests {
    use super::{LIST, OFFSETS_BYTES, is_breached, offset};

    /// Samples that zxcvbn does not know and rates strong: from the whole list, short and long.
    #[test]
    fn breached_passwords_are_found_in_any_case() {
        for breached in
            ["kxtca120ru", "KxTca120RU", "walentyna00", "kykyni16092009", "iulzfbyxxx6", "xie75628ming", "password1"]
        {
            assert!(is_breached(breached), "{breached}");
        }
    }

    #[test]
    fn others_are_not_or_hardly_ever() {
        let found = (0..100_000).filter(|number| is_breached(&format!("giraffe {number} plinth tundra"))).count();
        assert!(found < 40, "{found} of 100,000, where 7 are expected");
        assert!(!is_breached("plum-quartz-lantern-41"));
    }

    #[test]
    fn the_file_is_whole() {
        let end = offset(65_536).unwrap();
        assert_eq!(end.div_ceil(8), LIST.len() - OFFSETS_BYTES);
        assert!((0..65_536).all(|bucket| offset(bucket).unwrap() <= offset(bucket + 1).unwrap()));
    }
}
