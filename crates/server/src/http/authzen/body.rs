//! Bodies of questions: JSON objects, read in place. No word is copied that need not be.

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
        let text = json::text(&self.0)?;
        // The straight way copies nothing. What it refuses is read again, by what says why.
        match serde_json::from_str::<Object<T>>(text) {
            Ok(Object(value)) => Ok(value),
            Err(_) => json::read::<Object<T>>(text).map(|Object(value)| value),
        }
    }

    /// All of it, whatever its members are.
    ///
    /// # Errors
    /// Invalid when it is not JSON.
    pub fn tree(&self) -> Result<Tree<'_>> {
        json::tree(json::text(&self.0)?)
    }
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
