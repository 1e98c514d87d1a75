//! Limits the size of every response.

use axum::body::HttpBody;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rolecall_core::Error;

use crate::http::error::HttpError;
use crate::http::limits;

/// Rejects a response that is too large. Exports are streams of unknown length and exempt.
// INVARIANT: no changing operation has so large a response, or a committed change would look refused. The limits of
// requests ensure it, and the test of the largest requests checks it.
pub async fn bounded(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let size = response.body().size_hint().exact().unwrap_or_default();
    if size <= u64::try_from(limits::ANSWER).unwrap_or(u64::MAX) {
        return response;
    }
    HttpError(Error::too_large(format!(
        "the answer would have {size} bytes, and {} is the most; ask for less at once, with a lower `limit` or a filter",
        limits::ANSWER
    )))
    .into_response()
}
