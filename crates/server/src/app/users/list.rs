//! Reading users. Whoever may read them in any scope may read them all, since administrators pick from them.

use rolecall_core::catalogue::{Action, Permission, ResourceType};
use rolecall_core::filter::Filter;
use rolecall_core::identity::UserId;
use rolecall_core::{Error, Result};
use rolecall_store::{UserQuery, UserRecord};

use crate::app::Call;

const READ: Permission = Permission::new(ResourceType::Users, Action::Read);

/// A page of users.
///
/// # Errors
/// Forbidden for whoever may read users nowhere.
pub async fn list(call: &Call, query: &UserQuery) -> Result<Vec<UserRecord>> {
    call.principal()?.ensure_may_somewhere(READ)?;
    call.app.store.users(query).await
}

/// How many users match.
///
/// # Errors
/// Forbidden for whoever may read users nowhere.
pub async fn count(call: &Call, filter: &Filter, search: Option<&str>) -> Result<u64> {
    call.principal()?.ensure_may_somewhere(READ)?;
    call.app.store.count_users(filter, search).await
}

/// One user.
///
/// # Errors
/// Not found when there is none, or not for the caller.
pub async fn get(call: &Call, id: UserId) -> Result<UserRecord> {
    let unknown = || Error::not_found(format!("there is no user with the id {id}"));
    if !call.principal()?.may_somewhere(READ) {
        return Err(unknown());
    }
    call.app.store.user(id).await?.ok_or_else(unknown)
}
