//! Writes changes to the tables: the one place for each kind of change.
//!
//! A change says all that decisions know of its entity. What a row holds besides, such as a password or a description, is in the
//! details of new entities, or written by the function of an act.

use rolecall_core::access::Actor;
use rolecall_core::org::Scope;
use rolecall_core::{Change, Result};

use super::details::Details;
use super::{ChangeTx, out_of_step};
use crate::sql::Sql;

impl ChangeTx {
    /// Writes these changes, which that actor makes.
    ///
    /// # Errors
    /// `Conflict` when a name that is unique is taken.
    // INVARIANT: the rows of identities are written before their sessions end, at the commit. A concurrent sign-in has either
    // committed, and its session ends with the act, or it finds the identity as it is afterwards.
    pub(super) async fn write(&mut self, changes: &[Change], actor: &Actor, details: Details) -> Result<()> {
        self.remove(changes).await?;
        let mut users = Vec::new();
        let mut service_accounts = Vec::new();
        let mut rules = Vec::new();
        let Details { users: user_details, service_accounts: secrets, nodes, mut provider, rules: origins } = details;
        for change in changes {
            match change {
                Change::UserSet(user) => users.push(user),
                Change::ServiceAccountSet(account) => service_accounts.push(account),
                Change::RuleSet(rule) => rules.push(rule),
                Change::RoleSet(role) => self.set_role(role).await?,
                Change::ProviderSet(set) => self.set_provider(set, actor, provider.take()).await?,
                Change::ClusterSet(_) | Change::DepartmentSet(_) | Change::ProjectSet(_) => {}
                Change::UserGone { .. }
                | Change::ServiceAccountGone { .. }
                | Change::ProviderGone { .. }
                | Change::ClusterGone { .. }
                | Change::DepartmentGone { .. }
                | Change::ProjectGone { .. }
                | Change::RoleGone { .. }
                | Change::RuleGone { .. } => {}
                // Read from the table of sessions as they end.
                Change::SessionEnded { .. } => {}
            }
        }
        self.set_users(&users, actor, user_details).await?;
        self.set_service_accounts(&service_accounts, actor, secrets).await?;
        self.set_nodes(changes, actor, nodes).await?;
        self.insert_rules(&rules, actor, &origins).await
    }

    /// Removes what is gone after these changes.
    async fn remove(&mut self, changes: &[Change]) -> Result<()> {
        let mut rules = Vec::new();
        for change in changes {
            match change {
                Change::UserGone { email } => self.delete_user_row(email).await?,
                Change::ServiceAccountGone { client_id } => self.delete_service_account_row(client_id).await?,
                Change::ProviderGone { id } => self.delete_provider_row(*id).await?,
                Change::ClusterGone { id } => self.remove_node(Scope::Cluster(*id)).await?,
                Change::DepartmentGone { id } => self.remove_node(Scope::Department(*id)).await?,
                Change::ProjectGone { id } => self.remove_node(Scope::Project(*id)).await?,
                Change::RoleGone { id } => self.remove_role(*id).await?,
                Change::RuleGone { id } => rules.push(*id),
                _ => {}
            }
        }
        self.remove_rules(&rules).await
    }

    pub(super) async fn delete_row(&mut self, table: &str, id: &str) -> Result<()> {
        let mut delete = Sql::new(&format!("DELETE FROM {table} WHERE id = "));
        delete.bind(id);
        if self.transaction.execute(delete).await? == 1 { Ok(()) } else { Err(out_of_step(table, id)) }
    }
}
