//! The end of every change: the guard, the feed, the audit row, the commit.

use rolecall_core::access::{Act, Entity, EntityKind, Permit};
use rolecall_core::org::Account;
use rolecall_core::{Result, Timestamp, World};
use uuid::Uuid;

use super::ChangeTx;
use crate::audit::{self, AuditEntry};
use crate::feed;

/// What the audit log keeps of the request that asked for a change.
#[derive(Debug, Clone)]
pub struct RequestFacts {
    /// The address it came from; empty where there is none.
    pub source_ip: String,
    /// Its HTTP method; empty where it did not come by HTTP.
    pub method: String,
    /// What was asked for, without what is secret in it.
    pub url: String,
    /// The id under which the log has it.
    pub request_id: String,
    /// The id of the audit row.
    pub audit_id: Uuid,
    /// The status that it is answered with.
    pub status: u16,
}

impl ChangeTx {
    /// Makes the change last, unless it would lock everybody out, and returns the world after it. `world` is the one in
    /// which the permit was given. The audit row is written in the same transaction.
    ///
    /// # Errors
    /// Conflict when nobody could get in afterwards; overloaded when the database stopped answering, in which case
    /// whether the change counts shows only when reading it.
    pub async fn commit(
        mut self,
        permit: Permit,
        world: &World,
        request: &RequestFacts,
        at: Timestamp,
    ) -> Result<World> {
        self.ensure_current_world(&permit, world)?;
        let after = self.before(&permit, world).apply(self.stamp.revision, &self.changes).identified(self.stamp.id);
        after.ensure_way_in()?;
        feed::append(&mut self.transaction, self.stamp, &self.changes).await?;
        self.write_audit(&permit, &after, request, at).await?;
        self.transaction.announce().await?;
        self.transaction.commit().await?;
        Ok(after)
    }

    /// The world that the changes are applied to. Founding gives the account its name, which no change of the feed tells:
    /// nobody follows an account that is not founded.
    fn before(&self, permit: &Permit, world: &World) -> World {
        match (permit.act(), &self.founded) {
            (Act::FoundAccount(id), Some(name)) => World::empty(Account { id: *id, name: name.clone() }),
            _ => world.clone(),
        }
    }

    async fn write_audit(
        &mut self,
        permit: &Permit,
        after: &World,
        request: &RequestFacts,
        at: Timestamp,
    ) -> Result<()> {
        let mut entity = permit.entity().clone();
        if entity.id.is_empty()
            && let Some(made) = &self.made
        {
            entity.id.clone_from(made);
        }
        self.write_row(permit, request, at, request.audit_id, permit.act().audit_action(), &entity).await?;
        let Some((rule, row)) = self.ruled.take() else { return Ok(()) };
        let entity = Entity {
            kind: EntityKind::AccessRule,
            name: after.sentence(&rule.subject, rule.role, rule.scope),
            id: rule.id.to_string(),
        };
        self.write_row(permit, request, at, row, "create", &entity).await
    }

    async fn write_row(
        &mut self,
        permit: &Permit,
        request: &RequestFacts,
        at: Timestamp,
        id: Uuid,
        action: &str,
        entity: &Entity,
    ) -> Result<()> {
        let entry = AuditEntry {
            id,
            revision: Some(self.stamp.revision),
            at,
            subject: permit.actor().name(),
            subject_type: permit.actor().kind(),
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
