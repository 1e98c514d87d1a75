//! Bodies of questions: JSON objects, read in place, copying only what must be copied.

use std::fmt;
use std::marker::PhantomData;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use rolecall_core::{Error, Result};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::http::error::HttpError;
use crate::http::extract::body;
use crate::http::json::{self, Tree};

/// The bytes of a request with a JSON content type.
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
    /// The body as an object.
    ///
    /// # Errors
    /// `Invalid`, with the wrong member.
    pub fn object<'a, T: Deserialize<'a>>(&'a self) -> Result<T> {
        let text = json::text(&self.0)?;
        // The fast path copies nothing. A body that it rejects is read again for the error message.
        match serde_json::from_str::<Object<T>>(text) {
            Ok(Object(value)) => Ok(value),
            Err(_) => json::read::<Object<T>>(text).map(|Object(value)| value),
        }
    }

    /// The whole body, with any members.
    ///
    /// # Errors
    /// `Invalid` when it is not JSON.
    pub fn tree(&self) -> Result<Tree<'_>> {
        json::tree(json::text(&self.0)?)
    }
}

/// A JSON object. An array of its values is not accepted.
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

/// An object with any members.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Ignored {}

/// An optional member. `null` is not the same as absent, and not an object: a subject of `null` must not be replaced by
/// the default subject.
pub fn unless_left_out<'de, T: Deserialize<'de>, D: Deserializer<'de>>(member: D) -> Result<Option<T>, D::Error> {
    T::deserialize(member).map(Some)
}
