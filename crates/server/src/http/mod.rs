//! HTTP: parses requests, writes responses, and generates the API document.
//!
//! A handler parses, calls one use case and writes its response. It decides nothing.

pub mod authzen;
pub mod console;
pub mod cookies;
pub mod csv;
pub mod docs;
mod documented_status;
pub mod error;
pub mod etag;
pub mod extract;
pub mod health;
mod json;
pub mod layers;
pub mod limits;
pub mod list;
pub mod operations;
pub mod origin;
pub mod parameter;
pub mod reply;
pub mod router;
pub mod schema;
mod sso;
pub mod v1;
pub mod v2;
pub mod well_known;

use std::sync::Arc;

use ipnet::IpNet;

use crate::app::App;

pub use router::router;

/// The state of handlers.
#[derive(Debug, Clone)]
pub struct Http {
    /// The server.
    pub app: Arc<App>,
    /// Trusted proxies.
    pub trusted_proxies: Arc<[IpNet]>,
    /// The metrics.
    pub metrics: Arc<layers::Metrics>,
}
