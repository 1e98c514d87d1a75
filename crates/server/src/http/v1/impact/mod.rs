//! `/api/v1/authorization/impact`: who would gain and who would lose what, before something is changed.

mod form;
mod view;

use axum::Json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::impact;
use crate::http::Http;
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Body, Caller, Query};
use crate::http::list::{Paging, USUAL};

pub use form::ImpactForm;
pub use view::ImpactView;

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new().routes(routes!(preview_impact))
}

/// Preview who gains and who loses what
///
/// Decides the acts, one after the other, as if they were done, and says what each subject would gain and lose, scope by scope.
/// Nothing is changed. What would be refused is refused here in the same words. The caller learns of others what happens where
/// they may read access rules. A page is one of subjects, and may have fewer than the limit.
#[utoipa::path(post, path = "/api/v1/authorization/impact", tag = "Permissions", request_body = ImpactForm, params(Paging<USUAL>), responses(
    (status = 200, description = "What would come of it", body = ImpactView),
    (status = "4XX", description = "Refused, as the first act that would be", body = ErrorBody),
))]
pub async fn preview_impact(
    Caller(call): Caller,
    Query(paging): Query<Paging<USUAL>>,
    Body(form): Body<ImpactForm>,
) -> HttpResult<Json<ImpactView>> {
    let page = paging.page();
    let preview = impact::preview(&call, form.acts(call.world.account().id)?, page).await?;
    Ok(Json(ImpactView::new(&preview, page.offset)))
}
