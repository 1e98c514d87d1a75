//! `/api/v1/authorization/access-rules` and `/api/v1/authorization/me/access-rules`.

mod batch;
mod create;
mod export;
mod list;
mod manage;
mod parameters;
pub(super) mod parse;
mod view;

pub use create::NewAccessRule;
pub use parameters::SubjectType;
pub use parse::{APP, node_word, rule_id, scope_word};
pub use view::AccessRuleView;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Http;

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(list::list_access_rules, create::create_access_rule))
        .routes(routes!(list::count_access_rules))
        .routes(routes!(export::export_access_rules))
        .routes(routes!(batch::access_rules_batch))
        .routes(routes!(batch::access_rules_batch_create))
        .routes(routes!(list::list_own_access_rules))
        .routes(routes!(list::count_own_access_rules))
        .routes(routes!(manage::get_access_rule, manage::delete_access_rule))
}
