//! Single parameters of query strings: how each is read, and how the document describes it. What lists share is in
//! [`list`](super::list).

use rolecall_core::Timestamp;
use rolecall_core::text::quoted;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use utoipa::openapi::{ObjectBuilder, Type};

use super::limits::{self, ensure_length};
use super::schema::string;

/// Makes a type a parameter: read from one value by a function, and described by a schema of its own where there is none
/// for all documents.
macro_rules! parameter {
    ($name:ident, $read:expr, $schema:expr) => {
        parameter!($name, $read);

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let schema: utoipa::openapi::ObjectBuilder = $schema;
                schema.into()
            }
        }

        impl utoipa::ToSchema for $name {}
    };
    ($name:ident, $read:expr) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                let read: fn(&str) -> std::result::Result<Self, String> = $read;
                let text = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
                read(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use parameter;

/// Text to find: at most 255 characters, none of them a control character.
#[derive(Debug, Clone)]
pub struct Search(pub String);

parameter!(Search, |text| plain(text).map(Self), string().max_length(Some(limits::NAME)));

/// A scope in one word, `<scopeType>:<scopeId>`; not yet looked up.
#[derive(Debug, Clone)]
pub struct ScopeWord(pub String);

parameter!(ScopeWord, |text| plain(text).map(Self), string().max_length(Some(limits::NAME)));

/// `true` or `false`, in any case.
#[derive(Debug, Clone, Copy, Default)]
pub struct Flag(pub bool);

parameter!(
    Flag,
    |text| match text {
        _ if text.eq_ignore_ascii_case("true") => Ok(Self(true)),
        _ if text.eq_ignore_ascii_case("false") => Ok(Self(false)),
        _ => Err(format!("{} is not true or false", quoted(text))),
    },
    ObjectBuilder::new().schema_type(Type::Boolean)
);

/// A moment, in ISO 8601.
#[derive(Debug, Clone, Copy)]
pub struct Moment(pub Timestamp);

parameter!(
    Moment,
    |text| {
        ensure_length(text, limits::NAME).map_err(|e| e.to_string())?;
        Timestamp::parse(text).map(Self).map_err(|e| format!("{} is {e}", quoted(text)))
    },
    string().max_length(Some(limits::NAME))
);

/// Words separated by commas, in one value or several; each value has at most `MOST` characters.
#[derive(Debug, Clone, Default)]
pub struct Words<const MOST: usize>(Vec<String>);

impl<const MOST: usize> From<&str> for Words<MOST> {
    fn from(value: &str) -> Self {
        Self(vec![value.to_owned()])
    }
}

impl<const MOST: usize> Words<MOST> {
    /// Each word, in order; empty ones are left out.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.values().flat_map(|value| value.split(',')).filter(|word| !word.is_empty())
    }

    /// The values, whole.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl<'de, const MOST: usize> Deserialize<'de> for Words<MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let values = Vec::<String>::deserialize(deserializer)?;
        for value in &values {
            ensure_length(value, MOST).map_err(D::Error::custom)?;
        }
        Ok(Self(values))
    }
}

/// Checks that the text is one of these words.
///
/// # Errors
/// The words.
pub fn one_of(text: &str, words: &[&str]) -> Result<(), String> {
    if words.contains(&text) { Ok(()) } else { Err(format!("{} is not one of {}", quoted(text), words.join(", "))) }
}

/// Text of at most 255 characters without control characters.
///
/// # Errors
/// What is wrong with it.
pub fn plain(text: &str) -> Result<String, String> {
    ensure_length(text, limits::NAME).map_err(|e| e.to_string())?;
    if text.chars().any(char::is_control) {
        return Err(format!("{} contains a control character", quoted(text)));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::extract::query::read;

    #[derive(Debug, Default, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct All {
        search: Option<Search>,
        force: Option<Flag>,
        last_updated: Option<Moment>,
        ids: Words<{ limits::NAMES }>,
    }

    #[test]
    fn values_are_read() {
        let all: All = read("search=an+a&force=TRUE&lastUpdated=2026-01-31&ids=a,b,&ids=c").unwrap();
        assert_eq!(all.search.unwrap().0, "an a");
        assert!(all.force.unwrap().0);
        assert_eq!(all.last_updated.unwrap().0.to_string(), "2026-01-31T00:00:00.000Z");
        assert_eq!(all.ids.iter().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(all.ids.values().collect::<Vec<_>>(), ["a,b,", "c"]);
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_the_value() {
        for (text, message) in [
            ("search=a%00", "search: \"a<U+0000>\" contains a control character"),
            ("force=perhaps", "force: \"perhaps\" is not true or false"),
            ("lastUpdated=yesterday", "lastUpdated: \"yesterday\" is "),
        ] {
            let refused = read::<All>(text).unwrap_err().message;
            assert!(refused.starts_with(message), "{text}: {refused}");
        }
        let long = "é".repeat(256);
        for name in ["search", "lastUpdated"] {
            assert_eq!(
                read::<All>(&format!("{name}={long}")).unwrap_err().message,
                format!("{name}: it has 256 characters; at most 255 are accepted")
            );
        }
        let many = format!("ids={}", "a,".repeat(16 * 1024 + 1));
        assert!(read::<All>(&many).unwrap_err().message.starts_with("ids: it has 32770 characters"));
    }
}
