//! Bodies of questions: JSON objects, read in place. No word is copied that need not be.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use rolecall_core::text::shortened;
use rolecall_core::{Error, Result};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::http::error::HttpError;
use crate::http::extract::body;

/// The bytes of a request that says it is JSON.
#[derive(Debug)]
pub struct Body(Bytes);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HttpError> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = content_type.and_then(|text| text.split(';').next()).unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/json") {
            return Err(Error::invalid("Content-Type: send application/json").into());
        }
        body::read(request, state).await.map(Self)
    }
}

impl Body {
    /// The object that it is.
    ///
    /// # Errors
    /// Invalid, with the member that is wrong.
    pub fn object<'a, T: Deserialize<'a>>(&'a self) -> Result<T> {
        let text = str::from_utf8(&self.0).map_err(|e| Error::invalid(format!("the body is not UTF-8: {e}")))?;
        if text.is_empty() {
            return Err(Error::invalid("the body is empty; it must be a JSON object"));
        }
        object(text)
    }
}

/// The object that a text is.
///
/// # Errors
/// Invalid, with the member that is wrong.
pub fn object<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T> {
    match serde_json::from_str::<Object<T>>(text) {
        Ok(Object(value)) => Ok(value),
        Err(error) => Err(explained::<T>(text, &error)),
    }
}

/// What is wrong and where. Only who sent nonsense pays for knowing where.
fn explained<'a, T: Deserialize<'a>>(text: &'a str, error: &serde_json::Error) -> Error {
    let mut again = serde_json::Deserializer::from_str(text);
    match serde_path_to_error::deserialize::<_, Object<T>>(&mut again) {
        Err(at) if at.path().iter().next().is_some() => {
            Error::invalid(format!("{}: {}", shortened(&at.path().to_string()), cut(at.inner())))
        }
        _ => Error::invalid(format!("the body: {}", cut(error))),
    }
}

/// What serde says, which quotes what was sent, however long that is.
fn cut(error: &serde_json::Error) -> String {
    const MOST: usize = 200;
    let text = error.to_string();
    if text.chars().nth(MOST).is_none() {
        return text;
    }
    let head: String = text.chars().take(MOST).collect();
    format!("{head}… at line {} column {}", error.line(), error.column())
}

/// A JSON object, and nothing else that could be taken for one: an array of its values is none.
#[derive(Debug, Clone, Copy)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

/// An object whose members do not matter.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Ignored {}

/// A member that may be left out. One that is `null` is there, and is no object: a caller whose subject is nobody must not be taken
/// for the one that a default names.
pub fn unless_left_out<'de, T: Deserialize<'de>, D: Deserializer<'de>>(member: D) -> Result<Option<T>, D::Error> {
    T::deserialize(member).map(Some)
}

/// A string, borrowed from the body unless it is written with escapes.
#[derive(Debug, Clone)]
pub struct Text<'a>(Cow<'a, str>);

impl Text<'_> {
    /// The string.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }
}
