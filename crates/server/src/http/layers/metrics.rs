//! What is counted, for Prometheus. One set for each server; nothing of it is global.

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::http::Method;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use rolecall_core::{Error, Result, Revision};

/// Seconds, from what memory answers to what the time limit ends.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answer {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

/// What a server counts.
pub struct Metrics {
    registry: Registry,
    requests: Family<Answer, Counter>,
    durations: Family<Route, Histogram, fn() -> Histogram>,
    sign_ins: Family<Outcome, Counter>,
    revision: Gauge,
    staleness: Gauge<f64, AtomicU64>,
}

/// A function pointer, so that the family has a type that can be named.
const HISTOGRAM: fn() -> Histogram = histogram;

impl Metrics {
    /// All at zero.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("rolecall");
        let requests = Family::default();
        registry.register("http_requests", "Requests that were answered", requests.clone());
        let durations = Family::new_with_constructor(HISTOGRAM);
        registry.register("http_request_duration_seconds", "How long answers took", durations.clone());
        let sign_ins = Family::default();
        registry.register("sign_ins", "Sign-ins that succeeded and failed", sign_ins.clone());
        let revision = Gauge::default();
        registry.register("revision", "The newest revision that this server knows", revision.clone());
        let staleness = Gauge::default();
        registry.register(
            "staleness_seconds",
            "How long ago this server last confirmed that it knows the newest revision",
            staleness.clone(),
        );
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "What runs", build);
        Self { registry, requests, durations, sign_ins, revision, staleness }
    }

    /// Counts an answer.
    pub fn answered(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let answer = Answer { method: known(method), route: route.to_owned(), status };
        self.requests.get_or_create(&answer).inc();
        self.durations.get_or_create(&Route { route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// Counts a sign-in, of whatever kind.
    pub fn sign_in(&self, succeeded: bool) {
        let outcome = if succeeded { "success" } else { "failure" };
        self.sign_ins.get_or_create(&Outcome { outcome }).inc();
    }

    /// Everything in the OpenMetrics text format, which Prometheus reads, with where the engine is.
    ///
    /// # Errors
    /// Internal when it cannot be written.
    pub fn text(&self, revision: Revision, staleness: Duration) -> Result<String> {
        self.revision.set(revision.number());
        self.staleness.set(staleness.as_secs_f64());
        let mut written = String::new();
        text::encode(&mut written, &self.registry).map_err(Error::internal)?;
        Ok(written)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

fn histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

/// A method as a label. Clients may invent methods, and each would stay in memory.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::Method;
    use rolecall_core::Revision;

    use super::Metrics;

    #[test]
    fn what_happened_is_counted() {
        let metrics = Metrics::new();
        let route = "/api/v1/users/{userId}";
        metrics.answered(&Method::GET, route, 200, Duration::from_millis(3));
        metrics.answered(&Method::GET, route, 200, Duration::from_millis(300));
        metrics.answered(&Method::from_bytes(b"BREW").unwrap(), "unmatched", 405, Duration::ZERO);
        metrics.sign_in(true);
        metrics.sign_in(false);
        metrics.sign_in(false);

        let text = metrics.text(Revision::new(7), Duration::from_millis(250)).unwrap();
        for line in [
            "rolecall_http_requests_total{method=\"GET\",route=\"/api/v1/users/{userId}\",status=\"200\"} 2",
            "rolecall_http_requests_total{method=\"other\",route=\"unmatched\",status=\"405\"} 1",
            "rolecall_http_request_duration_seconds_bucket{le=\"0.005\",route=\"/api/v1/users/{userId}\"} 1",
            "rolecall_http_request_duration_seconds_count{route=\"/api/v1/users/{userId}\"} 2",
            "rolecall_sign_ins_total{outcome=\"success\"} 1",
            "rolecall_sign_ins_total{outcome=\"failure\"} 2",
            "rolecall_revision 7",
            "rolecall_staleness_seconds 0.25",
            concat!("rolecall_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
        ] {
            assert!(text.lines().any(|written| written == line), "{line} is missing in\n{text}");
        }
    }
}
