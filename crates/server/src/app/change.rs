//! A change on its way: the transaction that took a revision, and the world just before it.

use std::sync::Arc;

use rolecall_core::access::{Act, Actor, Entity, Permit};
use rolecall_core::{Error, ErrorKind, Result, RevisionStamp, Timestamp, World};
use rolecall_store::{ChangeTx, RequestFacts};

#[cfg(doc)]
use super::Call;
use super::{App, RequestInfo};
use crate::engine::{History, Known, replay};

/// A change that was made: what came of it, and the revision that it is.
#[derive(Debug)]
pub struct Changed<T> {
    /// What came of it.
    pub value: T,
    /// The revision that it is; a request that carries it sees the change on every replica.
    pub revision: RevisionStamp,
}

/// An open transaction that holds the next revision, and the world of the preceding one.
#[derive(Debug)]
pub struct OpenChange {
    app: Arc<App>,
    history: History,
    actor: Actor,
    request: RequestInfo,
    /// What [`Call::if_match`] says.
    pub(super) if_match: Option<Vec<RevisionStamp>>,
    /// Where to write.
    pub tx: ChangeTx,
    /// The world that the change starts from.
    pub world: World,
    /// When it happens.
    pub now: Timestamp,
}

impl OpenChange {
    /// Takes the next revision and brings the world to the one before it.
    ///
    /// # Errors
    /// When the database does not answer; overloaded when it has lost what this server knows, on which nothing may follow.
    pub async fn open(app: Arc<App>, actor: Actor, request: RequestInfo) -> Result<Self> {
        let Known { history, world: known } = app.engine.known()?;
        let begun = app.store.begin(known.stamp(), app.random.revision_id()?).await?;
        let (tx, feed) = begun.map_err(|gone| app.engine.lose(history, &gone))?;
        let world = replay(&known, &feed);
        let now = app.clock.now();
        Ok(Self { app, history, actor, request, if_match: None, tx, world, now })
    }

    /// Decides at the revision just before this change.
    ///
    /// # Errors
    /// What [`World::authorize`] says; outdated when what the act is about was changed since the caller read it.
    pub async fn authorize(&mut self, act: Act) -> Result<Permit> {
        let permit = self.world.authorize(&self.actor, act)?;
        // INVARIANT: asked after the permit, so that nobody finds out about what he may not change; and asked in the
        // transaction that holds the revision, so that of two who read the same only the first changes it.
        if let Some(known) = &self.if_match {
            match self.tx.last_change(&permit).await? {
                Some(last) if known.contains(&last) => {}
                Some(_) => return Err(outdated(permit.entity())),
                None => return Err(never_matches(permit.entity())),
            }
        }
        Ok(permit)
    }

    /// The same, where `field` of the request named the node that the act needs: what is not found is told under it.
    ///
    /// # Errors
    /// What [`OpenChange::authorize`] says.
    pub async fn authorize_naming(&mut self, field: &str, act: Act) -> Result<Permit> {
        self.authorize(act).await.map_err(|error| naming(field, error))
    }

    /// Lets the guards look at the outcome, commits, and makes the new world the current one.
    ///
    /// `status` is the HTTP status that the audit log notes for it.
    ///
    /// # Errors
    /// Conflict when a guard refuses; when the database does not answer. Nothing is changed then. Overloaded when the
    /// database loses its history meanwhile; whether the change counts shows only when reading it.
    pub async fn commit<T>(self, permit: Permit, status: u16, value: T) -> Result<Changed<T>> {
        let facts = RequestFacts {
            source_ip: self.request.source_ip.to_string(),
            method: self.request.method,
            url: self.request.url,
            request_id: self.request.id,
            audit_id: self.app.random.uuid()?,
            status,
        };
        let world = self.tx.commit(permit, &self.world, &facts, self.now).await?;
        let revision = world.stamp();
        self.app.engine.publish(self.history, world)?;
        Ok(Changed { value, revision })
    }
}

/// Tells what is not found under that field of the request.
pub(super) fn naming(field: &str, error: Error) -> Error {
    match error.kind {
        ErrorKind::NotFound => Error { message: format!("{field}: {}", error.message), ..error },
        _ => error,
    }
}

fn outdated(entity: &Entity) -> Error {
    Error::outdated(format!(
        "If-Match: the {} {:?} has changed since you read it; read it again and retry with the new ETag",
        entity.kind.as_str(),
        entity.name,
    ))
}

fn never_matches(entity: &Entity) -> Error {
    Error::outdated(format!("If-Match: this {} has no ETag; leave If-Match out", entity.kind.as_str()))
}
