//! A call: one authenticated request, and the world that answers it.

use std::net::IpAddr;
use std::sync::Arc;

use rolecall_core::access::{Actor, Principal};
use rolecall_core::{Result, RevisionStamp, World};

use super::{App, OpenChange, Turn};

/// Facts about a request, authenticated or not.
#[derive(Debug, Clone)]
pub struct RequestInfo {
    /// The address of the client, or of the last untrusted proxy.
    pub source_ip: IpAddr,
    /// Its method.
    pub method: String,
    /// Its path. Never its query, which may contain secrets.
    pub url: String,
    /// Its id for the log and the audit log, with quotes and backslashes escaped.
    pub id: String,
    /// The status of the response if a change succeeds, for the audit log.
    pub success: u16,
}

impl RequestInfo {
    /// The same request, answered with another status when it succeeds.
    #[must_use]
    pub fn answered_with(&self, success: u16) -> Self {
        Self { success, ..self.clone() }
    }
}

/// One authenticated request.
#[derive(Debug, Clone)]
pub struct Call {
    /// The server.
    pub app: Arc<App>,
    /// The caller.
    pub actor: Actor,
    /// The request.
    pub request: RequestInfo,
    /// The revisions of which one must be the last change to the entity (`If-Match`); absent without the header.
    pub if_match: Option<Vec<RevisionStamp>>,
    /// The world that answers it. Changes are authorized in a newer one.
    pub world: Arc<World>,
    /// The caller's turn to read or to change; absent for decisions, for signing out and for changing the password.
    pub turn: Option<Arc<Turn>>,
}

impl Call {
    /// The caller, in the world of this call.
    ///
    /// # Errors
    /// `Unauthenticated` when the caller no longer exists.
    pub fn principal(&self) -> Result<Principal<'_>> {
        self.world.principal(&self.actor)
    }

    /// Opens the one transaction of a change.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open_change(&self) -> Result<OpenChange> {
        let mut change = OpenChange::open(self.app.clone(), self.actor.clone(), self.request.clone()).await?;
        change.if_match.clone_from(&self.if_match);
        Ok(change)
    }
}
