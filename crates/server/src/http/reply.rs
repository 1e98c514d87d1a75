//! Responses to changes, with the change's revision.

use axum::Json;
use axum::http::header::{CACHE_CONTROL, PRAGMA};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use rolecall_core::RevisionStamp;
use serde::Serialize;
use tower_http::set_header::SetResponseHeaderLayer;

use super::etag;
use crate::app::Changed;

/// The header with a revision, in requests and in responses to changes.
pub const REVISION: HeaderName = HeaderName::from_static("rolecall-revision");

/// Caches may store these responses for five minutes: keys, and metadata with their address.
pub type Cached<T> = ([(HeaderName, &'static str); 1], Json<T>);

/// 200 with a response that may be stored for five minutes.
pub const fn cached<T>(value: T) -> Cached<T> {
    ([(CACHE_CONTROL, "max-age=300")], Json(value))
}

/// For routes that return tokens (RFC 6749, section 5.1). Every response has `Cache-Control: no-store`.
pub fn not_cached() -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(PRAGMA, HeaderValue::from_static("no-cache"))
}

/// 200 with something whose last change was that one.
pub fn found<T: Serialize>(value: T, last_change: RevisionStamp) -> Response {
    etag::tagged(Json(value).into_response(), last_change)
}

/// 201 with what was created.
pub fn created<T: Serialize>(changed: Changed<T>) -> Response {
    with_revision((StatusCode::CREATED, Json(changed.value)).into_response(), changed.revision)
}

/// 201 with the created entity, which can be changed and so has an ETag.
pub fn created_tagged<T: Serialize>(changed: Changed<T>) -> Response {
    let revision = changed.revision;
    etag::tagged(created(changed), revision)
}

/// 200 with the result.
pub fn done<T: Serialize>(changed: Changed<T>) -> Response {
    with_revision(Json(changed.value).into_response(), changed.revision)
}

/// 204.
pub fn gone(changed: &Changed<()>) -> Response {
    with_revision(StatusCode::NO_CONTENT.into_response(), changed.revision)
}

/// A response with a revision in its header.
pub fn with_revision(mut response: Response, revision: RevisionStamp) -> Response {
    if let Ok(stamp) = HeaderValue::from_str(&revision.to_string()) {
        response.headers_mut().insert(REVISION, stamp);
    }
    response
}
