//! Keys that all replicas share: the first replica that needs one creates it, and the others use it.

use rolecall_core::access::Actor;
use rolecall_core::{Error, Result, Timestamp};

use crate::audit::{self, AuditEntry};
use crate::backend::Purpose;
use crate::sql::{Row, Sql};
use crate::{RequestFacts, Store};

impl Store {
    /// The key with that name, if it exists.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn key(&self, name: &str) -> Result<Option<Vec<u8>>> {
        value(&self.read(by_name(name)).await?)
    }

    /// The key with that name; if it does not exist, `candidate` becomes it. Concurrent callers, here or on another
    /// replica, get the same key.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn key_or_insert(&self, name: &str, candidate: &[u8], now: Timestamp) -> Result<Vec<u8>> {
        if let Some(key) = self.key(name).await? {
            return Ok(key);
        }
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        let mut insert = Sql::new("INSERT INTO keys (name, value, created_at) VALUES (");
        insert.bind(name).push(", ").bind(candidate).push(", ").bind(now).push(") ON CONFLICT (name) DO NOTHING");
        transaction.execute(insert).await?;
        let key = value(&transaction.query(by_name(name)).await?)?;
        transaction.commit().await?;
        key.ok_or_else(|| Error::internal(format!("the key {name:?} was inserted and is not there")))
    }

    /// Replaces the value of a key, unless it has changed meanwhile.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn replace_key(&self, name: &str, from: &[u8], to: &[u8]) -> Result<()> {
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        let mut update = Sql::new("UPDATE keys SET value = ");
        update.bind(to).push(" WHERE name = ").bind(name).push(" AND value = ").bind(from);
        transaction.execute(update).await?;
        transaction.commit().await
    }

    /// Replaces the value of a key for an operator, and writes the audit row. False, and nothing changed, when it has another
    /// value by now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn change_key(
        &self,
        name: &str,
        (from, to): (&[u8], &[u8]),
        request: &RequestFacts,
        at: Timestamp,
    ) -> Result<bool> {
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        let mut update = Sql::new("UPDATE keys SET value = ");
        update.bind(to).push(" WHERE name = ").bind(name).push(" AND value = ").bind(from);
        if transaction.execute(update).await? == 0 {
            return Ok(false);
        }
        audit::write(&mut transaction, by_host(request, at, "update", name)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Deletes all keys, and writes the audit row; each is made anew when it is needed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delete_keys(&self, request: &RequestFacts, at: Timestamp) -> Result<u64> {
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        let deleted = transaction.execute(Sql::new("DELETE FROM keys")).await?;
        let entity = format!("{deleted} keys");
        audit::write(&mut transaction, by_host(request, at, "delete", &entity)).await?;
        transaction.commit().await?;
        Ok(deleted)
    }

    /// All keys, by name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keys(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let rows = self.read(Sql::new("SELECT name, value FROM keys ORDER BY name")).await?;
        rows.iter().map(|row| Ok((row.text(0)?.to_owned(), row.bytes(1)?.to_vec()))).collect()
    }
}

/// What an operator on the host did to keys.
fn by_host<'a>(request: &'a RequestFacts, at: Timestamp, action: &'a str, entity: &'a str) -> AuditEntry<'a> {
    AuditEntry {
        id: request.audit_id,
        revision: None,
        at,
        subject: Actor::Host.name(),
        subject_type: Actor::Host.kind(),
        source_ip: &request.source_ip,
        action,
        method: &request.method,
        url: &request.url,
        entity_type: "keys",
        entity_name: entity,
        entity_id: "",
        succeeded: true,
        status: request.status,
        request_id: &request.request_id,
    }
}

fn by_name(name: &str) -> Sql {
    let mut sql = Sql::new("SELECT value FROM keys WHERE name = ");
    sql.bind(name);
    sql
}

fn value(rows: &[Row]) -> Result<Option<Vec<u8>>> {
    rows.first().map(|row| row.bytes(0).map(<[u8]>::to_vec)).transpose()
}
