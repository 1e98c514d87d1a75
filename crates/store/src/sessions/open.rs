//! Opens sessions, and records failed sign-ins.

use std::sync::Arc;

use rolecall_core::identity::{Binding, GroupName, ServiceAccountId, SessionId, UserId};
use rolecall_core::{Result, Revision, Timestamp};
use uuid::Uuid;

use crate::Store;
use crate::audit::{self, AuditEntry};
use crate::backend::{Purpose, Transaction};
use crate::sign_ins::keep_claims;
use crate::sql::Sql;
use crate::stored::groups_text;

use super::provider_session::SessionThere;

/// A session to open.
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// Its owner, with the verified credential.
    pub who: SessionOwner,
    /// The SHA-256 of a browser's cookie; `None` for other clients.
    pub secret_hash: Option<[u8; 32]>,
    /// The first refresh token; `None` for browsers.
    pub refresh: Option<NewRefresh>,
    /// When it expires.
    pub expires_at: Timestamp,
    /// When the last access token issued so far expires.
    pub tokens_until: Timestamp,
    /// The current time.
    pub at: Timestamp,
}

/// The owner of a session, and the hash that the secret was verified against.
pub enum SessionOwner {
    /// A user.
    User {
        /// The user's id.
        id: UserId,
        /// The hash that the password was verified against.
        password_hash: String,
        /// A hash of the same password with current parameters, if the old one is outdated.
        rehashed: Option<String>,
    },
    /// A user whom an identity provider described.
    Described {
        /// The user's id.
        id: UserId,
        /// Who they are at the provider.
        binding: Arc<Binding>,
        /// The last change of the provider when the sign-in began.
        changed: Revision,
        /// The groups that the provider says they are in, and the user is in by now; `None` when it does not say.
        groups: Option<Arc<[GroupName]>>,
        /// What the provider said of them, as JSON.
        claims: String,
        /// What the provider knows of the session.
        there: SessionThere,
    },
    /// A service account.
    ServiceAccount {
        /// The service account's id.
        id: ServiceAccountId,
        /// The hash that its secret was verified against.
        secret_hash: [u8; 32],
    },
}

/// A refresh token to store.
pub struct NewRefresh {
    /// Its SHA-256.
    pub hash: [u8; 32],
    /// When it expires.
    pub expires_at: Timestamp,
}

/// An attempt to sign in, as the audit log records it.
#[derive(Debug, Clone)]
pub struct SignInAudit {
    /// The submitted name, which may be any text.
    pub subject: String,
    /// Its kind, `user` or `service-account`.
    pub subject_type: String,
    /// The client's address.
    pub source_ip: String,
    /// Its HTTP method.
    pub method: String,
    /// The path, without secrets.
    pub url: String,
    /// The request id in the log.
    pub request_id: String,
    /// The id of the audit row.
    pub audit_id: Uuid,
    /// The status of the response.
    pub status: u16,
    /// The current time.
    pub at: Timestamp,
}

impl Store {
    /// Opens a session and writes its audit row. Returns false, and writes nothing, when the owner has been disabled or
    /// deleted, their secret is no longer the verified one, or their identity provider is no longer what it was.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open_session(&self, new: NewSession, audit: SignInAudit) -> Result<bool> {
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        // INVARIANT: the provider's row is written before the identity's, for the same reason, and in the order in which
        // changes of a provider write them.
        if let SessionOwner::Described { binding, changed, .. } = &new.who
            && transaction.execute(provider_unchanged(binding, *changed)).await? == 0
        {
            return Ok(false);
        }
        // INVARIANT: the identity's row is written first. Setting a password, disabling and deleting also write it
        // first, before they end sessions. So one of the two comes second and sees the effect of the other.
        if transaction.execute(still_valid(&new)?).await? == 0 {
            return Ok(false);
        }
        // The provider ended the session before it was opened here.
        if let SessionOwner::Described { there, .. } = &new.who
            && let Some(ended) = there.ended()
            && transaction.first(ended).await?.is_some()
        {
            return Ok(false);
        }
        insert_session(&mut transaction, &new).await?;
        if let SessionOwner::Described { id, binding, claims, .. } = &new.who {
            keep_claims(&mut transaction, *id, binding.provider(), claims).await?;
        }
        if let Some(refresh) = &new.refresh {
            insert_refresh(&mut transaction, &new.id.to_string(), refresh, new.at).await?;
        }
        write_audit(&mut transaction, &audit, &new.id.to_string(), true).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Records a failed sign-in in the audit log.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note_failed_sign_in(&self, audit: SignInAudit) -> Result<()> {
        let mut transaction = self.backend.begin(Purpose::Record).await?;
        write_audit(&mut transaction, &audit, "", false).await?;
        transaction.commit().await
    }
}

