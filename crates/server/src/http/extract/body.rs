//! JSON bodies, with errors that name the field.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use rolecall_core::Error;
use serde::de::DeserializeOwned;

use crate::http::error::HttpError;

/// A JSON body. Unknown members are ignored, as clients send more than this server needs.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let bytes = read(request, state).await?;
        parse(&bytes).map(Self)
    }
}

/// The body's bytes, up to the limit that the router sets.
///
/// # Errors
/// Too large past the limit, invalid when it breaks off.
pub async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, HttpError> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        let too_large = rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE;
        HttpError(if too_large {
            Error::too_large("the body is larger than the 256 KiB that are accepted")
        } else {
            Error::invalid("the body could not be read to its end")
        })
    })
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, HttpError> {
    if bytes.is_empty() {
        return Err(Error::invalid("the body is empty; it must be a JSON object").into());
    }
    let bytes = unwrapped(bytes);
    let mut deserializer = serde_json::Deserializer::from_slice(&bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|e| {
        let path = e.path().to_string();
        let place = if path == "." { String::new() } else { format!("{path}: ") };
        Error::invalid(format!("{place}{}", e.into_inner()))
    })?;
    deserializer.end().map_err(|e| Error::invalid(format!("after the JSON object: {e}")))?;
    Ok(value)
}

/// The object itself. The asynchronous half of the official client encodes what is encoded already: it sends a JSON string
/// that holds the object. No operation takes a string, so nothing else can be meant by one.
fn unwrapped(bytes: &[u8]) -> Cow<'_, [u8]> {
    match serde_json::from_slice::<String>(bytes) {
        Ok(text) if text.starts_with('{') => Cow::Owned(text.into_bytes()),
        _ => Cow::Borrowed(bytes),
    }
}
