//! Acting on service accounts: enable, disable, renew the secret, delete.

use rolecall_core::Result;
use rolecall_core::access::Act;
use rolecall_core::identity::ServiceAccountId;
use rolecall_signin::opaque::OpaqueSecret;

use crate::app::{Call, Changed};

/// Lets a service account sign in again, or keeps it from signing in and ends its sessions.
///
/// # Errors
/// Not found, or forbidden without `service-account:update` at the account and everything that it holds.
pub async fn set_enabled(call: &Call, id: ServiceAccountId, enabled: bool) -> Result<Changed<()>> {
    let act = if enabled { Act::EnableServiceAccount(id) } else { Act::DisableServiceAccount(id) };
    let mut change = call.open_change().await?;
    let permit = change.authorize(act).await?;
    change.tx.set_service_account_enabled(&permit, &change.world, change.now).await?;
    change.commit(permit, 200, ()).await
}

/// Gives a service account a new secret, in place of the old one, and ends its sessions.
///
/// # Errors
/// Not found, or forbidden without `service-account:update` at the account and everything that it holds.
pub async fn renew_secret(call: &Call, id: ServiceAccountId) -> Result<Changed<OpaqueSecret>> {
    let secret = super::secret(&call.app)?;
    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::RenewSecret(id)).await?;
    change.tx.renew_secret(&permit, *secret.hash().as_bytes(), change.now).await?;
    change.commit(permit, 200, secret).await
}

/// Removes a service account with its sessions and rules.
///
/// # Errors
/// Not found, or forbidden without `service-account:delete` at the account and everything that it holds.
pub async fn delete(call: &Call, id: ServiceAccountId) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::DeleteServiceAccount(id)).await?;
    change.tx.delete_service_account(&permit, &change.world, change.now).await?;
    change.commit(permit, 204, ()).await
}
