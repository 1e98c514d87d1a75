//! Strings borrowed from the body.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Visitor};

use crate::http::limits::ensure_length;

/// A string of at most `MOST` characters, borrowed from the body unless it contains escapes.
#[derive(Debug, Clone)]
pub struct Text<'a, const MOST: usize = { usize::MAX }>(Cow<'a, str>);

impl<'a, const MOST: usize> Text<'a, MOST> {
    /// The string.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The string, borrowed or owned.
    pub fn into_cow(self) -> Cow<'a, str> {
        self.0
    }
}

impl<'de: 'a, 'a, const MOST: usize> Deserialize<'de> for Text<'a, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor::<MOST>)
    }
}

struct TextVisitor<const MOST: usize>;

impl<'de, const MOST: usize> Visitor<'de> for TextVisitor<MOST> {
    type Value = Text<'de, MOST>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        ensure_length(text, MOST).map_err(E::custom)?;
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        ensure_length(text, MOST).map_err(E::custom)?;
        Ok(Text(Cow::Owned(text.to_owned())))
    }
}
