//! One role with its last change. The list of roles comes from the world.

use rolecall_core::access::Role;
use rolecall_core::catalogue::RoleId;
use rolecall_core::{Result, RevisionStamp};

use crate::Store;
use crate::sql::Sql;
use crate::stored::{self, ROLE_COLUMNS};

impl Store {
    /// A role, and the revision of its last change.
    ///
    /// # Errors
    /// `Overloaded` or `Internal` when the database fails.
    pub async fn role(&self, id: RoleId) -> Result<Option<(Role, RevisionStamp)>> {
        let mut sql = Sql::new("SELECT ");
        sql.push(ROLE_COLUMNS).push(", revision, revision_id FROM roles");
        sql.push(" WHERE permissions IS NOT NULL AND deleted_at IS NULL AND id = ").bind(id.number());
        let rows = self.read(sql).await?;
        rows.first().map(|row| Ok((stored::role(row)?, stored::stamp(row, 11)?))).transpose()
    }
}
