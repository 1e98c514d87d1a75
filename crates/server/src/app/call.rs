//! A call: one authenticated request, and the world that answers it.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use rolecall_core::access::{Actor, Principal};
use rolecall_core::{ErrorKind, Result, RevisionStamp, World};

use super::{App, OpenChange, Turn};

/// What the audit log has for the status of what nobody requested.
pub const WITHOUT_RESPONSE: u16 = 200;

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
    /// The status of the response if the request succeeds, for the audit log.
    pub success: u16,
    /// The status of the response to an error of that kind.
    pub refusal: fn(ErrorKind) -> u16,
}

impl RequestInfo {
    /// What Rolecall does by itself, without a request: the job takes the place of the path.
    #[must_use]
    pub fn of_job(job: &str, id: String) -> Self {
        let (source_ip, method, url) = (Ipv4Addr::LOCALHOST.into(), "rolecall".to_owned(), job.to_owned());
        Self { source_ip, method, url, id, success: WITHOUT_RESPONSE, refusal: |_| WITHOUT_RESPONSE }
    }

    /// The same request, which ends in an error of that kind although something was changed.
    #[must_use]
    pub fn refused(&self, kind: ErrorKind) -> Self {
        self.answered_with((self.refusal)(kind))
    }

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
