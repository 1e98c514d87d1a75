//! Where the sign-in page leads by itself.

use rolecall_core::acts::RedirectTo;
use rolecall_core::identity::ProviderAlias;
use rolecall_core::{ErrorKind, Result};

use super::{find, unknown};
use crate::app::{Call, Changed};

/// The identity provider that the sign-in page leads to by itself, whether or not it is enabled.
///
/// # Errors
/// `Forbidden` without `security-settings:read` at the account.
pub async fn auto_redirect(call: &Call) -> Result<Option<ProviderAlias>> {
    call.principal()?.ensure_reads_providers()?;
    let id = call.app.store.auto_redirect().await?;
    Ok(id.and_then(|id| call.world.provider(id)).map(|provider| provider.alias.clone()))
}

/// Has the sign-in page lead to an identity provider by itself, or to none.
///
/// # Errors
/// `NotFound` when there is no such provider for the caller; `Forbidden` without every permission at the account, or to none
/// without `security-settings:update` there.
pub async fn set_auto_redirect(call: &Call, alias: Option<&str>) -> Result<Changed<()>> {
    let mut change = call.open_change().await?;
    let provider = alias.map(|alias| find(change.tx.world(), alias)).transpose()?;
    let permit = match (change.authorize(RedirectTo(provider)).await, alias) {
        (Err(error), Some(alias)) if error.kind == ErrorKind::NotFound => return Err(unknown(alias)),
        (permit, _) => permit?,
    };
    change.tx.redirect_to(&permit).await?;
    change.commit(permit, ()).await
}
