//! JSON bodies: read whole, then parsed as a handler's type.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use rolecall_core::Error;
use serde::de::DeserializeOwned;

use crate::http::error::HttpError;
use crate::http::json::{self, Tree};

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

/// The body's bytes, up to the operation's limit.
///
/// # Errors
/// `TooLarge` beyond the limit, `Invalid` when it breaks off.
pub async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, HttpError> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        let too_large = rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE;
        HttpError(if too_large {
            Error::too_large("the body is larger than this operation accepts")
        } else {
            Error::invalid("the body ended early")
        })
    })
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, HttpError> {
    let tree = json::tree(json::text(bytes)?)?;
    // The asynchronous half of the Run:ai Python client encodes its JSON twice: it sends a JSON string with the object
    // in it. No operation takes a string, so it is unambiguous.
    let value = match &tree {
        Tree::Text(text) if text.starts_with('{') => json::read(text),
        tree => json::read_tree(tree),
    };
    value.map_err(HttpError)
}
