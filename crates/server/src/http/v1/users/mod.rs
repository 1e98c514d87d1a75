//! `/api/v1/users`.

mod create;
mod email;
mod export;
mod held_rules;
mod list;
mod manage;
mod parameters;
mod view;

pub use view::UserView;

use rolecall_core::identity::UserId;
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Http;

/// The routes.
pub fn routes() -> OpenApiRouter<Http> {
    OpenApiRouter::new()
        .routes(routes!(list::list_users, create::create_user))
        .routes(routes!(list::count_users))
        .routes(routes!(export::export_users))
        .routes(routes!(held_rules::list_users_rules))
        .routes(routes!(list::get_user, manage::delete_user))
        .routes(routes!(manage::reset_user_password))
        .routes(routes!(manage::log_out_user))
        .routes(routes!(manage::unbind_user))
        .routes(routes!(email::get_user_email, email::change_user_email))
        .routes(routes!(manage::enable_user))
        .routes(routes!(manage::disable_user))
}

/// The id of a user in a request.
///
/// # Errors
/// `NotFound` when it is no id.
pub fn user_id(text: &str) -> Result<UserId> {
    UserId::parse(text).ok_or_else(|| Error::not_found(format!("there is no user with the id {}", quoted(text))))
}
