//! Credentials to verify a sign-in.

use rolecall_core::identity::{ClientId, Credential, Email, ServiceAccountId, ServiceAccountName, UserId};
use rolecall_core::{Error, Result, Timestamp};

use crate::Store;
use crate::sql::{Row, Sql};
use crate::stored;

/// The credentials of a user.
#[derive(Clone)]
pub struct UserCredentials {
    /// Their id.
    pub id: UserId,
    /// Their email.
    pub email: Email,
    /// Whether they are enabled.
    pub enabled: bool,
    /// How they authenticate.
    pub credential: Credential,
    /// The hash of their password; `None` for a user of an identity provider.
    pub password_hash: Option<String>,
    /// When a temporary password expires.
    pub password_expires_at: Option<Timestamp>,
    /// Number of earlier passwords.
    pub password_generation: i64,
}

/// The credentials of a service account.
#[derive(Clone)]
pub struct ServiceAccountCredentials {
    /// Its id.
    pub id: ServiceAccountId,
    /// Its client id.
    pub client_id: ClientId,
    /// Its name.
    pub name: ServiceAccountName,
    /// Whether it is enabled.
    pub enabled: bool,
    /// The SHA-256 of its secret.
    pub secret_hash: [u8; 32],
}

impl Store {
    /// The credentials of the user with that email.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_for_sign_in(&self, email: &Email) -> Result<Option<UserCredentials>> {
        let mut sql = Sql::new(
            "SELECT id, email, enabled, credential, password_hash, password_expires_at, password_generation FROM users \
             WHERE email = ",
        );
        sql.bind(email.as_str());
        self.read(sql).await?.first().map(user).transpose()
    }

    /// The credentials of the service account with exactly that client id, which may be any text.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn service_account_for_sign_in(&self, client_id: &str) -> Result<Option<ServiceAccountCredentials>> {
        // No client id has a zero byte, and the database accepts no text with one.
        if client_id.contains('\0') {
            return Ok(None);
        }
        let mut sql =
            Sql::new("SELECT id, client_id, name, enabled, secret_hash FROM service_accounts WHERE client_id = ");
        sql.bind(client_id);
        self.read(sql).await?.first().map(service_account).transpose()
    }
}

fn user(row: &Row) -> Result<UserCredentials> {
    Ok(UserCredentials {
        id: stored::user_id(row.text(0)?)?,
        email: stored::email(row.text(1)?)?,
        enabled: row.bool(2)?,
        credential: stored::credential(row.text(3)?)?,
        password_hash: row.text_or_null(4)?.map(str::to_owned),
        password_expires_at: row.time_or_null(5)?,
        password_generation: row.int(6)?,
    })
}

fn service_account(row: &Row) -> Result<ServiceAccountCredentials> {
    Ok(ServiceAccountCredentials {
        id: stored::service_account_id(row.text(0)?)?,
        client_id: ClientId::known("clientId", row.text(1)?).map_err(Error::internal)?,
        name: ServiceAccountName::parse("name", row.text(2)?).map_err(Error::internal)?,
        enabled: row.bool(3)?,
        secret_hash: row.bytes(4)?.try_into().map_err(|_| Error::internal("a secret's hash has not 32 bytes"))?,
    })
}
