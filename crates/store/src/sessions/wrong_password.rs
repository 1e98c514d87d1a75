//! Wrong passwords of a signed-in user, counted for their session.

use rolecall_core::identity::{SessionId, UserId};
use rolecall_core::{Error, Result};

use super::open::SignInAudit;
use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::backend::Purpose;
use crate::sql::Sql;

impl Store {
    /// Counts a wrong password of a session and writes its audit row. Returns the number in a row; `u32::MAX` when
    /// there is no such session or it has ended.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note_wrong_password(&self, session: SessionId, user: UserId, audit: SignInAudit) -> Result<u32> {
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        let mut count =
            Sql::new("UPDATE sessions SET wrong_passwords = wrong_passwords + 1 WHERE ended_at IS NULL AND id = ");
        count.bind(session.to_string()).push(" RETURNING wrong_passwords");
        let wrong = transaction.first(count).await?.map(|row| row.int(0)).transpose()?;
        let entry = AuditEntry {
            id: audit.audit_id,
            revision: None,
            at: audit.at,
            subject: &audit.subject,
            subject_type: &audit.subject_type,
            source_ip: &audit.source_ip,
            action: "update",
            method: &audit.method,
            url: &audit.url,
            entity_type: "user",
            entity_name: &audit.subject,
            entity_id: &user.to_string(),
            succeeded: false,
            status: audit.status,
            request_id: &audit.request_id,
        };
        audit::write(&mut transaction, entry).await?;
        transaction.commit().await?;
        wrong.map_or(Ok(u32::MAX), |wrong| u32::try_from(wrong).map_err(Error::internal))
    }

    /// Resets the count after the right password.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_wrong_passwords(&self, session: SessionId) -> Result<()> {
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        let mut forget = Sql::new("UPDATE sessions SET wrong_passwords = 0 WHERE wrong_passwords > 0 AND id = ");
        forget.bind(session.to_string());
        transaction.execute(forget).await?;
        transaction.commit().await
    }
}
