//! The last change of an entity, which a change may require.

use rolecall_core::acts::{Act, EntityKind, Permit};
use rolecall_core::{Result, RevisionStamp};

use super::ChangeTx;
use crate::sql::Sql;
use crate::stored;

impl ChangeTx {
    /// The revision of the last change to the permit's entity. `None` if the entity does not exist yet, or is of a kind
    /// that never changes or is never read by itself.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn last_change<A: Act>(&mut self, permit: &Permit<A>) -> Result<Option<RevisionStamp>> {
        self.act_of(permit)?;
        let entity = permit.entity();
        let mut sql = Sql::new("SELECT revision, revision_id FROM ");
        match entity.kind {
            EntityKind::User => sql.push("users WHERE"),
            EntityKind::ServiceAccount => sql.push("service_accounts WHERE"),
            EntityKind::Role => sql.push(
                "(SELECT CAST(id AS TEXT) AS id, revision, revision_id FROM roles WHERE deleted_at IS NULL) r WHERE",
            ),
            // The API addresses it by its alias.
            EntityKind::Provider => {
                sql.push("(SELECT alias AS id, revision, revision_id FROM identity_providers) p WHERE")
            }
            kind @ (EntityKind::Cluster | EntityKind::Department | EntityKind::Project) => {
                sql.push("nodes WHERE deleted_at IS NULL AND kind = ").bind(kind.as_str()).push(" AND")
            }
            EntityKind::AccessRule | EntityKind::Setting | EntityKind::Session | EntityKind::Account => {
                return Ok(None);
            }
        };
        sql.push(" id = ").bind(entity.id.as_str());
        self.transaction.first(sql).await?.map(|row| stored::stamp(&row, 0)).transpose()
    }
}
