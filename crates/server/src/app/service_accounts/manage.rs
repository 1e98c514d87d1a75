//! Manages service accounts: enable, disable, renew the secret, delete.

use rolecall_core::Result;
use rolecall_core::access::Act;
use rolecall_core::identity::ServiceAccountId;
use rolecall_signin::opaque::OpaqueSecret;

use crate::app::{Call, Changed};

/// Enables a service account, or disables it and ends its sessions.
///
/// # Errors
/// `NotFound`; `Forbidden` without `service-account:update` at the account and every permission that it has.
pub async fn set_enabled(call: &Call, id: ServiceAccountId, enabled: bool) -> Result<Changed<()>> {
    let act = if enabled { Act::EnableServiceAccount(id) } else { Act::DisableServiceAccount(id) };
    let mut change = call.open_change().await?;
    let permit = change.authorize(act).await?;
    change.tx.set_service_account_enabled(&permit, &change.world, change.now).await?;
    change.commit(permit, 200, ()).await
}

/// Replaces the secret of a service account, and ends its sessions.
///
/// # Errors
/// `NotFound`; `Forbidden` without `service-account:update` at the account and every permission that it has.
pub async fn renew_secret(call: &Call, id: ServiceAccountId) -> Result<Changed<OpaqueSecret>> {
    let secret = super::secret(&call.app)?;
    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::RenewSecret(id)).await?;
    change.tx.renew_secret(&permit, *secret.hash().as_bytes(), change.now).await?;
    change.commit(permit, 200, secret).await
}

/// Deletes a service account with its sessions and rules.
///
/// # Errors
/// `NotFound`; `Forbidden` without `service-account:delete` at the account and every permission that it has.
pub async fn delete(call: &Call, id: ServiceAccountId) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(Act::DeleteServiceAccount(id)).await?;
    change.tx.delete_service_account(&permit, &change.world, change.now).await?;
    change.commit(permit, 204, ()).await
}
