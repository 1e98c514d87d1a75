//! Errors as HTTP responses: the last step, and the one place where a kind of error gets its status.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rolecall_core::{Error, ErrorKind};
use serde::Serialize;
use utoipa::ToSchema;

/// How every error is told, except those of `/api/v2/token`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// The HTTP status.
    #[schema(example = 409)]
    pub code: u16,
    /// What is wrong, and what to do.
    #[schema(example = "a user ana@example.com already exists")]
    pub message: String,
    /// The same for programs that look here; empty where there is nothing to add.
    pub details: String,
    /// A word to compare, where the status alone does not say enough: `password-change-required`, `last-administrator`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

/// An error as a response.
#[derive(Debug)]
pub struct HttpError(pub Error);

impl From<Error> for HttpError {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

/// The result of a handler.
pub type HttpResult<T> = std::result::Result<T, HttpError>;

/// The HTTP status of a kind of error.
#[must_use]
pub const fn status(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::Invalid => StatusCode::BAD_REQUEST,
        ErrorKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorKind::Forbidden => StatusCode::FORBIDDEN,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::Conflict => StatusCode::CONFLICT,
        ErrorKind::Outdated => StatusCode::PRECONDITION_FAILED,
        ErrorKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        ErrorKind::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Logs what only the log may contain.
pub fn log(error: &Error) {
    match (error.kind, &error.cause) {
        (ErrorKind::Internal, cause) => tracing::error!(cause = cause.as_deref(), "internal error"),
        (_, Some(cause)) => tracing::warn!(cause, message = error.message, "request failed"),
        (_, None) => {}
    }
}

/// Adds `Retry-After` where waiting helps (RFC 9110, section 10.2.3), in whole seconds, at least one.
pub fn add_retry_after(error: &Error, response: &mut Response) {
    if let Some(wait) = error.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    }
}

/// An error as a response with that status.
#[must_use]
pub fn respond(error: &Error, status: StatusCode) -> Response {
    log(error);
    let body = ErrorBody {
        code: status.as_u16(),
        message: error.message.clone(),
        details: error.reason.unwrap_or_default().to_owned(),
        reason: error.reason,
    };
    let mut response = (status, Json(body)).into_response();
    add_retry_after(error, &mut response);
    response
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        let status = status(self.0.kind);
        let mut response = respond(&self.0, status);
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
