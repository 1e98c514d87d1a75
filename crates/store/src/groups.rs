//! How far a provider's word about groups is believed: whose is too old, and whether the groups of many people vanish at
//! once. Nothing here changes access.

use rolecall_core::identity::{Provider, UserId};
use rolecall_core::{Error, Result, Timestamp};

use crate::Store;
use crate::backend::Purpose;
use crate::sql::Sql;
use crate::stored::user_id;

impl Store {
    /// Users in groups whose provider has not confirmed that since then, the oldest word first; at most `most`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn users_with_old_groups(&self, before: Timestamp, most: i64) -> Result<Vec<UserId>> {
        let mut sql =
            Sql::new("SELECT id FROM users WHERE groups_at IS NOT NULL AND group_names <> '[]' AND groups_at < ");
        sql.bind(before).push(" ORDER BY groups_at LIMIT ").bind(most);
        self.read(sql).await?.iter().map(|row| user_id(row.text(0)?)).collect()
    }

    /// Notes that a provider describes a user as being in no group any more, and counts the users of whom it has said so
    /// since then. A change of the provider begins the count anew.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note_vanished_groups(
        &self,
        provider: &Provider,
        user: UserId,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<u64> {
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        let mut forget = Sql::new("DELETE FROM vanished_groups WHERE at < ");
        forget.bind(since).push(" OR (provider = ").bind(provider.id.to_string());
        forget.push(" AND changed < ").bind(provider.changed.number()).push(")");
        transaction.execute(forget).await?;
        let mut note = Sql::new("INSERT INTO vanished_groups (provider, changed, user_id, at) VALUES (");
        note.bind(provider.id.to_string()).push(", ").bind(provider.changed.number());
        note.push(", ").bind(user.to_string()).push(", ").bind(now);
        note.push(") ON CONFLICT (provider, changed, user_id) DO UPDATE SET at = excluded.at");
        transaction.execute(note).await?;
        let mut count = Sql::new("SELECT count(*) FROM vanished_groups WHERE provider = ");
        count.bind(provider.id.to_string()).push(" AND changed = ").bind(provider.changed.number());
        let count = transaction.first(count).await?.map_or(Ok(0), |row| row.int(0))?;
        transaction.commit().await?;
        u64::try_from(count).map_err(Error::internal)
    }

    /// The users of whom a provider has said since then that they are in no group any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn vanished_groups(&self, provider: &Provider, since: Timestamp) -> Result<u64> {
        let mut count = Sql::new("SELECT count(*) FROM vanished_groups WHERE provider = ");
        count.bind(provider.id.to_string()).push(" AND changed = ").bind(provider.changed.number());
        count.push(" AND at >= ").bind(since);
        let count = self.read(count).await?.first().map_or(Ok(0), |row| row.int(0))?;
        u64::try_from(count).map_err(Error::internal)
    }
}
