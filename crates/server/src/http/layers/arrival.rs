//! Reads the whole body before the handler runs, up to the operation's limit.

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, MatchedPath, Request};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rolecall_core::Error;

use crate::http::error::HttpError;
use crate::http::limits;

/// The operations whose bodies contain lists.
const WITH_LISTS: [&str; 3] = [
    "/access/v1/evaluations",
    "/api/v1/authorization/access-rules/batch",
    "/api/v1/authorization/access-rules/batch-create",
];

/// Drain the body before responding: an early response would close a keep-alive connection under the client's next
/// request.
pub async fn whole(mut request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let most = if WITH_LISTS.contains(&path) { limits::LIST_BODY } else { limits::BODY };
    DefaultBodyLimit::max(most).apply(&mut request);
    let (parts, unread) = request.into_parts();
    match Bytes::from_request(Request::from_parts(parts.clone(), unread), &()).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(rejection) => HttpError(refusal(rejection.status(), most)).into_response(),
    }
}

fn refusal(status: StatusCode, most: usize) -> Error {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        Error::too_large(format!("the body is larger than the {} KiB that this operation accepts", most / 1024))
    } else {
        Error::invalid("the body could not be read to its end")
    }
}
