//! Describes requests: the client's address and the request id; logs one line for each, and counts.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rolecall_core::Result;
use rolecall_core::text::shortened;
use tracing::Instrument;

use super::client_address::client_address;
use crate::app::RequestInfo;
use crate::http::Http;
use crate::http::documented_status;
use crate::http::error::{self, HttpError};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Characters of a path that the audit log stores: failed sign-ins of strangers must not fill the disk.
const MOST_OF_A_PATH: usize = 1000;

/// The outermost layer.
pub async fn describe(State(http): State<Http>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let info = match info(&http, &request) {
        Ok(info) => info,
        Err(error) => return HttpError(error).into_response(),
    };
    // Requests without a route share one label: strangers choose their paths, and could fill the memory.
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().clone();
    // Without the query, which may contain secrets.
    let path = shortened(request.uri().path());
    let span = tracing::info_span!("request", id = %info.id);
    let echo = callers_id(request.headers()).and_then(|id| HeaderValue::from_str(id).ok());
    request.extensions_mut().insert(info.clone());

    let mut response = next.run(request).instrument(span.clone()).await;

    let took = began.elapsed();
    let status = response.status().as_u16();
    http.metrics.answered(&method, &route, status, took);
    span.in_scope(|| {
        let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let client = info.source_ip;
        if matches!(path.as_str(), "/healthz" | "/readyz" | "/metrics") && status < 400 {
            tracing::debug!(%method, route, path, status, duration_ms, %client, "answered");
        } else {
            tracing::info!(%method, route, path, status, duration_ms, %client, "answered");
        }
    });
    if let Ok(id) = echo.map_or_else(|| HeaderValue::from_str(&info.id), Ok) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn info(http: &Http, request: &Request) -> Result<RequestInfo> {
    // Without a socket, as in tests, requests are local.
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| address.ip());
    let id = match callers_id(request.headers()) {
        // Quotes would end a value in a log line.
        Some(id) => id.escape_default().to_string(),
        None => http.app.random.uuid()?.to_string(),
    };
    Ok(RequestInfo {
        source_ip: client_address(peer, request.headers(), &http.trusted_proxies),
        method: request.method().to_string(),
        url: request.uri().path().chars().take(MOST_OF_A_PATH).collect(),
        id,
        success: documented_status::of(
            request.method(),
            request.extensions().get::<MatchedPath>().map(MatchedPath::as_str),
        ),
        refusal: |kind| error::status(kind).as_u16(),
    })
}

/// The caller's request id: at most 256 visible ASCII characters.
fn callers_id(headers: &HeaderMap) -> Option<&str> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    ((1..=256).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())).then_some(id)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::{REQUEST_ID, callers_id};

    #[test]
    fn a_callers_id_is_visible_and_short() {
        let kept = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, HeaderValue::from_bytes(text.as_bytes()).unwrap());
            callers_id(&headers).is_some()
        };
        for text in ["7f3c-A.b_9", "a/b", "a\"b\\", "Root=1-67891233-abcdef012345678912345678", &"a".repeat(256)] {
            assert!(kept(text), "{text}");
        }
        for text in ["", " ", "a b", "é", &"a".repeat(257)] {
            assert!(!kept(text), "{text}");
        }
        assert!(callers_id(&HeaderMap::new()).is_none());
    }
}
