//! HTTP: parsing requests, writing answers, and the generated description of both.
//!
//! A handler parses, calls one use case and writes its answer. It decides nothing.

pub mod authzen;
pub mod console;
pub mod cookies;
pub mod csv;
pub mod docs;
pub mod error;
pub mod etag;
pub mod extract;
pub mod health;
mod json;
pub mod layers;
pub mod limits;
pub mod list;
pub mod origin;
pub mod parameters;
pub mod reply;
pub mod router;
pub mod schema;
pub mod v1;
pub mod v2;
pub mod well_known;

use std::sync::Arc;

use ipnet::IpNet;

use crate::app::App;

pub use router::router;

/// What handlers share.
#[derive(Debug, Clone)]
pub struct Http {
    /// The server.
    pub app: Arc<App>,
    /// The proxies whose word about a client's address is believed.
    pub trusted_proxies: Arc<[IpNet]>,
    /// What is counted.
    pub metrics: Arc<layers::Metrics>,
}
