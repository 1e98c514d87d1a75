//! The end of every change: sessions that end with it, lockout check, feed, audit row, commit.

use rolecall_core::access::Actor;
use rolecall_core::acts::{Act, Entity, EntityKind, Permit};
use rolecall_core::{Result, World};
use uuid::Uuid;

use super::ChangeTx;
use crate::audit::{self, AuditEntry};
use crate::feed;

/// The request of a change, as the audit log records it.
#[derive(Debug, Clone)]
pub struct RequestFacts {
    /// The client's address; empty if there is none.
    pub source_ip: String,
    /// The HTTP method; empty if it did not come by HTTP.
    pub method: String,
    /// The path or command, without secrets.
    pub url: String,
    /// The request id in the log.
    pub request_id: String,
    /// The id of the audit row.
    pub audit_id: Uuid,
    /// The status of the response.
    pub status: u16,
}

impl ChangeTx {
    /// Commits the change, unless it would lock everyone out, and returns the world after it. The audit row is written in the
    /// same transaction.
    ///
    /// # Errors
    /// `Conflict` when no administrator could sign in afterwards; `Overloaded` when the database stopped answering. In
    /// that case only a later read shows whether the change was committed.
    pub async fn commit<A: Act>(mut self, permit: Permit<A>, request: &RequestFacts) -> Result<World> {
        self.ensure_performed(&permit)?;
        if let Some(sessions) = permit.ends_sessions(&self.changes) {
            self.end(sessions).await?;
        }
        let after = self.before().apply(self.stamp.revision, &self.changes).identified(self.stamp.id);
        after.ensure_way_in_after(permit.actor())?;
        feed::append(&mut self.transaction, self.stamp, &self.changes).await?;
        self.write_audit(&permit, &after, request).await?;
        self.transaction.announce().await?;
        self.transaction.commit().await?;
        Ok(after)
    }

    /// The world to apply the changes to. Bootstrap sets the account's name, which is not in the feed: an account is
    /// not followed before its bootstrap.
    fn before(&self) -> World {
        match &self.bootstrapped {
            Some(account) => World::empty(account.clone()),
            None => self.world.clone(),
        }
    }

    async fn write_audit<A: Act>(&mut self, permit: &Permit<A>, after: &World, request: &RequestFacts) -> Result<()> {
        let mut entity = permit.entity().clone();
        if entity.id.is_empty()
            && let Some(made) = &self.made
        {
            entity.id.clone_from(made);
        }
        self.write_row(permit.actor(), request, request.audit_id, A::ACTION, &entity).await?;
        let Some((rule, row)) = self.ruled.take() else { return Ok(()) };
        let entity = Entity {
            kind: EntityKind::AccessRule,
            name: after.sentence(&rule.subject, rule.role, rule.scope),
            id: rule.id.to_string(),
        };
        self.write_row(permit.actor(), request, row, "create", &entity).await
    }

    async fn write_row(
        &mut self,
        actor: &Actor,
        request: &RequestFacts,
        id: Uuid,
        action: &str,
        entity: &Entity,
    ) -> Result<()> {
        let entry = AuditEntry {
            id,
            revision: Some(self.stamp.revision),
            at: self.now,
            subject: actor.name(),
            subject_type: actor.kind(),
            source_ip: &request.source_ip,
            action,
            method: &request.method,
            url: &request.url,
            entity_type: entity.kind.as_str(),
            entity_name: &entity.name,
            entity_id: &entity.id,
            succeeded: true,
            status: request.status,
            request_id: &request.request_id,
        };
        audit::write(&mut self.transaction, entry).await
    }
}