fn still_valid(new: &NewSession) -> Result<Sql> {
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
        SessionOwner::Described { id, binding, groups, .. } => {
            sql.push("users SET last_login = ").bind(new.at);
            if groups.is_some() {
                sql.push(", groups_at = ").bind(new.at);
            }
            sql.push(" WHERE id = ").bind(id.to_string());
            // Their groups may have been forgotten, or changed by another sign-in.
            if let Some(groups) = groups {
                sql.push(" AND group_names = ").bind(groups_text(groups)?);
            }
            sql.push(" AND provider = ").bind(binding.provider().to_string());
            sql.push(" AND issuer = ").bind(binding.issuer()).push(" AND subject = ").bind(binding.subject());
        }
        SessionOwner::ServiceAccount { id, secret_hash } => {
            sql.push("service_accounts SET last_login = ").bind(new.at);
            sql.push(" WHERE id = ").bind(id.to_string());
            sql.push(" AND secret_hash = ").bind(secret_hash.as_slice());
        }
    }
    sql.push(" AND enabled = 1");
    Ok(sql)
}

/// Writes nothing new, and so finds out whether the provider is what it was, and keeps it so until the end.
fn provider_unchanged(binding: &Binding, changed: Revision) -> Sql {
    let mut sql = Sql::new("UPDATE identity_providers SET enabled = enabled WHERE id = ");
    sql.bind(binding.provider().to_string()).push(" AND enabled = 1 AND revision = ").bind(changed.number());
    sql
}

async fn insert_session(transaction: &mut Transaction, new: &NewSession) -> Result<()> {
    let (kind, id) = match &new.who {
        SessionOwner::User { id, .. } | SessionOwner::Described { id, .. } => ("user", id.to_string()),
        SessionOwner::ServiceAccount { id, .. } => ("service-account", id.to_string()),
    };
    let (provider, there) = match &new.who {
        SessionOwner::Described { binding, there, .. } => (Some(binding.provider().to_string()), Some(there)),
        SessionOwner::User { .. } | SessionOwner::ServiceAccount { .. } => (None, None),
    };
    let hash = |hash: Option<[u8; 32]>| hash.map(|bytes| bytes.to_vec());
    let mut sql = Sql::new(
        "INSERT INTO sessions (id, identity_type, identity_id, secret_hash, created_at, last_seen_at, expires_at, \
         tokens_until, provider, provider_person, provider_session, provider_sign_out) VALUES (",
    );
    sql.bind(new.id.to_string()).push(", ").bind(kind).push(", ").bind(id).push(", ");
    sql.bind(new.secret_hash.as_ref().map(<[u8; 32]>::as_slice)).push(", ").bind(new.at).push(", ").bind(new.at);
    sql.push(", ").bind(new.expires_at).push(", ").bind(new.tokens_until).push(", ");
    sql.bind(provider).push(", ").bind(hash(there.and_then(|it| it.person))).push(", ");
    sql.bind(hash(there.and_then(|it| it.session))).push(", ");
    sql.bind(there.and_then(|it| it.sign_out.clone())).push(")");
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
        // The name may be any submitted text; the database accepts no text with a zero byte.
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
