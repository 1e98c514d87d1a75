//! Responses for handlers that panic or take too long.

use std::any::Any;
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rolecall_core::Error;
use tokio::time::timeout;

use crate::http::error::HttpError;

/// Maximum time for a response, including the time in which the client sends the body.
const LONGEST: Duration = Duration::from_secs(30);

/// Drops a handler that takes too long. Its change is rolled back, or was committed whole.
pub async fn in_time(request: Request, next: Next) -> Response {
    match timeout(LONGEST, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let message =
                "no answer within 30 seconds; a change may or may not have been made, so check before you retry";
            HttpError(Error::overloaded(message, Duration::from_secs(1))).into_response()
        }
    }
}

/// The response for a handler that panicked, which is a bug. The process continues.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over like this")]
pub fn after_panic(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message");
    HttpError(Error::internal(format!("a handler panicked: {text}"))).into_response()
}
