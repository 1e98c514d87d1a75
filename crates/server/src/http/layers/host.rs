//! One `Host` header per request: with two, a proxy in front might use the first, and this server the second.

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rolecall_core::Error;

use crate::http::error::HttpError;

/// Rejects a request with several `Host` headers, without a host (RFC 9112, section 3.2), or with two that differ: HTTP/2 has it
/// in `:authority` (RFC 9113, section 8.3.1), and HTTP/1.1 may have it in the request's target, too.
pub async fn one(request: Request, next: Next) -> Response {
    let named = request.headers().get_all(header::HOST).iter().count();
    let host = request.headers().get(header::HOST).map(HeaderValue::as_bytes);
    let differs = |target: &Authority| host.is_some_and(|host| !target.as_str().as_bytes().eq_ignore_ascii_case(host));
    let refused = match (named, request.version()) {
        (1, _) if request.uri().authority().is_some_and(differs) => Some(
            "the Host header names another host than the address of the request; send one of them, or the same twice",
        ),
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
