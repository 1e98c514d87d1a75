//! The headers that keep browsers from doing harm with an answer.

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::http::Http;

/// For every answer; a handler that sets one of them itself is right.
const USUAL: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Answers are data: should a browser ever show one as a page, it may load and run nothing.
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (header::CACHE_CONTROL, "no-store"),
];

/// A year; a shorter time lets a browser forget between two visits. A subdomain in the clear could set cookies for this host.
const TLS_ONLY: &str = "max-age=31536000; includeSubDomains";

/// The policy of a page that is one, as a header: what it may load besides nothing.
pub fn content_security_policy(sources: &'static str) -> [(HeaderName, HeaderValue); 1] {
    [(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(sources))]
}

/// Adds them.
pub async fn add(State(http): State<Http>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in USUAL {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if http.app.policy.is_secure() {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static(TLS_ONLY));
    }
    response
}
