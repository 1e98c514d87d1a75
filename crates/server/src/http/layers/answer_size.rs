//! No answer is larger than the limit, whatever made it.

use axum::body::HttpBody;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rolecall_core::Error;

use crate::http::error::HttpError;
use crate::http::limits;

/// Refuses what would be answered with too much. Exports are streams: how long they get nobody knows before.
// INVARIANT: no operation that changes something has so large an answer, or a change would be taken for refused. The limits of
// requests see to it, and the test of the largest requests.
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
