//! A call: one request of somebody known, and the world in which it is answered.

use std::net::IpAddr;
use std::sync::Arc;

use rolecall_core::access::{Actor, Principal};
use rolecall_core::{Result, RevisionStamp, World};

use super::{App, OpenChange};

/// What is known of a request, whoever made it.
#[derive(Debug, Clone)]
pub struct RequestInfo {
    /// Where it came from: the client, or the last proxy that is not trusted.
    pub source_ip: IpAddr,
    /// Its method.
    pub method: String,
    /// Its path. Never its query, which may hold secrets.
    pub url: String,
    /// Its id for the log and the audit log, with quotes and backslashes escaped.
    pub id: String,
}

/// One request of somebody who proved who he is.
#[derive(Debug, Clone)]
pub struct Call {
    /// The server.
    pub app: Arc<App>,
    /// Who asks.
    pub actor: Actor,
    /// His request.
    pub request: RequestInfo,
    /// One of these is the last change that the caller knows of the thing that he changes (`If-Match`); absent when he
    /// does not say.
    pub if_match: Option<Vec<RevisionStamp>>,
    /// The world in which it is answered. Changes are authorised in a newer one.
    pub world: Arc<World>,
}

impl Call {
    /// Who asks, in the world of this call.
    ///
    /// # Errors
    /// Unauthenticated when he is gone by now.
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
