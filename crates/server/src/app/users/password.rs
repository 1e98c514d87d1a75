//! Passwords: generated temporary ones, and those that users choose.

use rolecall_core::access::Actor;
use rolecall_core::acts::{ChangeOwnPassword, ResetPassword};
use rolecall_core::identity::{Credential, UserId};
use rolecall_core::{Error, Result};
use rolecall_signin::password::temporary as generator;
use rolecall_signin::secret::Secret;
use rolecall_store::NewPassword;

use crate::app::sessions::{self, SignedIn};
use crate::app::{Call, Changed};
use crate::random::Random;

/// A new generated password: 16 characters of four classes.
///
/// # Errors
/// `Internal` when there is no randomness.
pub fn temporary(random: &Random) -> Result<Secret> {
    let mut failure = None;
    let mut fill = |buffer: &mut [u8]| {
        if let Err(error) = random.fill(buffer) {
            failure = Some(error);
        }
    };
    let password = generator::generate(&mut fill);
    match failure {
        Some(error) => Err(error),
        None => password.map_err(Error::internal),
    }
}

/// Gives a local user a temporary password and ends their sessions. For the account's last way in it does not expire.
///
/// # Errors
/// `NotFound`; `Forbidden` without `users:update` at the account and every permission that the user has; `Invalid` for
/// a user of an identity provider.
pub async fn reset(call: &Call, id: UserId) -> Result<Changed<Secret>> {
    call.world.authorize(&call.actor, ResetPassword(id))?;
    let app = &call.app;
    let password = temporary(&app.random)?;
    let hash = app.hashing.hash(&password, app.random.bytes()?).await?;

    let mut change = call.open_change().await?;
    let permit = change.authorize(ResetPassword(id)).await?;
    let is_last = change.tx.world().user_by_id(id).is_some_and(|user| change.tx.world().is_last_way_in(&user.email));
    let password_record = if is_last {
        NewPassword { hash, credential: Credential::LastingTemporary, expires_at: None }
    } else {
        let expires_at = Some(change.tx.now().plus(app.lifetimes.temporary_password));
        NewPassword { hash, credential: Credential::Temporary, expires_at }
    };
    change.tx.reset_password(&permit, password_record).await?;
    change.commit(permit, password).await
}

/// Changes the caller's own password, after the current one was verified, and ends the caller's other sessions. One
/// change at a time for each user: neither guesses of the current password nor estimates of new ones run in parallel.
///
/// # Errors
/// `Forbidden` for a caller without a password here; `Invalid` when the current one is wrong, or the new one is too
/// short, too long, easy to guess, or the same; `Unauthenticated` when the session ends because of too many wrong ones;
/// `TooMany` while another change is in progress.
pub async fn change_own(call: &Call, current: &Secret, new: &Secret) -> Result<Changed<()>> {
    let app = &call.app;
    call.world.authorize(&call.actor, ChangeOwnPassword)?;
    let Actor::User { email, id, session } = &call.actor else {
        return Err(Error::forbidden("only users have passwords"));
    };
    let _turn = app.guard.begin_password_change(*id)?;
    let who = SignedIn { email, id: *id, session: *session };
    let verified = sessions::verify_own_password(app, &call.request, &who, current).await?;
    app.hashing.judge(new, email.as_str(), call.world.clone(), current).await?;
    let hash = app.hashing.hash(new, app.random.bytes()?).await?;

    let mut change = call.open_change().await?;
    let permit = change.authorize(ChangeOwnPassword).await?;
    // The verified password must still be the one to replace: a reset may have come in between.
    let stored = change.tx.own_password_hash(&permit).await?;
    if stored.as_deref() != Some(verified.as_str()) {
        return Err(Error::conflict("the password was changed in the meantime; sign in again"));
    }
    let own = NewPassword { hash, credential: Credential::Own, expires_at: None };
    change.tx.change_own_password(&permit, own).await?;
    change.commit(permit, ()).await
}
