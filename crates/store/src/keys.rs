//! Keys that all replicas share: the first replica that needs one creates it, and the others use it.

use rolecall_core::{Error, Result, Timestamp};

use crate::Store;
use crate::backend::Purpose;
use crate::sql::{Row, Sql};

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
}

fn by_name(name: &str) -> Sql {
    let mut sql = Sql::new("SELECT value FROM keys WHERE name = ");
    sql.bind(name);
    sql
}

fn value(rows: &[Row]) -> Result<Option<Vec<u8>>> {
    rows.first().map(|row| row.bytes(0).map(<[u8]>::to_vec)).transpose()
}
