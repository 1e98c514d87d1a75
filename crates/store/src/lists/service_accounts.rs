//! Service accounts, for administrators.

use rolecall_core::identity::ServiceAccountId;
use rolecall_core::{Error, Result, RevisionStamp, Timestamp};

use super::Page;
use crate::Store;
use crate::sql::{Row, Sql};
use crate::stored;

/// A service account in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAccountRecord {
    /// Its id.
    pub id: ServiceAccountId,
    /// Its client id.
    pub client_id: String,
    /// Its name.
    pub name: String,
    /// Whether it is enabled.
    pub enabled: bool,
    /// The creator.
    pub created_by: String,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
    /// Time of the last sign-in.
    pub last_login: Option<Timestamp>,
    /// The revision of the last change to it; signing in is none.
    pub revision: RevisionStamp,
}

impl Store {
    /// A page of the service accounts, by name.
    ///
    /// # Errors
    /// `Overloaded` or `Internal` when the database fails.
    pub async fn service_accounts(&self, page: Page) -> Result<Vec<ServiceAccountRecord>> {
        let mut sql = select();
        sql.push(" ORDER BY name");
        page.push(&mut sql);
        self.read(sql).await?.iter().map(record).collect()
    }

    /// The service account with that id.
    ///
    /// # Errors
    /// `Overloaded` or `Internal` when the database fails.
    pub async fn service_account(&self, id: ServiceAccountId) -> Result<Option<ServiceAccountRecord>> {
        let mut sql = select();
        sql.push(" WHERE id = ").bind(id.to_string());
        self.read(sql).await?.first().map(record).transpose()
    }
}

fn select() -> Sql {
    Sql::new(
        "SELECT id, client_id, name, enabled, created_by, created_at, updated_at, last_login, revision, revision_id \
         FROM service_accounts",
    )
}

fn record(row: &Row) -> Result<ServiceAccountRecord> {
    let id = row.text(0)?;
    Ok(ServiceAccountRecord {
        id: ServiceAccountId::parse(id)
            .ok_or_else(|| Error::internal(format!("the database holds a service account with the id {id:?}")))?,
        client_id: row.text(1)?.to_owned(),
        name: row.text(2)?.to_owned(),
        enabled: row.bool(3)?,
        created_by: row.text(4)?.to_owned(),
        created_at: row.time(5)?,
        updated_at: row.time(6)?,
        last_login: row.time_or_null(7)?,
        revision: stored::stamp(row, 8)?,
    })
}
