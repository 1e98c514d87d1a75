//! Deserializes a tree with serde.
//!
//! INVARIANT: each type is checked here, before a visitor sees it. The visitor of a derived `Deserialize` would accept
//! an array as an object, and names types as Rust does.

use std::borrow::Cow;
use std::slice::Iter;

use serde::de::value::{BorrowedStrDeserializer, CowStrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor};

use super::Tree;
use super::wrong::Wrong;

impl<'a> Tree<'a> {
    fn as_text(&self) -> Result<&Cow<'a, str>, Wrong> {
        match self {
            Self::Text(text) => Ok(text),
            other => Err(Wrong::expected("a string", other)),
        }
    }

    fn as_whole<T: TryFrom<i128>>(&self, least: impl Into<i128>, most: impl Into<i128>) -> Result<T, Wrong> {
        let whole = match self {
            Self::Number(number) => number.as_i128(),
            _ => None,
        };
        let whole = whole.ok_or_else(|| Wrong::expected("a whole number", self))?;
        let outside = |_| Wrong::expected(format!("a whole number from {} to {}", least.into(), most.into()), self);
        T::try_from(whole).map_err(outside)
    }
}

macro_rules! whole {
    ($($read:ident, $visit:ident, $number:ident;)*) => {
        $(fn $read<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Wrong> {
            visitor.$visit(self.as_whole($number::MIN, $number::MAX)?)
        })*
    };
}

/// Types that are read the same way.
macro_rules! same {
    ($as:ident: $($read:ident($($more:ty),*);)*) => {
        $(fn $read<V: Visitor<'a>>(self, $(_: $more,)* visitor: V) -> Result<V::Value, Wrong> {
            self.$as(visitor)
        })*
    };
}

impl<'a> Deserializer<'a> for &Tree<'a> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self {
            Tree::Null => visitor.visit_unit(),
            Tree::Bool(value) => visitor.visit_bool(*value),
            Tree::Number(number) => number.deserialize_any(visitor).map_err(|_| Wrong::expected("another type", self)),
            Tree::Text(_) => self.deserialize_str(visitor),
            Tree::Array(_) => self.deserialize_seq(visitor),
            Tree::Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self {
            Tree::Bool(value) => visitor.visit_bool(*value),
            other => Err(Wrong::expected("true or false", other)),
        }
    }

    whole! {
        deserialize_i8, visit_i8, i8;
        deserialize_i16, visit_i16, i16;
        deserialize_i32, visit_i32, i32;
        deserialize_i64, visit_i64, i64;
        deserialize_u8, visit_u8, u8;
        deserialize_u16, visit_u16, u16;
        deserialize_u32, visit_u32, u32;
        deserialize_u64, visit_u64, u64;
    }

    fn deserialize_f64<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let number = match self {
            Tree::Number(number) => number.as_f64(),
            _ => None,
        };
        visitor.visit_f64(number.ok_or_else(|| Wrong::expected("a number", self))?)
    }

    fn deserialize_str<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.as_text()? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_str(text),
        }
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self {
            Tree::Null => visitor.visit_none(),
            some => visitor.visit_some(some),
        }
    }

    fn deserialize_unit<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self {
            Tree::Null => visitor.visit_unit(),
            other => Err(Wrong::expected("null", other)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(self, _: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self {
            Tree::Array(items) => visitor.visit_seq(Items { left: items.iter(), number: 0 }),
            other => Err(Wrong::expected("an array", other)),
        }
    }

    fn deserialize_map<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self {
            Tree::Object(members) => visitor.visit_map(Members { left: members.iter(), current: None }),
            other => Err(Wrong::expected("an object", other)),
        }
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_enum(word(self.as_text()?))
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    same! { deserialize_f64: deserialize_f32(); }
    same! { deserialize_str: deserialize_string(); deserialize_char(); deserialize_identifier(); deserialize_bytes(); deserialize_byte_buf(); }
    same! { deserialize_unit: deserialize_unit_struct(&'static str); }
    same! { deserialize_seq: deserialize_tuple(usize); deserialize_tuple_struct(&'static str, usize); }
    same! { deserialize_map: deserialize_struct(&'static str, &'static [&'static str]); }
}

fn word<'a>(text: &Cow<'a, str>) -> CowStrDeserializer<'a, Wrong> {
    text.clone().into_deserializer()
}

/// The items of an array.
struct Items<'t, 'a> {
    left: Iter<'t, Tree<'a>>,
    number: usize,
}

impl<'a> SeqAccess<'a> for Items<'_, 'a> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'a>>(&mut self, seed: T) -> Result<Option<T::Value>, Wrong> {
        let Some(item) = self.left.next() else { return Ok(None) };
        let number = self.number;
        self.number += 1;
        seed.deserialize(item).map(Some).map_err(|wrong| wrong.in_item(number))
    }
}

/// The members of an object.
struct Members<'t, 'a> {
    left: Iter<'t, (Cow<'a, str>, Tree<'a>)>,
    current: Option<&'t (Cow<'a, str>, Tree<'a>)>,
}

impl<'a> MapAccess<'a> for Members<'_, 'a> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        self.current = self.left.next();
        match self.current {
            Some((Cow::Borrowed(name), _)) => seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some),
            Some((name, _)) => seed.deserialize(word(name)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let (name, value) = self.current.ok_or_else(|| serde::de::Error::custom("a value without a name"))?;
        seed.deserialize(value).map_err(|wrong| wrong.in_member(name))
    }
}
