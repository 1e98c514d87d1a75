//! `/api/v1/sign-ins`: recent sign-ins with identity providers, for the administrator to whom a person tells a reference.

mod view;

use axum::Json;
use rolecall_core::identity::ProviderAlias;
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use rolecall_store::SignInFilter;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::sso;
use crate::http::Http;
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Path, Query};
use crate::http::list;

pub use view::{AccessesView, OutcomeView, ReadingView, SignInReport, SignIns};

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(list_sign_ins)).routes(routes!(get_sign_in))
}

/// List recent sign-ins
///
/// With identity providers, newest first. They are kept for seven days.
#[utoipa::path(get, path = "/api/v1/sign-ins", tag = "Identity providers", params(
    ("idp" = Option<String>, Query, description = "Those with the identity provider of that name"),
    ("failed" = Option<bool>, Query, description = "true: those that failed"),
    ("search" = Option<String>, Query, description = "Text that the email contains, or a whole reference"),
    ("offset" = Option<u64>, Query, description = "How many to leave out first"),
    ("limit" = Option<u32>, Query, description = "1 to 500; 50 when absent"),
), responses(
    (status = 200, description = "The sign-ins", body = SignIns),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_sign_ins(Caller(call): Caller, query: Query) -> HttpResult<Json<SignIns>> {
    let provider = query.one("idp")?.map(|alias| ProviderAlias::parse("idp", alias)).transpose()?;
    let filter = SignInFilter {
        provider: None,
        failed: failed(&query)?,
        about: query.text("search")?.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()),
    };
    let page = list::page(&query, list::USUAL)?;
    let (sign_ins, total) = sso::list_recent(&call, provider.as_ref(), filter, page).await?;
    Ok(Json(SignIns::new(sign_ins, total)))
}

fn failed(query: &Query) -> Result<bool> {
    match query.one("failed")? {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(other) => Err(Error::invalid(format!("failed: {} is neither true nor false", quoted(other)))),
    }
}

/// Get a recent sign-in
///
/// Each step, what the provider said, and what was made of it. The last step is the one that failed, where there is a problem.
#[utoipa::path(get, path = "/api/v1/sign-ins/{reference}", tag = "Identity providers", params(("reference" = String, Path, description = "What the person was shown, such as 7HQ2-9XKM")), responses(
    (status = 200, description = "The sign-in", body = SignInReport),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn get_sign_in(Caller(call): Caller, Path(reference): Path<String>) -> HttpResult<Json<SignInReport>> {
    Ok(Json(SignInReport::new(sso::recent(&call, &reference).await?)?))
}
