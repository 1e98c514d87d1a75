//! The parameters of a path.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use rolecall_core::Error;
use serde::de::DeserializeOwned;

use crate::http::error::HttpError;

/// The parameters of a path, decoded.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpError> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            // Handlers take text, which accepts everything except bytes that are not UTF-8.
            Err(_) => Err(Error::invalid("the path holds percent-encoded bytes that are not UTF-8").into()),
        }
    }
}
