//! What is needed to see whether somebody is who he says.

use rolecall_core::identity::{ClientId, Credential, Email, ServiceAccountId, ServiceAccountName, UserId};
use rolecall_core::{Error, Result, Timestamp};

use crate::Store;
use crate::sql::{Row, Sql};
use crate::stored;

/// What a user's sign-in is compared with.
#[derive(Clone)]
pub struct UserCredentials {
    /// His id.
    pub id: UserId,
    /// His name.
    pub email: Email,
    /// Whether he may sign in at all.
    pub enabled: bool,
    /// How he proves who he is.
    pub credential: Credential,
    /// The hash of his password; none when he signs in with an identity provider.
    pub password_hash: Option<String>,
    /// When a temporary password lapses.
    pub password_expires_at: Option<Timestamp>,
    /// How many passwords the user had before this one.
    pub password_generation: i64,
}

/// What a service account's sign-in is compared with.
#[derive(Clone)]
pub struct ServiceAccountCredentials {
    /// Its id.
    pub id: ServiceAccountId,
    /// Its subject name.
    pub client_id: ClientId,
    /// What people call it.
    pub name: ServiceAccountName,
    /// Whether it may sign in at all.
    pub enabled: bool,
    /// The SHA-256 of its secret.
    pub secret_hash: [u8; 32],
}

impl Store {
    /// The credentials of the user with that e-mail.
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

    /// The credentials of the service account with exactly that client id. Any text may be asked for.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn service_account_for_sign_in(&self, client_id: &str) -> Result<Option<ServiceAccountCredentials>> {
        // No client id has a zero byte, and the database takes no text with one.
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
