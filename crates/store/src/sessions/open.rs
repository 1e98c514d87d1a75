//! Opening a session, and noting that somebody failed to.

use rolecall_core::identity::{ServiceAccountId, SessionId, UserId};
use rolecall_core::{Result, Timestamp};
use uuid::Uuid;

use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::backend::{Purpose, Transaction};
use crate::sql::Sql;

/// A session to be opened.
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// Whose, and what he proved himself with.
    pub who: SessionOwner,
    /// The SHA-256 of a browser's cookie; none for other clients.
    pub secret_hash: Option<[u8; 32]>,
    /// The first refresh token; none for browsers.
    pub refresh: Option<NewRefresh>,
    /// When it is over, whatever happens.
    pub expires_at: Timestamp,
    /// When the last access token given so far expires.
    pub tokens_until: Timestamp,
    /// When.
    pub at: Timestamp,
}

/// Whose session, and the hash that his secret was verified against.
pub enum SessionOwner {
    /// A user.
    User {
        /// Who.
        id: UserId,
        /// The hash that his password was verified against.
        password_hash: String,
        /// A hash of the same password with today's parameters, where the old one is out of date.
        rehashed: Option<String>,
    },
    /// A service account.
    ServiceAccount {
        /// Which.
        id: ServiceAccountId,
        /// The hash that its secret was verified against.
        secret_hash: [u8; 32],
    },
}

/// A refresh token to be stored.
pub struct NewRefresh {
    /// Its SHA-256.
    pub hash: [u8; 32],
    /// When it expires.
    pub expires_at: Timestamp,
}

/// What the audit log keeps of an attempt to sign in.
#[derive(Debug, Clone)]
pub struct SignInAudit {
    /// The name that was given; it may be anybody's.
    pub subject: String,
    /// Its kind, `user` or `service-account`.
    pub subject_type: String,
    /// The address it came from.
    pub source_ip: String,
    /// Its HTTP method.
    pub method: String,
    /// What was asked for, without what is secret in it.
    pub url: String,
    /// The id under which the log has it.
    pub request_id: String,
    /// The id of the audit row.
    pub audit_id: Uuid,
    /// The status that it is answered with.
    pub status: u16,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// Opens a session and writes its audit row. False, and nothing is written, when whoever signed in is disabled or
    /// gone by now, or his secret is no longer the one that was verified.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open_session(&self, new: NewSession, audit: SignInAudit) -> Result<bool> {
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        // INVARIANT: the identity's row is written first. Setting a password, disabling and deleting write it first too,
        // before they end sessions; so one of the two comes second and sees what the other did.
        if transaction.execute(still_valid(&new)).await? == 0 {
            return Ok(false);
        }
        insert_session(&mut transaction, &new).await?;
        if let Some(refresh) = &new.refresh {
            insert_refresh(&mut transaction, &new.id.to_string(), refresh, new.at).await?;
        }
        write_audit(&mut transaction, &audit, &new.id.to_string(), true).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Notes in the audit log that somebody failed to sign in.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note_failed_sign_in(&self, audit: SignInAudit) -> Result<()> {
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        write_audit(&mut transaction, &audit, "", false).await?;
        transaction.commit().await
    }
}

fn still_valid(new: &NewSession) -> Sql {
    let mut sql = Sql::new("UPDATE ");
    match &new.who {
        SessionOwner::User { id, password_hash, rehashed } => {
            sql.push("users SET last_login = ").bind(new.at);
            if let Some(rehashed) = rehashed {
                sql.push(", password_hash = ").bind(rehashed.as_str());
            }
            sql.push(" WHERE id = ").bind(id.to_string());
            sql.push(" AND password_hash = ").bind(password_hash.as_str());
        }
        SessionOwner::ServiceAccount { id, secret_hash } => {
            sql.push("service_accounts SET last_login = ").bind(new.at);
            sql.push(" WHERE id = ").bind(id.to_string());
            sql.push(" AND secret_hash = ").bind(secret_hash.as_slice());
        }
    }
    sql.push(" AND enabled = 1");
    sql
}

async fn insert_session(transaction: &mut Transaction, new: &NewSession) -> Result<()> {
    let (kind, id) = match &new.who {
        SessionOwner::User { id, .. } => ("user", id.to_string()),
        SessionOwner::ServiceAccount { id, .. } => ("service-account", id.to_string()),
    };
    let mut sql = Sql::new(
        "INSERT INTO sessions (id, identity_type, identity_id, secret_hash, created_at, last_seen_at, expires_at, \
         tokens_until) VALUES (",
    );
    sql.bind(new.id.to_string()).push(", ").bind(kind).push(", ").bind(id).push(", ");
    sql.bind(new.secret_hash.as_ref().map(<[u8; 32]>::as_slice)).push(", ").bind(new.at).push(", ").bind(new.at);
    sql.push(", ").bind(new.expires_at).push(", ").bind(new.tokens_until).push(")");
    transaction.execute(sql).await.map(drop)
}

pub(super) async fn insert_refresh(
    transaction: &mut Transaction,
    session: &str,
    new: &NewRefresh,
    at: Timestamp,
) -> Result<()> {
    let mut sql = Sql::new("INSERT INTO refresh_tokens (hash, session_id, created_at, expires_at) VALUES (");
    sql.bind(new.hash.as_slice()).push(", ").bind(session).push(", ").bind(at).push(", ");
    sql.bind(new.expires_at).push(")");
    transaction.execute(sql).await.map(drop)
}

async fn write_audit(transaction: &mut Transaction, audit: &SignInAudit, session: &str, succeeded: bool) -> Result<()> {
    let entry = AuditEntry {
        id: audit.audit_id,
        revision: None,
        at: audit.at,
        // The name may be anything that was sent; the database takes no text with a zero byte.
        subject: &audit.subject.replace('\0', "\u{fffd}"),
        subject_type: &audit.subject_type,
        source_ip: &audit.source_ip,
        action: "sign-in",
        method: &audit.method,
        url: &audit.url,
        entity_type: "session",
        entity_name: &audit.subject.replace('\0', "\u{fffd}"),
        entity_id: session,
        succeeded,
        status: audit.status,
        request_id: &audit.request_id,
    };
    audit::write(transaction, entry).await
}
