//! The AuthZEN Authorization API 1.0 (OpenID), with which other services ask who may do what where. `docs/authzen.md`
//! is for them.
//!
//! The steps of a question: `body` reads it as text, `request` as borrowed words, `evaluation` or `search` answers with a
//! `view`, which `write` turns into `json`. Only a request that is malformed as a whole, or whose caller may not ask, gets another status
//! than 200.

mod body;
mod configuration;
mod denial;
mod evaluation;
mod json;
pub mod request;
mod search;
pub(super) mod token;
pub mod view;
mod write;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Http;

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(evaluation::evaluate))
        .routes(routes!(evaluation::evaluate_all))
        .routes(routes!(search::search_subjects))
        .routes(routes!(search::search_resources))
        .routes(routes!(search::search_actions))
        .routes(routes!(configuration::authzen_configuration))
}
