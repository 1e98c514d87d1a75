//! The audit log, newest first.

use rolecall_core::{Result, Revision, Timestamp};

use crate::Store;
use crate::sql::{Row, Sql};

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its id, a UUID.
    pub id: String,
    /// The revision, if access changed.
    pub revision: Option<Revision>,
    /// The time.
    pub at: Timestamp,
    /// The actor's name.
    pub subject: String,
    /// The actor's kind.
    pub subject_type: String,
    /// The client's address.
    pub source_ip: String,
    /// The operation: `create`, `delete`, `sign-in` and so on.
    pub action: String,
    /// The HTTP method.
    pub http_method: String,
    /// The path.
    pub url: String,
    /// The kind of the entity.
    pub entity_type: String,
    /// The name of the entity.
    pub entity_name: String,
    /// The id of the entity.
    pub entity_id: String,
    /// `success` or `failure`.
    pub result: String,
    /// The status of the response.
    pub http_status_code: i64,
    /// The id of the request.
    pub request_id: String,
}

impl Store {
    /// The newest entries of the audit log, newest first.
    ///
    /// # Errors
    /// Overloaded or internal, when the database fails.
    pub async fn audit_newest(&self, most: u32) -> Result<Vec<AuditRecord>> {
        let mut sql = Sql::new(
            "SELECT id, revision, at, subject, subject_type, source_ip, action, http_method, url, entity_type, \
             entity_name, entity_id, result, http_status_code, request_id FROM audit ORDER BY at DESC, id DESC LIMIT ",
        );
        sql.bind(i64::from(most));
        self.read(sql).await?.iter().map(record).collect()
    }
}

fn record(row: &Row) -> Result<AuditRecord> {
    let text = |column| row.text(column).map(str::to_owned);
    Ok(AuditRecord {
        id: text(0)?,
        revision: if row.is_null(1) { None } else { Some(Revision::new(row.int(1)?)) },
        at: row.time(2)?,
        subject: text(3)?,
        subject_type: text(4)?,
        source_ip: text(5)?,
        action: text(6)?,
        http_method: text(7)?,
        url: text(8)?,
        entity_type: text(9)?,
        entity_name: text(10)?,
        entity_id: text(11)?,
        result: text(12)?,
        http_status_code: row.int(13)?,
        request_id: text(14)?,
    })
}
