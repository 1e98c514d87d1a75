//! Writes what an act changes to the tables, with everything that goes along.
//!
//! Here are the changes whose rows hold no more than the change itself says: rules, roles, and whatever is gone. The rows of new
//! or changed users, service accounts, identity providers and nodes hold more, such as a password or a description; the functions
//! of their acts write them.

use rolecall_core::access::{Actor, RuleId};
use rolecall_core::identity::{ClientId, Email, ProviderId};
use rolecall_core::org::Scope;
use rolecall_core::{Change, Result};

use super::rules::RuleRow;
use super::{ChangeTx, out_of_step};
use crate::sign_ins::{forget_claims_by, forget_claims_of};
use crate::sql::Sql;

impl ChangeTx {
    /// Writes these changes, which that actor makes.
    ///
    /// # Errors
    /// `Conflict` when the same rule exists.
    // INVARIANT: the rows of identities come first, and their sessions end afterwards. A concurrent sign-in has either committed,
    // and its session ends with the act, or it finds no identity.
    pub(super) async fn write(&mut self, changes: &[Change], actor: &Actor) -> Result<()> {
        for change in changes {
            match change {
                Change::UserGone { email } => self.delete_user_row(email).await?,
                Change::ServiceAccountGone { client_id } => self.delete_service_account_row(client_id).await?,
                Change::ProviderGone { id } => self.delete_provider_row(*id).await?,
                _ => {}
            }
        }
        let gone: Vec<RuleId> = changes.iter().filter_map(rule_gone).collect();
        self.remove_rules(&gone).await?;
        for change in changes {
            match change {
                Change::ClusterGone { id } => self.remove_node(Scope::Cluster(*id)).await?,
                Change::DepartmentGone { id } => self.remove_node(Scope::Department(*id)).await?,
                Change::ProjectGone { id } => self.remove_node(Scope::Project(*id)).await?,
                Change::RoleSet(role) => self.set_role(role).await?,
                Change::RoleGone { id } => self.remove_role(*id).await?,
                _ => {}
            }
        }
        let made = changes.iter().filter_map(|change| match change {
            Change::RuleSet(rule) => {
                Some(RuleRow { rule: rule.clone(), created_by: actor.name().to_owned(), at: self.now })
            }
            _ => None,
        });
        let made = made.collect();
        self.insert_rules(made).await
    }

    async fn delete_user_row(&mut self, email: &Email) -> Result<()> {
        let id = self.world.user(email).ok_or_else(|| out_of_step("the user", email))?.id;
        self.delete_row("users", &id.to_string()).await?;
        self.transaction.execute(forget_claims_of(&[id])).await.map(drop)
    }

    async fn delete_service_account_row(&mut self, client_id: &ClientId) -> Result<()> {
        let account = self.world.service_account(client_id);
        let id = account.ok_or_else(|| out_of_step("the service account", client_id))?.id;
        self.delete_row("service_accounts", &id.to_string()).await
    }

    async fn delete_provider_row(&mut self, id: ProviderId) -> Result<()> {
        self.delete_row("identity_providers", &id.to_string()).await?;
        self.transaction.execute(forget_claims_by(id)).await.map(drop)
    }

    async fn delete_row(&mut self, table: &str, id: &str) -> Result<()> {
        let mut delete = Sql::new(&format!("DELETE FROM {table} WHERE id = "));
        delete.bind(id);
        if self.transaction.execute(delete).await? == 1 { Ok(()) } else { Err(out_of_step(table, id)) }
    }
}

const fn rule_gone(change: &Change) -> Option<RuleId> {
    match change {
        Change::RuleGone { id } => Some(*id),
        _ => None,
    }
}
