//! A change in progress, by a request.

use std::sync::Arc;

#[cfg(doc)]
use rolecall_core::World;
use rolecall_core::access::Actor;
use rolecall_core::acts::{Act, Entity, Permit};
use rolecall_core::text::quoted;
use rolecall_core::{Error, ErrorKind, Result, RevisionStamp};
use rolecall_store::{ChangeTx, RequestFacts};

#[cfg(doc)]
use super::Call;
use super::{App, RequestInfo};
use crate::engine::{History, Known};

/// A committed change: its result and its revision.
#[derive(Debug)]
pub struct Changed<T> {
    /// The result.
    pub value: T,
    /// The revision; a request with it sees the change on every replica.
    pub revision: RevisionStamp,
}

/// An open transaction that holds the next revision, the world of the preceding one, and its time.
#[derive(Debug)]
pub struct OpenChange {
    app: Arc<App>,
    history: History,
    actor: Actor,
    request: RequestInfo,
    /// The condition in [`Call::if_match`].
    pub(super) if_match: Option<Vec<RevisionStamp>>,
    /// The transaction.
    pub tx: ChangeTx,
}

impl OpenChange {
    /// Takes the next revision and brings the world to the preceding one.
    ///
    /// # Errors
    /// When the database does not answer; `Overloaded` when it has lost revisions that this server knows.
    pub async fn open(app: Arc<App>, actor: Actor, request: RequestInfo) -> Result<Self> {
        let Known { history, world: known } = app.engine.known()?;
        let begun = app.store.begin(&known, app.random.revision_id()?, || app.clock.now()).await?;
        let tx = begun.map_err(|gone| app.engine.lose(history, &gone))?;
        Ok(Self { app, history, actor, request, if_match: None, tx })
    }

    /// Authorizes at the revision just before this change.
    ///
    /// # Errors
    /// As [`World::authorize`]; `Outdated` when the entity has changed since the caller read it.
    pub async fn authorize<A: Act>(&mut self, act: A) -> Result<Permit<A>> {
        let permit = self.tx.authorize(&self.actor, act)?;
        // INVARIANT: checked after the permit, so that a caller learns nothing about entities that they may not change;
        // and checked in the transaction with the revision, so that of two callers who read the same state only the
        // first changes it.
        if let Some(known) = &self.if_match {
            match self.tx.last_change(&permit).await? {
                Some(last) if known.contains(&last) => {}
                Some(_) => return Err(outdated(permit.entity())),
                None => return Err(never_matches(permit.entity())),
            }
        }
        Ok(permit)
    }

    /// The same, where `field` of the request named the act's node: a missing node is reported under that field.
    ///
    /// # Errors
    /// As [`OpenChange::authorize`].
    pub async fn authorize_naming<A: Act>(&mut self, field: &str, act: A) -> Result<Permit<A>> {
        self.authorize(act).await.map_err(|error| naming(field, error))
    }

    /// Runs the lockout check, commits, and publishes the new world.
    ///
    /// # Errors
    /// `Conflict` when the check refuses, or an error when the database does not answer; nothing is changed then.
    /// `Overloaded` when the database loses its history meanwhile; only a later read shows whether the change was
    /// committed.
    pub async fn commit<A: Act, T>(self, permit: Permit<A>, value: T) -> Result<Changed<T>> {
        let facts = RequestFacts {
            source_ip: self.request.source_ip.to_string(),
            method: self.request.method,
            url: self.request.url,
            request_id: self.request.id,
            audit_id: self.app.random.uuid()?,
            status: self.request.success,
        };
        let world = self.tx.commit(permit, &facts).await?;
        let revision = world.stamp();
        self.app.engine.publish(self.history, world)?;
        Ok(Changed { value, revision })
    }
}

/// Reports a missing node under that field of the request.
pub(super) fn naming(field: &str, error: Error) -> Error {
    match error.kind {
        ErrorKind::NotFound => Error { message: format!("{field}: {}", error.message), ..error },
        _ => error,
    }
}

fn outdated(entity: &Entity) -> Error {
    Error::outdated(format!(
        "If-Match: the {} {} has changed since you read it; read it again and retry with the new ETag",
        entity.kind.as_str(),
        quoted(&entity.name),
    ))
}

fn never_matches(entity: &Entity) -> Error {
    Error::outdated(format!("If-Match: this {} has no ETag; leave If-Match out", entity.kind.as_str()))
}
