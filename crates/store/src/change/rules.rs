//! Creates and deletes access rules. Deleted rules stay in the table, so that the past stays readable.

use std::collections::BTreeSet;

use rolecall_core::access::{Rule, RuleId};
use rolecall_core::acts::{CreateRule, DeleteRule, Permit};
use rolecall_core::identity::Subject;
use rolecall_core::org::Scope;
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result, Timestamp};

use super::rule_counts::Counted;
use super::{ChangeTx, or_conflict, out_of_step};
use crate::migrations::subject_key;
use crate::scope_key::scope_key;
use crate::sql::{Sql, Value};
use crate::stored;

/// A rule's row.
pub(super) struct RuleRow {
    pub(super) rule: Rule,
    pub(super) created_by: String,
    pub(super) at: Timestamp,
}

/// The rules whose rows were removed.
struct Removed(BTreeSet<RuleId>);

impl Removed {
    /// Refuses to go on unless these are the rules that the act removes.
    fn are(self, expected: impl Iterator<Item = RuleId>, otherwise: impl FnOnce() -> Error) -> Result<()> {
        if self.0 == expected.collect() { Ok(()) } else { Err(otherwise()) }
    }
}

impl ChangeTx {
    /// Creates a rule.
    ///
    /// # Errors
    /// `Conflict` when the same rule exists.
    pub async fn create_rule(&mut self, permit: &Permit<CreateRule>) -> Result<RuleId> {
        self.act_of(permit)?;
        let id = self.next_rule().await?;
        let CreateRule { subject, role, scope } = self.enact(permit, id)?;
        let rule = Rule { id, subject: subject.clone(), role: *role, scope: *scope };
        let row = RuleRow { rule, created_by: permit.actor().name().to_owned(), at: self.now };
        let done = self.insert_rules(vec![row]).await;
        or_conflict(done, || format!("the access rule {} already exists", quoted(&permit.entity().name)))?;
        self.made = Some(id.to_string());
        Ok(id)
    }

    /// Deletes a rule.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn delete_rule(&mut self, permit: &Permit<DeleteRule>) -> Result<()> {
        let DeleteRule(id) = self.enact(permit, ())?;
        let condition = |sql: &mut Sql| {
            sql.push("id = ").bind(id.number());
        };
        self.remove_where(condition).await?.are([*id].into_iter(), || out_of_step("the access rule", id))
    }

    /// Deletes the rules that name a subject.
    pub(super) async fn remove_rules_of(&mut self, subject: &Subject) -> Result<()> {
        let condition = |sql: &mut Sql| {
            sql.push("subject_type = ").bind(subject.kind().as_str()).push(" AND subject = ").bind(subject.name());
        };
        let removed = self.remove_where(condition).await?;
        removed.are(self.world.rules_of(subject).map(|rule| rule.id), || out_of_step("the rules of", subject))
    }

    /// Deletes the rules of exactly that scope.
    pub(super) async fn remove_rules_in(&mut self, scope: Scope) -> Result<()> {
        let condition = |sql: &mut Sql| {
            sql.push("scope = ").bind(scope_key(scope));
        };
        let removed = self.remove_where(condition).await?;
        removed.are(self.world.rules_in(scope).map(|rule| rule.id), || out_of_step("the rules in", scope))
    }

    async fn remove_where(&mut self, condition: impl FnOnce(&mut Sql)) -> Result<Removed> {
        let at = self.now;
        let mut remove = Sql::new("UPDATE access_rules SET deleted_at = ");
        remove.bind(at).push(", updated_at = ").bind(at).push(" WHERE deleted_at IS NULL AND ");
        condition(&mut remove);
        remove.push(" RETURNING id");
        let removed = self.transaction.query(remove).await?;
        let removed: Result<Vec<RuleId>> = removed.iter().map(|row| stored::rule_id(row.int(0)?)).collect();
        let removed = removed?;
        self.count_rules(&removed, Counted::Removed).await?;
        Ok(Removed(removed.into_iter().collect()))
    }

    pub(super) async fn next_rule(&mut self) -> Result<RuleId> {
        stored::rule_id(*self.next_numbers("access-rule", 1).await?.start())
    }

    pub(super) async fn insert_rules(&mut self, rules: Vec<RuleRow>) -> Result<()> {
        const INTO: &str =
            "access_rules (id, subject_type, subject, subject_key, role, scope, created_by, created_at, updated_at)";
        self.insert(INTO, rules.iter().map(values).collect()).await?;
        let made: Vec<RuleId> = rules.iter().map(|row| row.rule.id).collect();
        self.count_rules(&made, Counted::Made).await?;
        Ok(())
    }
}

fn values(row: &RuleRow) -> Vec<Value> {
    let Rule { id, subject, role, scope } = &row.rule;
    vec![
        id.number().into(),
        subject.kind().as_str().into(),
        subject.name().into(),
        subject_key(subject.name()).into(),
        role.number().into(),
        scope_key(*scope).into(),
        row.created_by.as_str().into(),
        row.at.into(),
        row.at.into(),
    ]
}
