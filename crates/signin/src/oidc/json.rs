//! JSON objects of strangers. Owns the limits: size, depth, and no member twice.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Reads one JSON object of at most `limit` bytes.
///
/// A member that occurs twice is refused at every depth: two programs would read two different documents (RFC 8725,
/// section 2.6; RFC 7519, section 4). The depth is limited by `serde_json` (128).
pub(super) fn object(bytes: &[u8], limit: usize) -> Result<Map<String, Value>, NotObject> {
    if bytes.len() > limit {
        return Err(NotObject::TooLong { limit, length: bytes.len() });
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    match value {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(NotObject::OtherKind),
        Err(error) => Err(NotObject::Json(error.to_string())),
    }
}

/// Why a document is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotObject {
    #[error("it has {length} bytes, and at most {limit} are read")]
    TooLong { limit: usize, length: usize },
    #[error("it is JSON, but not an object")]
    OtherKind,
    #[error("it is not JSON: {0}")]
    Json(String),
}

/// Reads a value as `serde_json` does, and refuses duplicate members.
#[derive(Clone, Copy)]
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(self)?;
            if object.contains_key(&name) {
                return Err(A::Error::custom(format_args!("the member {} occurs twice", crate::shown::quoted(&name))));
            }
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_member_may_occur_once_at_every_depth() {
        assert!(object(br#"{"a":1,"b":{"a":[{"a":2.5},null,true,"x",-1]}}"#, 100).is_ok());
        for twice in [r#"{"a":1,"a":1}"#, r#"{"a":{"b":1,"\u0062":2}}"#, r#"{"a":[{"b":1,"b":1}]}"#] {
            let refused = object(twice.as_bytes(), 100).unwrap_err().to_string();
            assert!(refused.contains("occurs twice"), "{twice}: {refused}");
        }
    }

    #[test]
    fn only_one_object_within_the_limits_is_read() {
        assert_eq!(object(b"{}", 1), Err(NotObject::TooLong { limit: 1, length: 2 }));
        assert_eq!(object(b"[]", 9), Err(NotObject::OtherKind));
        for bad in [&b"{} {}"[..], b"", b"{", b"\xff", b"{\"a\":\"\xff\"}", &b"[".repeat(100_000)] {
            assert!(matches!(object(bad, 1_000_000), Err(NotObject::Json(_))));
        }
    }

    proptest! {
        #[test]
        fn any_value_is_read_as_serde_json_reads_it(text in r#"\{("[a-d]":(1|"x"|\[1,2.5\]|\{"a":null\}),?){0,3}\}"#) {
            if let Ok(read) = object(text.as_bytes(), 1000) {
                prop_assert_eq!(Value::Object(read), serde_json::from_str::<Value>(&text).unwrap());
            }
        }
    }
}
