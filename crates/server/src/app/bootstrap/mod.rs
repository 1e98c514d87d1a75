//! Bootstrap: the initial contents of an empty database, with its first administrator and an optional sample
//! organization.

pub mod sample;

use rolecall_core::access::Actor;
use rolecall_core::acts::BootstrapAccount;
use rolecall_core::catalogue::RoleId;
use rolecall_core::identity::{Credential, Email, Subject, UserId};
use rolecall_core::org::NodeName;
use rolecall_core::{Result, Timestamp};
use rolecall_signin::secret::Secret;
use rolecall_store::{Bootstrap, BootstrapRule, BootstrapScope, BootstrapUser, Store};

use super::host;
use super::users;
use crate::clock::Clock;
use crate::random::Random;

/// The account's initial name.
const ACCOUNT: &str = "account";

/// The creator of the initial entities.
const HOST: &str = "host";

/// The settings of the first start.
#[derive(Debug, Clone)]
pub struct FirstStart {
    /// The administrator's email.
    pub administrator: Email,
    /// Their password; a temporary one is generated if absent.
    pub own_password: Option<Secret>,
    /// Whether the sample organization is created.
    pub sample: bool,
}

/// The result of the bootstrap.
#[derive(Debug)]
pub struct Bootstrapped {
    /// The administrator's email.
    pub administrator: Email,
    /// Their generated temporary password, which is stored nowhere in the clear.
    pub temporary_password: Option<Secret>,
}

/// Bootstraps the account, unless it already is: of servers that start together on one database one does, and the
/// others get `None`.
///
/// # Errors
/// When the database does not answer.
pub async fn bootstrap(
    store: &Store,
    clock: &Clock,
    random: &Random,
    start: FirstStart,
) -> Result<Option<Bootstrapped>> {
    let mut change = host::begin(store, clock, random).await?;
    if change.world().users().next().is_some() {
        return Ok(None);
    }
    let temporary_password = match start.own_password {
        Some(_) => None,
        None => Some(users::temporary_password(random)?),
    };
    let password = start.own_password.as_ref().or(temporary_password.as_ref());
    let administrator = BootstrapUser {
        id: UserId::new(random.uuid()?),
        email: start.administrator.clone(),
        credential: if start.own_password.is_some() { Credential::Own } else { Credential::LastingTemporary },
        password_hash: password.map(|password| host::hash(password, random)).transpose()?,
        password_expires_at: None,
        enabled: true,
        groups: Vec::new(),
        created_by: HOST.to_owned(),
        created_at: change.now(),
        updated_at: change.now(),
        last_login: None,
    };
    let bootstrap =
        if start.sample { sample::organization(administrator, random)? } else { alone(administrator, change.now())? };

    let permit = change.authorize(&Actor::Host, BootstrapAccount(change.world().account().id))?;
    change.bootstrap_account(&permit, &bootstrap).await?;
    change.commit(permit, &host::facts("rolecall serve", random)?).await?;
    Ok(Some(Bootstrapped { administrator: start.administrator, temporary_password }))
}

/// The administrator alone.
fn alone(administrator: BootstrapUser, now: Timestamp) -> Result<Bootstrap> {
    Ok(Bootstrap {
        account_name: NodeName::parse("name", ACCOUNT)?,
        rules: vec![administers(&administrator, now)],
        users: vec![administrator],
        clusters: Vec::new(),
        service_accounts: Vec::new(),
    })
}

/// The rule that makes the user an administrator.
fn administers(administrator: &BootstrapUser, at: Timestamp) -> BootstrapRule {
    BootstrapRule {
        subject: Subject::User(administrator.email.clone()),
        role: RoleId::SYSTEM_ADMINISTRATOR,
        scope: BootstrapScope::Account,
        created_by: HOST.to_owned(),
        at,
    }
}
