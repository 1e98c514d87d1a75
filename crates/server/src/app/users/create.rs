//! Making a local user.

use rolecall_core::Result;
use rolecall_core::access::Act;
use rolecall_core::identity::{Credential, Email, UserId};
use rolecall_signin::secret::Secret;
use rolecall_store::{NewPassword, NewUser};

use super::password::temporary;
use crate::app::{Call, Changed};

/// A user who was made, with the password that is shown this once.
#[derive(Debug)]
pub struct CreatedUser {
    /// His id.
    pub id: UserId,
    /// His name.
    pub email: Email,
    /// The generated password.
    pub password: Secret,
}

/// Makes a local user with a generated password: a temporary one, or with `keep_password` one that he may keep.
///
/// # Errors
/// Forbidden without `users:create` at the account, or where the e-mail has rules that the caller does not hold;
/// conflict when the user exists.
pub async fn create(call: &Call, email: Email, keep_password: bool) -> Result<Changed<CreatedUser>> {
    // Decided once before the hashing, which is costly, so that nobody without the right makes us do it; and again at
    // the revision of the change, where it counts.
    let act = Act::CreateUser { email: email.clone() };
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
        let expires_at = Some(change.now.plus(app.policy.temporary_password_life));
        NewPassword { hash, credential: Credential::Temporary, expires_at }
    };
    change
        .tx
        .create_user(&permit, NewUser { id, password: password_record, generated: keep_password, at: change.now })
        .await?;
    change.commit(permit, 201, CreatedUser { id, email, password }).await
}
