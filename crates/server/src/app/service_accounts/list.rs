//! Reads service accounts. A caller who may read them in any scope may read all of them, since administrators pick from
//! them.

use rolecall_core::catalogue::{Action, Permission, ResourceType};
use rolecall_core::identity::ServiceAccountId;
use rolecall_core::{Error, Result};
use rolecall_store::{Page, ServiceAccountRecord};

use crate::app::Call;

const READ: Permission = Permission::new(ResourceType::ServiceAccount, Action::Read);

/// A page of the service accounts, by name.
///
/// # Errors
/// `Forbidden` for a caller who may read service accounts in no scope.
pub async fn list(call: &Call, page: Page) -> Result<Vec<ServiceAccountRecord>> {
    call.principal()?.ensure_may_somewhere(READ)?;
    call.app.store.service_accounts(page).await
}

/// One service account.
///
/// # Errors
/// `NotFound` when it does not exist, or not for the caller.
pub async fn get(call: &Call, id: ServiceAccountId) -> Result<ServiceAccountRecord> {
    let unknown = || Error::not_found(format!("there is no service account with the id {id}"));
    if !call.principal()?.may_somewhere(READ) {
        return Err(unknown());
    }
    call.app.store.service_account(id).await?.ok_or_else(unknown)
}
