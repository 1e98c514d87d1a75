//! Creates a local user.

use rolecall_core::Result;
use rolecall_core::acts::CreateUser;
use rolecall_core::identity::{Credential, Email, PersonNames, UserId};
use rolecall_signin::secret::Secret;
use rolecall_store::{NewPassword, NewUser};

use super::password::temporary;
use crate::app::{Call, Changed};

/// A new user, with the password that is shown once.
#[derive(Debug)]
pub struct CreatedUser {
    /// Their id.
    pub id: UserId,
    /// Their email.
    pub email: Email,
    /// The generated password.
    pub password: Secret,
}

/// Creates a local user with a generated password: a temporary one, or with `keep_password` one that may be kept.
///
/// # Errors
/// `Forbidden` without `users:create` at the account, or where the email has rules with permissions that the caller
/// lacks; `Conflict` when the user exists.
pub async fn create(
    call: &Call,
    email: Email,
    names: PersonNames,
    keep_password: bool,
) -> Result<Changed<CreatedUser>> {
    // Authorized once before the expensive hashing, so that only permitted callers cause it; and again at the revision
    // of the change, which counts.
    let act = CreateUser { email: email.clone() };
    call.world.authorize(&call.actor, act.clone())?;
    let app = &call.app;
    let password = temporary(&app.random)?;
    let hash = app.hashing.hash(&password, app.random.bytes()?).await?;

    let mut change = call.open_change().await?;
    let permit = change.authorize(act).await?;
    let id = UserId::new(app.random.uuid()?);
    let password_record = if keep_password {
        NewPassword { hash, credential: Credential::Own, expires_at: None }
    } else {
        let expires_at = Some(change.tx.now().plus(app.lifetimes.temporary_password));
        NewPassword { hash, credential: Credential::Temporary, expires_at }
    };
    let new = NewUser { id, names, password: password_record, generated: keep_password };
    change.tx.create_user(&permit, new).await?;
    change.commit(permit, CreatedUser { id, email, password }).await
}
