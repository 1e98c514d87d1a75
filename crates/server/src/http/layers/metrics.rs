//! Metrics for Prometheus. One set for each server; nothing in it is global.

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

/// Seconds, from an answer out of memory to the request timeout.
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

/// The metrics of a server.
pub struct Metrics {
    registry: Registry,
    requests: Family<Answer, Counter>,
    durations: Family<Route, Histogram, fn() -> Histogram>,
    sign_ins: Family<Outcome, Counter>,
    held_groups: Counter,
    revision: Gauge,
    staleness: Gauge<f64, AtomicU64>,
}

/// A function pointer, so that the family has a type that can be named.
const HISTOGRAM: fn() -> Histogram = histogram;

impl Metrics {
    /// All metrics at zero.
    #[must_use]
    pub fn new() -> Self {
        let mut all = Registry::default();
        #[cfg(target_os = "linux")]
        all.register_collector(Box::new(super::process::ProcessCollector));
        let registry = all.sub_registry_with_prefix("rolecall");
        let requests = Family::default();
        registry.register("http_requests", "Requests that were answered", requests.clone());
        let durations = Family::new_with_constructor(HISTOGRAM);
        registry.register("http_request_duration_seconds", "How long answers took", durations.clone());
        let sign_ins = Family::default();
        registry.register("sign_ins", "Sign-ins that succeeded and failed", sign_ins.clone());
        let held_groups = Counter::default();
        registry.register(
            "sign_ins_with_held_groups",
            "Sign-ins in which a person kept their groups because those of many people vanished",
            held_groups.clone(),
        );
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
        Self { registry: all, requests, durations, sign_ins, held_groups, revision, staleness }
    }

    /// Counts a response.
    pub fn answered(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let answer = Answer { method: known(method), route: route.to_owned(), status };
        self.requests.get_or_create(&answer).inc();
        self.durations.get_or_create(&Route { route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// Counts a sign-in of any kind, and returns its outcome.
    ///
    /// # Errors
    /// As the sign-in.
    pub fn sign_in<T, E>(&self, signed_in: Result<T, E>) -> Result<T, E> {
        let outcome = if signed_in.is_ok() { "success" } else { "failure" };
        self.sign_ins.get_or_create(&Outcome { outcome }).inc();
        signed_in
    }

    /// All metrics as text, with the engine's state: its revision and staleness.
    ///
    /// # Errors
    /// `Internal` when they cannot be written.
    pub fn text(&self, format: Format, engine: (Revision, Option<Duration>), held_groups: u64) -> Result<String> {
        let (revision, staleness) = engine;
        self.held_groups.inc_by(held_groups.saturating_sub(self.held_groups.get()));
        self.revision.set(revision.number());
        // Without a world the staleness is infinite.
        self.staleness.set(staleness.map_or(f64::INFINITY, |staleness| staleness.as_secs_f64()));
        let mut written = String::new();
        text::encode(&mut written, &self.registry).map_err(Error::internal)?;
        Ok(match format {
            Format::OpenMetrics => written,
            Format::Prometheus => as_prometheus(&written),
        })
    }
}

/// A format of metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Prometheus's own text format, 0.0.4.
    Prometheus,
    /// The OpenMetrics text format, 1.0.0.
    OpenMetrics,
}

impl Format {
    /// Its media type.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }

    /// The format that a client accepts (RFC 9110, section 12.5.1): Prometheus's own, unless OpenMetrics is accepted
    /// with at least the same weight.
    #[must_use]
    pub fn accepted(accept: &str) -> Self {
        let open_metrics = quality(accept, "application/openmetrics-text");
        if open_metrics > 0.0 && open_metrics >= quality(accept, "text/plain") {
            Self::OpenMetrics
        } else {
            Self::Prometheus
        }
    }
}

/// The weight of a media type in `Accept`, from 0 to 1.
fn quality(accept: &str, media_type: &str) -> f32 {
    let mut best = 0.0;
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        if parts.next().is_some_and(|named| named.eq_ignore_ascii_case(media_type)) {
            let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok());
            best = f32::max(best, quality.unwrap_or(1.0));
        }
    }
    best
}

/// OpenMetrics in Prometheus's own format, where a family has the name of its samples, and neither infos nor an end
/// marker exist.
fn as_prometheus(open_metrics: &str) -> String {
    let mut written = String::with_capacity(open_metrics.len());
    let mut help = "";
    for line in open_metrics.lines() {
        if let Some(described) = line.strip_prefix("# HELP ") {
            help = described.split_once(' ').map_or("", |(_, help)| help);
        } else if let Some(typed) = line.strip_prefix("# TYPE ") {
            let (name, kind) = typed.split_once(' ').unwrap_or((typed, "untyped"));
            let (suffix, kind) = match kind {
                "counter" => ("_total", kind),
                "info" => ("_info", "gauge"),
                _ => ("", kind),
            };
            written.extend(["# HELP ", name, suffix, " ", help, "\n# TYPE ", name, suffix, " ", kind, "\n"]);
        } else if !line.starts_with('#') {
            written.extend([line, "\n"]);
        }
    }
    written
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
    use rolecall_core::{Error, Revision};

    use super::{Format, Metrics};

    #[test]
    fn what_happened_is_counted() {
        let metrics = Metrics::new();
        let route = "/api/v1/users/{userId}";
        metrics.answered(&Method::GET, route, 200, Duration::from_millis(3));
        metrics.answered(&Method::GET, route, 200, Duration::from_millis(300));
        metrics.answered(&Method::from_bytes(b"BREW").unwrap(), "unmatched", 405, Duration::ZERO);
        metrics.sign_in::<(), Error>(Ok(())).unwrap();
        metrics.sign_in::<(), _>(Err(Error::unauthenticated("no"))).unwrap_err();
        metrics.sign_in::<(), _>(Err(Error::unauthenticated("no"))).unwrap_err();

        let (revision, staleness) = (Revision::new(7), Some(Duration::from_millis(250)));
        let open_metrics = metrics.text(Format::OpenMetrics, (revision, staleness), 0).unwrap();
        assert!(open_metrics.contains("# TYPE rolecall_http_requests counter\n") && open_metrics.ends_with("# EOF\n"));
        let text = metrics.text(Format::Prometheus, (revision, staleness), 0).unwrap();
        for line in [
            "# HELP rolecall_http_requests_total Requests that were answered.",
            "# TYPE rolecall_http_requests_total counter",
            "# TYPE rolecall_http_request_duration_seconds histogram",
            "# TYPE rolecall_build_info gauge",
            "# TYPE process_cpu_seconds_total counter",
            "# TYPE process_resident_memory_bytes gauge",
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
        assert!(!text.contains("# EOF") && !text.contains("# UNIT"), "{text}");
    }

    #[test]
    fn open_metrics_is_for_those_who_accept_it() {
        let prometheus = "application/openmetrics-text;version=1.0.0;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,\
                          text/plain;version=0.0.4;q=0.4,*/*;q=0.3";
        for (accept, format) in [
            ("", Format::Prometheus),
            ("*/*", Format::Prometheus),
            ("text/html, text/plain", Format::Prometheus),
            ("application/openmetrics-text", Format::OpenMetrics),
            (prometheus, Format::OpenMetrics),
            ("text/plain;version=0.0.4;q=0.6, application/openmetrics-text; q=0.5", Format::Prometheus),
            ("application/openmetrics-text;q=0", Format::Prometheus),
        ] {
            assert_eq!(Format::accepted(accept), format, "{accept}");
        }
    }
}
