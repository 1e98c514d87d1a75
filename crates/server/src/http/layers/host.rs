//! One `Host` header per request: with two, a proxy in front might use the first, and this server the second.

use axum::extract::Request;
use axum::http::{Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rolecall_core::Error;

use crate::http::error::HttpError;

/// Rejects a request with several `Host` headers, or without a host (RFC 9112, section 3.2). HTTP/2 has it in
/// `:authority`.
pub async fn one(request: Request, next: Next) -> Response {
    let named = request.headers().get_all(header::HOST).iter().count();
    let refused = match (named, request.version()) {
        (1, _) => None,
        (0, Version::HTTP_2) if request.uri().authority().is_some() => None,
        // Older than HTTP/1.1: the header did not exist.
        (0, Version::HTTP_09 | Version::HTTP_10) => None,
        (0, _) => Some("the Host header is missing; send one with the name of the server"),
        (_, _) => Some("there are several Host headers; send one"),
    };
    match refused {
        Some(message) => HttpError(Error::invalid(message)).into_response(),
        None => next.run(request).await,
    }
}
