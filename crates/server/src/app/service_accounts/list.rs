//! Reads service accounts. A caller who may read them in any scope may read all of them, since administrators pick from
//! them.

use rolecall_core::access::Directory;
use rolecall_core::identity::ServiceAccountId;
use rolecall_core::{Error, Result};
use rolecall_store::{Page, ServiceAccountRecord};

use crate::app::Call;

/// A page of the service accounts, by name.
///
/// # Errors
/// `Forbidden` for a caller who may read service accounts in no scope.
pub async fn list(call: &Call, page: Page) -> Result<Vec<ServiceAccountRecord>> {
    call.principal()?.ensure_reads(Directory::ServiceAccounts)?;
    call.app.store.service_accounts(page).await
}

/// One service account.
///
/// # Errors
/// `NotFound` when it does not exist, or not for the caller.
pub async fn get(call: &Call, id: ServiceAccountId) -> Result<ServiceAccountRecord> {
    let unknown = || Error::not_found(format!("there is no service account with the id {id}"));
    if !call.principal()?.reads(Directory::ServiceAccounts) {
        return Err(unknown());
    }
    call.app.store.service_account(id).await?.ok_or_else(unknown)
}
