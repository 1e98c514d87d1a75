//! What signing in with SAML keeps between requests, on all replicas: posted answers, and which assertions were used.
//!
//! Nothing here changes access. Answers arrive before anybody has looked at them, so there are only a few, for a short
//! time.

use std::time::Duration;

use rolecall_core::identity::ProviderId;
use rolecall_core::{Result, Timestamp};

use crate::Store;
use crate::backend::Purpose;
use crate::sql::Sql;

/// How long a posted answer is kept. The browser comes back for it at once.
const KEPT: Duration = Duration::from_secs(2 * 60);
/// Maximum answers of one network.
const OF_NETWORK: i64 = 20;
/// Maximum answers of all networks.
const OF_ALL: i64 = 400;

/// An answer of a SAML provider, as a browser posted it.
pub struct PostedAnswer {
    /// SHA-256 of the id in the address that the browser is sent to.
    pub hash: [u8; 32],
    /// The provider that it is for.
    pub provider: ProviderId,
    /// The network that it came from.
    pub network: String,
    /// The form field `SAMLResponse`.
    pub response: String,
    /// When it came.
    pub at: Timestamp,
}

impl Store {
    /// Keeps a posted answer for two minutes. Of the answers of one network the oldest give way. Returns false, and keeps
    /// nothing, when there are too many of all networks.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn keep_answer(&self, answer: PostedAnswer) -> Result<bool> {
        let PostedAnswer { hash, provider, network, response, at } = answer;
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        transaction.execute(too_old(at)).await?;
        let mut oldest = Sql::new("DELETE FROM posted_answers WHERE network = ");
        oldest.bind(network.as_str()).push(" AND hash NOT IN (SELECT hash FROM posted_answers WHERE network = ");
        oldest.bind(network.as_str()).push(" ORDER BY at DESC, hash LIMIT ").bind(OF_NETWORK - 1).push(")");
        transaction.execute(oldest).await?;
        let count = transaction.first(Sql::new("SELECT count(*) FROM posted_answers")).await?;
        let fits = count.map_or(Ok(0), |row| row.int(0))? < OF_ALL;
        if fits {
            let mut insert = Sql::new("INSERT INTO posted_answers (hash, provider, network, response, at) VALUES (");
            insert.bind(hash.as_slice()).push(", ").bind(provider.to_string()).push(", ").bind(network);
            insert.push(", ").bind(response).push(", ").bind(at).push(")");
            transaction.execute(insert).await?;
        }
        transaction.commit().await?;
        Ok(fits)
    }

    /// Takes a posted answer for that provider: the first caller gets it, a later one nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn take_answer(&self, hash: &[u8; 32], provider: ProviderId, now: Timestamp) -> Result<Option<String>> {
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        let mut take = Sql::new("DELETE FROM posted_answers WHERE hash = ");
        take.bind(hash.as_slice()).push(" AND provider = ").bind(provider.to_string());
        take.push(" AND at >= ").bind(now.minus(KEPT)).push(" RETURNING response");
        let response = transaction.first(take).await?.map(|row| row.text(0).map(str::to_owned)).transpose()?;
        transaction.commit().await?;
        Ok(response)
    }

    /// Notes that an assertion is used, and keeps it in mind until then. Returns false when it was used before, here or on
    /// another replica.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn use_assertion(&self, hash: &[u8; 32], forget_at: Timestamp, now: Timestamp) -> Result<bool> {
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        transaction.execute(unneeded(now)).await?;
        let mut insert = Sql::new("INSERT INTO used_assertions (hash, forget_at) VALUES (");
        insert.bind(hash.as_slice()).push(", ").bind(forget_at).push(") ON CONFLICT (hash) DO NOTHING");
        let is_new = transaction.execute(insert).await? == 1;
        transaction.commit().await?;
        Ok(is_new)
    }

    /// Whether [`Store::use_assertion`] noted it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn was_used(&self, hash: &[u8; 32]) -> Result<bool> {
        let mut sql = Sql::new("SELECT 1 FROM used_assertions WHERE hash = ");
        sql.bind(hash.as_slice());
        Ok(!self.read(sql).await?.is_empty())
    }

    /// Deletes what is too old to be asked for.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_saml(&self, now: Timestamp) -> Result<()> {
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        transaction.execute(too_old(now)).await?;
        transaction.execute(unneeded(now)).await?;
        transaction.commit().await
    }
}

fn too_old(now: Timestamp) -> Sql {
    let mut sql = Sql::new("DELETE FROM posted_answers WHERE at < ");
    sql.bind(now.minus(KEPT));
    sql
}

fn unneeded(now: Timestamp) -> Sql {
    let mut sql = Sql::new("DELETE FROM used_assertions WHERE forget_at < ");
    sql.bind(now);
    sql
}
