//! Creates a service account.

use std::fmt::Write as _;

use rolecall_core::acts::CreateServiceAccount;
use rolecall_core::identity::{ClientId, ServiceAccountId, ServiceAccountName};
use rolecall_core::{Error, Result};
use rolecall_signin::opaque::OpaqueSecret;
use rolecall_store::NewServiceAccount;

use crate::app::{Call, Changed};

/// A new service account, with the secret that is shown once.
#[derive(Debug)]
pub struct CreatedServiceAccount {
    /// Its id.
    pub id: ServiceAccountId,
    /// Its name.
    pub name: ServiceAccountName,
    /// Its client id, which is also its name in access rules.
    pub client_id: ClientId,
    /// Its secret.
    pub secret: OpaqueSecret,
}

/// Creates a service account.
///
/// # Errors
/// `Forbidden` without `service-account:create` at the account; `Conflict` when one has that name.
pub async fn create(call: &Call, name: ServiceAccountName) -> Result<Changed<CreatedServiceAccount>> {
    let app = &call.app;
    let id = ServiceAccountId::new(app.random.uuid()?);
    let client_id = client_id(&name, app.random.bytes()?)?;
    let secret = super::secret(app)?;

    let mut change = call.open_change().await?;
    let permit = change.authorize(CreateServiceAccount { name: name.clone() }).await?;
    let new = NewServiceAccount { id, client_id: client_id.clone(), secret_hash: *secret.hash().as_bytes() };
    change.tx.create_service_account(&permit, new).await?;
    change.commit(permit, CreatedServiceAccount { id, name, client_id, secret }).await
}

/// A new client id, since rules refer to it. Without underscores, which clients turn into hyphens where an id is part
/// of a path.
fn client_id(name: &ServiceAccountName, random: [u8; 6]) -> Result<ClientId> {
    let mut text = name.as_str().replace('_', "-");
    text.push('-');
    for byte in random {
        write!(text, "{byte:02x}").map_err(Error::internal)?;
    }
    ClientId::parse("clientId", &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_tells_whose_it_is_and_survives_being_put_into_a_path() {
        let name = ServiceAccountName::parse("name", "nightly_report-2").unwrap();
        let client_id = client_id(&name, [0, 1, 0xab, 0xcd, 0xef, 0xff]).unwrap();
        assert_eq!(client_id.as_str(), "nightly-report-2-0001abcdefff");
    }
}
