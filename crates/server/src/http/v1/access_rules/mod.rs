//! `/api/v1/authorization/access-rules`.

mod create;
mod list;
mod manage;
pub(super) mod parse;
mod view;

pub use view::AccessRuleView;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Http;

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(list::list_access_rules, create::create_access_rule))
        .routes(routes!(list::count_access_rules))
        .routes(routes!(manage::get_access_rule, manage::delete_access_rule))
}
