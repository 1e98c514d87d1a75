//! Manages service accounts: enable, disable, renew the secret, delete.

use rolecall_core::Result;
use rolecall_core::acts::{DeleteServiceAccount, DisableServiceAccount, EnableServiceAccount, RenewSecret};
use rolecall_core::identity::ServiceAccountId;
use rolecall_signin::opaque::OpaqueSecret;

use crate::app::{Call, Changed};

/// Enables a service account, or disables it and ends its sessions.
///
/// # Errors
/// `NotFound`; `Forbidden` without `service-account:update` at the account and every permission that it has.
pub async fn set_enabled(call: &Call, id: ServiceAccountId, enabled: bool) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    if enabled {
        let permit = change.authorize(EnableServiceAccount(id)).await?;
        change.tx.enable_service_account(&permit).await?;
        change.commit(permit, ()).await
    } else {
        let permit = change.authorize(DisableServiceAccount(id)).await?;
        change.tx.disable_service_account(&permit).await?;
        change.commit(permit, ()).await
    }
}

/// Replaces the secret of a service account, and ends its sessions.
///
/// # Errors
/// `NotFound`; `Forbidden` without `service-account:update` at the account and every permission that it has.
pub async fn renew_secret(call: &Call, id: ServiceAccountId) -> Result<Changed<OpaqueSecret>> {
    let secret = super::secret(&call.app)?;
    let mut change = call.open_change().await?;
    let permit = change.authorize(RenewSecret(id)).await?;
    change.tx.renew_secret(&permit, *secret.hash().as_bytes()).await?;
    change.commit(permit, secret).await
}

/// Deletes a service account with its sessions and rules.
///
/// # Errors
/// `NotFound`; `Forbidden` without `service-account:delete` at the account and every permission that it has.
pub async fn delete(call: &Call, id: ServiceAccountId) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let permit = change.authorize(DeleteServiceAccount(id)).await?;
    change.tx.delete_service_account(&permit).await?;
    change.commit(permit, ()).await
}
