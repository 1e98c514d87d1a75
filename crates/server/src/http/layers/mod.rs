//! Layers around every handler.
//!
//! From the outside in: a request is described, counted and logged; its response gets security headers; a handler that
//! panics or takes too long gets a response; the body is limited and read first; the response is limited too, and so is
//! what a client leaves unread.

mod answer_size;
mod arrival;
mod client_address;
mod describe;
mod headers;
mod host;
mod metrics;
#[cfg(target_os = "linux")]
mod process;
mod rescue;
mod unread;

use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;

use super::Http;

pub use arrival::Bodies;
pub use headers::content_security_policy;
pub use metrics::{Format, Metrics};
#[cfg(test)]
pub use unread::bounded as unread_is_bounded;
pub use unread::{Shared, Unread};

/// Adds the layers around all routes and fallbacks that the router has so far.
pub fn apply(router: Router<Http>, http: &Http) -> Router<Http> {
    // The layer added last is the outermost.
    router
        .layer(middleware::from_fn(answer_size::bounded))
        .layer(middleware::from_fn(unread::bounded))
        .layer(middleware::from_fn(host::one))
        .layer(middleware::from_fn_with_state(http.clone(), arrival::whole))
        .layer(middleware::from_fn(rescue::in_time))
        .layer(CatchPanicLayer::custom(rescue::after_panic))
        .layer(middleware::from_fn_with_state(http.clone(), headers::add))
        .layer(middleware::from_fn_with_state(http.clone(), describe::describe))
}
