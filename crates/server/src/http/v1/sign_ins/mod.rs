//! `/api/v1/sign-ins`: recent sign-ins with identity providers, for the administrator to whom a person tells a reference.

mod view;

use axum::Json;
use rolecall_core::identity::ProviderAlias;
use rolecall_store::SignInFilter;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::sso;
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Path, Query, Text};
use crate::http::list::{Paging, USUAL};
use crate::http::parameter::{Flag, Search};
use crate::http::{Http, limits};

pub use view::{AccessesView, OutcomeView, ReadingView, SignInReport, SignIns};

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(list_sign_ins)).routes(routes!(get_sign_in))
}

/// Which sign-ins are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct WantedSignIns {
    /// Those with the identity provider of that name.
    #[param(value_type = Option<String>, max_length = 255)]
    idp: Option<Text<{ limits::NAME }>>,
    /// true: those that failed.
    #[param(inline)]
    failed: Option<Flag>,
    /// Text that the email contains, or a whole reference.
    #[param(inline)]
    search: Option<Search>,
}

/// List recent sign-ins
///
/// With identity providers, newest first. They are kept for seven days.
#[utoipa::path(get, path = "/api/v1/sign-ins", tag = "Identity providers", params(WantedSignIns, Paging<USUAL>), responses(
    (status = 200, description = "The sign-ins", body = SignIns),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_sign_ins(
    Caller(call): Caller,
    Query(wanted): Query<WantedSignIns>,
    Query(paging): Query<Paging<USUAL>>,
) -> HttpResult<Json<SignIns>> {
    let provider = wanted.idp.map(|alias| ProviderAlias::parse("idp", alias.as_str())).transpose()?;
    let filter = SignInFilter {
        provider: None,
        failed: wanted.failed.is_some_and(|flag| flag.0),
        about: wanted.search.map(|text| text.0.trim().to_owned()).filter(|text| !text.is_empty()),
    };
    let (sign_ins, total) = sso::list_recent(&call, provider.as_ref(), filter, paging.page()).await?;
    Ok(Json(SignIns::new(sign_ins, total)))
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
