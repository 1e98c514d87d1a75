//! Recovers access from the host's shell.

use rolecall_core::access::Actor;
use rolecall_core::acts::RecoverAccess;
use rolecall_core::identity::{Email, User, UserId};
use rolecall_core::{Error, Result, World};
use rolecall_signin::secret::Secret;
use rolecall_store::Store;

use super::host;
use super::users;
use crate::clock::Clock;
use crate::random::Random;

/// The recovered user.
#[derive(Debug)]
pub struct Recovered {
    /// Their email.
    pub email: Email,
    /// Their temporary password, which is stored nowhere in the clear.
    pub password: Secret,
}

/// Makes a local user System administrator of the account, with a temporary password that does not expire: the user
/// with that email, created if missing, or else the first local administrator. Running servers learn of it as of any
/// change.
///
/// # Errors
/// `Invalid` when no email is given and there is no local administrator; `Conflict` when the user signs in with an
/// identity provider; or when the database does not answer.
pub async fn recover(store: &Store, clock: &Clock, random: &Random, email: Option<Email>) -> Result<Recovered> {
    // Hashed before the change is opened, because all other changes wait from then on.
    let password = users::temporary_password(random)?;
    let hash = host::hash(&password, random)?;
    let mut change = host::begin(store, clock, random).await?;
    let email = match email {
        Some(email) => email,
        None => first_local_administrator(change.world())?,
    };
    let permit = change.authorize(&Actor::Host, RecoverAccess { email: email.clone() })?;
    change.recover_access(&permit, UserId::new(random.uuid()?), hash, random.uuid()?).await?;
    change.commit(permit, &host::facts("rolecall admin recover", random)?).await?;
    Ok(Recovered { email, password })
}

fn first_local_administrator(world: &World) -> Result<Email> {
    let local = |email: &&Email| world.user(email).is_some_and(User::is_local);
    world
        .administrators()
        .find(local)
        .cloned()
        .ok_or_else(|| Error::invalid("email: the account has no local administrator; name one with --email"))
}
