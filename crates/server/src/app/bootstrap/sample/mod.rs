//! The sample organization: a robotics company with two clusters, to explore.
//!
//! It is the same at each start, down to the ids, except for credentials: passwords and secrets are random, and all but
//! the administrator's are discarded.

mod calendar;
mod machines;
mod people;
mod rules;
mod tree;

use rolecall_core::Result;
use rolecall_core::org::NodeName;
use rolecall_signin::secret::Secret;
use rolecall_store::{Bootstrap, BootstrapUser};
use uuid::Uuid;

use super::{administers, host};
use crate::random::Random;
use calendar::Calendar;

/// The default administrator of the sample. `.example` is reserved (RFC 2606).
pub const ADMINISTRATOR: &str = "admin@meridian.example";

const DOMAIN: &str = "meridian.example";
const ACCOUNT: &str = "Meridian Robotics";

/// Any number: another one makes other ids and dates.
const SEED: u64 = 1001;

/// The sample, around its administrator.
pub fn organization(administrator: BootstrapUser, random: &Random) -> Result<Bootstrap> {
    let mut calendar = Calendar::new(Random::seeded(SEED));
    let bootstrapped = calendar.beginning();
    let administrator = BootstrapUser { created_at: bootstrapped, updated_at: bootstrapped, ..administrator };

    let clusters = tree::clusters(&mut calendar, administrator.email.as_str())?;
    let users = people::users(&mut calendar, &administrator, &unknown_password(random)?)?;
    let service_accounts = machines::service_accounts(&mut calendar, administrator.email.as_str(), random)?;
    let mut rules = vec![administers(&administrator, bootstrapped)];
    rules.extend(rules::rules(&mut calendar, &administrator, &users, &service_accounts, &clusters)?);
    let users = [administrator].into_iter().chain(users).collect();
    Ok(Bootstrap { account_name: NodeName::parse("name", ACCOUNT)?, users, clusters, service_accounts, rules })
}

/// The hash of a discarded password. All users share it, since hashing is slow; a user with a new password gets a new
/// hash.
fn unknown_password(random: &Random) -> Result<String> {
    // From the system's randomness: a seeded value could be derived from this file.
    let password = [random.uuid()?, random.uuid()?].map(|uuid: Uuid| uuid.simple().to_string()).concat();
    host::hash(&Secret::from(password), random)
}

#[cfg(test)]
mod tests;
