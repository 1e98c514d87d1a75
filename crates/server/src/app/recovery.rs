//! Recovering a way in, from the host's shell.

use rolecall_core::access::Act;
use rolecall_core::identity::{Email, User, UserId};
use rolecall_core::{Error, Result, World};
use rolecall_signin::secret::Secret;
use rolecall_store::Store;

use super::host::{self, HostChange};
use super::users;
use crate::clock::Clock;
use crate::random::Random;

/// Who can get in again, and how.
#[derive(Debug)]
pub struct Recovered {
    /// Who.
    pub email: Email,
    /// His temporary password, which is stored nowhere in clear.
    pub password: Secret,
}

/// Makes a local user System administrator of the account with a temporary password that does not lapse: the one of that
/// e-mail, whether he exists yet or not, or the first local administrator that there is. Servers that run on this
/// database learn of it as of any change.
///
/// # Errors
/// Invalid when no e-mail is given and there is no local administrator; conflict when the user of that e-mail signs in
/// with an identity provider; when the database does not answer.
pub async fn recover(store: &Store, clock: &Clock, random: &Random, email: Option<Email>) -> Result<Recovered> {
    // Before the change is opened, as everybody else's changes wait from then on.
    let password = users::temporary_password(random)?;
    let hash = host::hash(&password, random)?;
    let mut change = HostChange::open(store, clock, random).await?;
    let email = match email {
        Some(email) => email,
        None => first_local_administrator(&change.world)?,
    };
    let permit = change.authorize(Act::RecoverAccess { email: email.clone() })?;
    change.tx.recover_access(&permit, UserId::new(random.uuid()?), hash, random.uuid()?, change.now).await?;
    change.commit(permit, "rolecall admin recover", random).await?;
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
