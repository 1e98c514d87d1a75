//! Monitoring: liveness, readiness and metrics. Without authentication.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Http;
use super::error::{self, ErrorBody, HttpResult};
use super::layers::Format;
use super::schema::HealthStatus;

/// How a server is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`, or `unavailable`.
    #[schema(value_type = HealthStatus)]
    status: &'static str,
    /// What is wrong; absent when nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz)).routes(routes!(metrics))
}

/// Whether the process lives
///
/// Says nothing about the database: to restart the process would not mend that.
#[utoipa::path(get, path = "/healthz", tag = "Health", security(()), responses(
    (status = 200, description = "It lives", body = Health),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
async fn healthz() -> Json<Health> {
    Json(Health { status: "ok", message: None })
}

/// Whether the server can answer requests
///
/// The database answers and can be written, and the newest access rules are known.
#[utoipa::path(get, path = "/readyz", tag = "Health", security(()), responses(
    (status = 200, description = "It can", body = Health),
    (status = "4XX", description = "Refused", body = ErrorBody),
    (status = 503, description = "It cannot, for now", body = Health),
))]
async fn readyz(State(http): State<Http>) -> Response {
    let app = &http.app;
    let ready = async {
        // The reason why it cannot be written is more useful than how long it was not followed.
        app.store.ensure_writable()?;
        app.engine.current(app.clock.now())?;
        app.store.ping().await
    };
    match ready.await {
        Ok(()) => Json(Health { status: "ok", message: None }).into_response(),
        Err(error) => {
            error::log(&error);
            let health = Health { status: "unavailable", message: Some(error.message) };
            (StatusCode::SERVICE_UNAVAILABLE, Json(health)).into_response()
        }
    }
}

/// What the server counted, for Prometheus
///
/// In the Prometheus text format, or in OpenMetrics where `Accept` names it.
#[utoipa::path(get, path = "/metrics", tag = "Health", security(()), responses(
    (status = 200, description = "The metrics", content(
        (String = "text/plain"),
        (String = "application/openmetrics-text"),
    )),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
async fn metrics(State(http): State<Http>, headers: HeaderMap) -> HttpResult<Response> {
    let accept = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let format = Format::accepted(&accept.collect::<Vec<_>>().join(","));
    let engine = &http.app.engine;
    let known = (engine.world().revision(), engine.staleness(http.app.clock.now()));
    let text = http.metrics.text(format, known, http.app.sso.held_groups())?;
    Ok(([(header::CONTENT_TYPE, format.content_type())], text).into_response())
}
