//! Creates and deletes access rules. Deleted rules stay in the table, so that the past stays readable.

use std::collections::HashMap;

use rolecall_core::access::{Actor, Rule, RuleId};
use rolecall_core::acts::{CreateRule, DeleteRule, Permit};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};

use super::details::Origin;
use super::rule_counts::Counted;
use super::{ChangeTx, or_conflict, out_of_step};
use crate::migrations::subject_key;
use crate::scope_key::scope_key;
use crate::sql::{Sql, Value};
use crate::stored;

/// Maximum rules in one statement.
const AT_ONCE: usize = 500;

impl ChangeTx {
    /// Creates a rule.
    ///
    /// # Errors
    /// `Conflict` when the same rule exists.
    pub async fn create_rule(&mut self, permit: &Permit<CreateRule>) -> Result<RuleId> {
        self.act_of(permit)?;
        let id = self.next_rule().await?;
        or_conflict(self.enact(permit, id).await, || {
            format!("the access rule {} already exists", quoted(&permit.entity().name))
        })?;
        self.made = Some(id.to_string());
        Ok(id)
    }

    /// Deletes a rule.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delete_rule(&mut self, permit: &Permit<DeleteRule>) -> Result<()> {
        self.enact(permit, ()).await.map(drop)
    }

    /// Soft-deletes rules.
    pub(super) async fn remove_rules(&mut self, ids: &[RuleId]) -> Result<()> {
        for ids in ids.chunks(AT_ONCE) {
            let mut remove = Sql::new("UPDATE access_rules SET deleted_at = ");
            remove.bind(self.now).push(", updated_at = ").bind(self.now);
            remove.push(" WHERE deleted_at IS NULL AND id IN ").bind_all(ids.iter().map(|id| id.number()));
            let removed = self.transaction.execute(remove).await?;
            if removed != u64::try_from(ids.len()).map_err(Error::internal)? {
                return Err(out_of_step("access rules to delete, this many:", ids.len()));
            }
        }
        self.count_rules(ids, Counted::Removed).await
    }

    pub(super) async fn next_rule(&mut self) -> Result<RuleId> {
        stored::rule_id(*self.next_numbers("access-rule", 1).await?.start())
    }

    /// Writes new rules.
    pub(super) async fn insert_rules(
        &mut self,
        rules: &[&Rule],
        actor: &Actor,
        origins: &HashMap<RuleId, Origin>,
    ) -> Result<()> {
        const INTO: &str =
            "access_rules (id, subject_type, subject, subject_key, role, scope, created_by, created_at, updated_at)";
        let now = Origin::of(actor, self.now);
        let rows = rules.iter().map(|rule| new_row(rule, origins.get(&rule.id).unwrap_or(&now)));
        self.insert(INTO, rows.collect()).await?;
        let made: Vec<RuleId> = rules.iter().map(|rule| rule.id).collect();
        self.count_rules(&made, Counted::Made).await
    }
}

fn new_row(rule: &Rule, origin: &Origin) -> Vec<Value> {
    let Rule { id, subject, role, scope } = rule;
    vec![
        id.number().into(),
        subject.kind().as_str().into(),
        subject.name().into(),
        subject_key(subject.name()).into(),
        role.number().into(),
        scope_key(*scope).into(),
        origin.created_by.as_str().into(),
        origin.created_at.into(),
        origin.updated_at.into(),
    ]
}
