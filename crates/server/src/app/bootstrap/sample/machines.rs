//! The sample's service accounts. Their secrets are discarded: give one a new secret to sign in as it.

use rolecall_core::Result;
use rolecall_core::identity::{ClientId, ServiceAccountId, ServiceAccountName};
use rolecall_signin::opaque::{OpaqueSecret, SecretKind};
use rolecall_store::BootstrapServiceAccount;

use super::calendar::Calendar;
use crate::random::Random;

pub const PIPELINE: &str = "training-pipeline";
pub const REPORTS: &str = "nightly-reports";
pub const CLUSTER_SYNC: &str = "cluster-sync";
pub const OLD_CI: &str = "old-ci";

const NAMES: [&str; 4] = [PIPELINE, REPORTS, CLUSTER_SYNC, OLD_CI];

/// The service accounts. `secrets` must be the system's randomness: a seeded secret could be derived from this file.
pub fn service_accounts(
    calendar: &mut Calendar,
    created_by: &str,
    secrets: &Random,
) -> Result<Vec<BootstrapServiceAccount>> {
    let mut accounts = Vec::with_capacity(NAMES.len());
    for (place, name) in NAMES.into_iter().enumerate() {
        let created_at = calendar.moment(place, NAMES.len())?;
        let id = calendar.uuid()?;
        let suffix: String = calendar.uuid()?.simple().to_string().chars().take(12).collect();
        let in_use = name != OLD_CI;
        accounts.push(BootstrapServiceAccount {
            id: ServiceAccountId::new(id),
            client_id: ClientId::parse("clientId", &format!("{name}-{suffix}"))?,
            name: ServiceAccountName::parse("name", name)?,
            enabled: in_use,
            secret_hash: *OpaqueSecret::new(SecretKind::ServiceAccount, &secrets.bytes()?).hash().as_bytes(),
            created_by: created_by.to_owned(),
            created_at,
            updated_at: created_at,
            last_login: if in_use { Some(calendar.lately(created_at)?) } else { None },
        });
    }
    Ok(accounts)
}
