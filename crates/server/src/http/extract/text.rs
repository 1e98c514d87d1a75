//! Strings and lists in bodies with a maximum length, checked while they are read.

use std::fmt;
use std::marker::PhantomData;

use rolecall_signin::secret::Secret;
use serde::de::{Error, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::http::limits::{TooLong, ensure_length};

/// A string of at most `MOST` characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Text<const MOST: usize>(String);

/// A secret of at most `MOST` characters.
#[derive(Debug, Clone)]
pub struct SecretText<const MOST: usize>(Secret);

/// A list of at most `MOST` items. Further items are counted, but not stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T, const MOST: usize>(Vec<T>);

impl<const MOST: usize> Text<MOST> {
    /// The string.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The string, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MOST: usize> SecretText<MOST> {
    /// The secret, owned.
    pub fn into_secret(self) -> Secret {
        self.0
    }

    /// The secret.
    pub const fn secret(&self) -> &Secret {
        &self.0
    }
}

impl<T, const MOST: usize> List<T, MOST> {
    /// The items.
    pub fn as_slice(&self) -> &[T] {
        &self.0
    }

    /// The list with every item converted.
    pub fn map<U>(self, make: impl Fn(T) -> U) -> List<U, MOST> {
        List(self.0.into_iter().map(make).collect())
    }
}

impl<const MOST: usize> TryFrom<String> for Text<MOST> {
    type Error = TooLong;

    fn try_from(text: String) -> Result<Self, TooLong> {
        ensure_length(&text, MOST).map(|()| Self(text))
    }
}

impl<'de, const MOST: usize> Deserialize<'de> for Text<MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl<'de, const MOST: usize> Deserialize<'de> for SecretText<MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let secret = Secret::deserialize(deserializer)?;
        ensure_length(secret.expose(), MOST).map_err(D::Error::custom)?;
        Ok(Self(secret))
    }
}

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for List<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor::<T, MOST>(PhantomData)).map(Self)
    }
}

struct ListVisitor<T, const MOST: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for ListVisitor<T, MOST> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while list.len() < MOST {
            let Some(item) = items.next_element()? else { return Ok(list) };
            list.push(item);
        }
        let mut more: usize = 0;
        while items.next_element::<IgnoredAny>()?.is_some() {
            more = more.saturating_add(1);
        }
        if more == 0 {
            return Ok(list);
        }
        let length = MOST.saturating_add(more);
        Err(A::Error::custom(format_args!("it has {length} items; at most {MOST} are accepted")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error<T: for<'de> Deserialize<'de> + fmt::Debug>(json: &str) -> String {
        serde_json::from_str::<T>(json).unwrap_err().to_string()
    }

    #[test]
    fn what_is_longer_than_its_limit_is_not_read() {
        assert_eq!(serde_json::from_str::<Text<3>>("\"öäü\"").unwrap().as_str(), "öäü");
        assert!(error::<Text<3>>("\"öäüß\"").starts_with("it has 4 characters; at most 3 are accepted"));
        assert!(error::<SecretText<3>>("\"four\"").starts_with("it has 4 characters; at most 3 are accepted"));
        assert_eq!(serde_json::from_str::<List<u8, 2>>("[1,2]").unwrap().as_slice(), [1, 2]);
        assert!(error::<List<u8, 2>>("[1,2,3,\"and\",{}]").starts_with("it has 5 items; at most 2 are accepted"));
    }
}
