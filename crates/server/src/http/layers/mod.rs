//! What every request goes through before its handler, and every answer after it.
//!
//! From the outside in: a request is described, counted and logged; its answer gets the headers that keep browsers from
//! doing harm with it; a handler that panics or takes too long is answered for; its body is bounded and arrives
//! first; its answer is bounded, too.

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

use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;

use super::Http;

pub use headers::content_security_policy;
pub use metrics::{Format, Metrics};

/// Puts the layers around all routes and fallbacks that the router has by now.
pub fn apply(router: Router<Http>, http: &Http) -> Router<Http> {
    // The one added last is the outermost.
    router
        .layer(middleware::from_fn(answer_size::bounded))
        .layer(middleware::from_fn(host::one))
        .layer(middleware::from_fn(arrival::whole))
        .layer(middleware::from_fn(rescue::in_time))
        .layer(CatchPanicLayer::custom(rescue::after_panic))
        .layer(middleware::from_fn_with_state(http.clone(), headers::add))
        .layer(middleware::from_fn_with_state(http.clone(), describe::describe))
}
