//! One request, one host: what a proxy in front reads from the first of two `Host` headers, we might read from the second.

use axum::extract::Request;
use axum::http::{Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rolecall_core::Error;

use crate::http::error::HttpError;

/// Refuses a request with several `Host` headers, and one that names no host at all (RFC 9112, section 3.2). HTTP/2 names it
/// in `:authority`.
pub async fn one(request: Request, next: Next) -> Response {
    let named = request.headers().get_all(header::HOST).iter().count();
    let refused = match (named, request.version()) {
        (1, _) => None,
        (0, Version::HTTP_2) if request.uri().authority().is_some() => None,
        // Before HTTP/1.1 there was no such header.
        (0, Version::HTTP_09 | Version::HTTP_10) => None,
        (0, _) => Some("the Host header is missing; send one with the name of the server"),
        (_, _) => Some("there are several Host headers; send one"),
    };
    match refused {
        Some(message) => HttpError(Error::invalid(message)).into_response(),
        None => next.run(request).await,
    }
}
