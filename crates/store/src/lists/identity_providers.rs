//! Identity providers with their settings, for administrators and for signing in.

use rolecall_core::identity::{Provider, ProviderId};
use rolecall_core::{Result, RevisionStamp, Timestamp};

use crate::Store;
use crate::backend::Purpose;
use crate::sql::{Row, Sql};
use crate::stored::{self, PROVIDER_COLUMNS};

/// An identity provider with its settings.
pub struct ProviderRecord {
    /// What the world knows of it.
    pub provider: Provider,
    /// Its settings, as JSON without secrets.
    pub settings: String,
    /// Its mappers, as JSON.
    pub mappers: String,
    /// Which emails it may assert, as JSON.
    pub emails: String,
    /// What becomes of a sign-in without a word about groups.
    pub groups_absent: String,
    /// Its secret, encrypted; absent if it has none.
    pub secret: Option<Vec<u8>>,
    /// The creator.
    pub created_by: String,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
    /// The revision of the last change.
    pub revision: RevisionStamp,
}

impl Store {
    /// The identity providers, by alias.
    ///
    /// # Errors
    /// `Overloaded` or `Internal` when the database fails.
    pub async fn providers(&self) -> Result<Vec<ProviderRecord>> {
        let mut sql = select();
        sql.push(" ORDER BY alias");
        self.read(sql).await?.iter().map(record).collect()
    }

    /// The identity provider with that id.
    ///
    /// # Errors
    /// `Overloaded` or `Internal` when the database fails.
    pub async fn provider(&self, id: ProviderId) -> Result<Option<ProviderRecord>> {
        self.read(one(id)).await?.first().map(record).transpose()
    }

    /// The identity provider that the sign-in page leads to by itself, whether or not it is enabled.
    ///
    /// # Errors
    /// `Overloaded` or `Internal` when the database fails.
    pub async fn auto_redirect(&self) -> Result<Option<ProviderId>> {
        let rows = self.read(Sql::new("SELECT id FROM identity_providers WHERE auto_redirect = 1")).await?;
        rows.first().map(|row| stored::provider_id(row.text(0)?)).transpose()
    }

    /// Replaces the stored form of a secret, unless it has changed meanwhile; the secret itself stays the same.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reseal_provider(&self, id: ProviderId, from: &[u8], to: &[u8]) -> Result<()> {
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        let mut update = Sql::new("UPDATE identity_providers SET secret = ");
        update.bind(to).push(" WHERE id = ").bind(id.to_string()).push(" AND secret = ").bind(from);
        transaction.execute(update).await?;
        transaction.commit().await
    }
}

/// Reads the identity provider with that id, for [`record`].
pub(crate) fn one(id: ProviderId) -> Sql {
    let mut sql = select();
    sql.push(" WHERE id = ").bind(id.to_string());
    sql
}

fn select() -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.push(PROVIDER_COLUMNS)
        .push(", settings, mappers, secret, created_by, created_at, updated_at, emails, groups_absent FROM identity_providers");
    sql
}

pub(crate) fn record(row: &Row) -> Result<ProviderRecord> {
    Ok(ProviderRecord {
        provider: stored::provider(row)?,
        revision: stored::stamp(row, 4)?,
        settings: row.text(6)?.to_owned(),
        mappers: row.text(7)?.to_owned(),
        secret: row.bytes_or_null(8)?.map(<[u8]>::to_vec),
        created_by: row.text(9)?.to_owned(),
        created_at: row.time(10)?,
        updated_at: row.time(11)?,
        emails: row.text(12)?.to_owned(),
        groups_absent: row.text(13)?.to_owned(),
    })
}
