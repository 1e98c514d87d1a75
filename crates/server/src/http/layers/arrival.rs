//! A request is whole before anybody answers it.

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::http::extract::body;

/// Reads the body, up to the limit, before the handler is asked. A refusal that is quicker than the body would close the
/// connection, without a word, under the next request of a client that means to use it again.
pub async fn whole(request: Request, next: Next) -> Response {
    let (parts, unread) = request.into_parts();
    match body::read(Request::from_parts(parts.clone(), unread), &()).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(refusal) => refusal.into_response(),
    }
}
