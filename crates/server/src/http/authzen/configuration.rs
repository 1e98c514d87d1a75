//! `/.well-known/authzen-configuration`.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::Http;
use crate::http::error::ErrorBody;
use crate::http::reply::{self, Cached};

/// What a service has to know to ask here (AuthZEN 1.0, policy decision point metadata).
#[derive(Debug, Serialize, ToSchema)]
pub struct AuthzenConfiguration {
    policy_decision_point: String,
    access_evaluation_endpoint: String,
    access_evaluations_endpoint: String,
    search_subject_endpoint: String,
    search_resource_endpoint: String,
    search_action_endpoint: String,
}

/// The policy decision point
///
/// Where AuthZEN 1.0 is spoken.
#[utoipa::path(get, path = "/.well-known/authzen-configuration", tag = "Decisions", security(()), responses(
    (status = 200, description = "The metadata of the policy decision point", body = AuthzenConfiguration),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn authzen_configuration(State(http): State<Http>) -> Cached<AuthzenConfiguration> {
    let here = http.app.public_url.to_string();
    let at = |path: &str| format!("{here}/access/v1/{path}");
    reply::cached(AuthzenConfiguration {
        access_evaluation_endpoint: at("evaluation"),
        access_evaluations_endpoint: at("evaluations"),
        search_subject_endpoint: at("search/subject"),
        search_resource_endpoint: at("search/resource"),
        search_action_endpoint: at("search/action"),
        policy_decision_point: here,
    })
}
