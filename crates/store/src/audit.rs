//! Rows of the audit log. Each is written in the transaction of the event that it records.

use rolecall_core::{Result, Revision, Timestamp};
use uuid::Uuid;

use crate::backend::Transaction;
use crate::sql::Sql;

/// A row to write.
pub(crate) struct AuditEntry<'a> {
    pub(crate) id: Uuid,
    /// Set if access changed.
    pub(crate) revision: Option<Revision>,
    pub(crate) at: Timestamp,
    pub(crate) subject: &'a str,
    pub(crate) subject_type: &'a str,
    pub(crate) source_ip: &'a str,
    pub(crate) action: &'a str,
    pub(crate) method: &'a str,
    pub(crate) url: &'a str,
    pub(crate) entity_type: &'a str,
    pub(crate) entity_name: &'a str,
    pub(crate) entity_id: &'a str,
    pub(crate) succeeded: bool,
    pub(crate) status: u16,
    pub(crate) request_id: &'a str,
}

pub(crate) async fn write(transaction: &mut Transaction, entry: AuditEntry<'_>) -> Result<()> {
    let mut sql = Sql::new(
        "INSERT INTO audit (id, revision, at, subject, subject_type, source_ip, action, http_method, url, entity_type, \
         entity_name, entity_id, result, http_status_code, request_id) VALUES (",
    );
    sql.bind(entry.id.to_string()).push(", ");
    sql.bind(entry.revision.map(Revision::number)).push(", ").bind(entry.at).push(", ");
    for text in [
        entry.subject,
        entry.subject_type,
        entry.source_ip,
        entry.action,
        entry.method,
        entry.url,
        entry.entity_type,
        entry.entity_name,
        entry.entity_id,
        if entry.succeeded { "success" } else { "failure" },
    ] {
        sql.bind(text).push(", ");
    }
    sql.bind(i64::from(entry.status)).push(", ").bind(entry.request_id).push(")");
    transaction.execute(sql).await.map(drop)
}
