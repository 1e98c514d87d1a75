//! Visibility: which permission makes what readable.
//!
//! Users, service accounts and roles belong to the account, and administrators of a branch pick from them: the permission to read
//! them in any scope shows all of them. Identity providers need it at the account. Access rules and nodes are visible by scope:
//! [`Subtrees`] has the scopes, resolved once for a whole list. What answers about others leave out is in `asking.rs`.

use super::{Principal, Rule, Sight, Subtrees};
use crate::catalogue::{Action, Permission, ResourceType};
use crate::error::{Error, Result};
use crate::org::{Scope, ScopeKind};

const fn read(resource_type: ResourceType) -> Permission {
    Permission::new(resource_type, Action::Read)
}

/// What is kept at the account and picked from in every branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Directory {
    /// Users.
    Users,
    /// Service accounts.
    ServiceAccounts,
    /// Roles, and the permission sets that they are made from.
    Roles,
}

impl Directory {
    const fn permission(self) -> Permission {
        match self {
            Self::Users => read(ResourceType::Users),
            Self::ServiceAccounts => read(ResourceType::ServiceAccount),
            Self::Roles => read(ResourceType::Roles),
        }
    }
}

impl Principal<'_> {
    /// Whether the principal sees all of these, or none.
    #[must_use]
    pub fn reads(&self, directory: Directory) -> bool {
        self.may_somewhere(directory.permission())
    }

    /// Refuses a caller who sees none of these.
    ///
    /// # Errors
    /// `Forbidden`, with the missing permission.
    pub fn ensure_reads(&self, directory: Directory) -> Result<()> {
        self.ensure_may_somewhere(directory.permission())
    }

    /// Whether the principal sees the identity providers, their sign-ins and their settings.
    #[must_use]
    pub fn reads_providers(&self) -> bool {
        self.may(read(ResourceType::SecuritySettings), Scope::Account)
    }

    /// Refuses a caller who does not see the identity providers.
    ///
    /// # Errors
    /// `Forbidden`, with the missing permission.
    pub fn ensure_reads_providers(&self) -> Result<()> {
        self.ensure_may(read(ResourceType::SecuritySettings), Scope::Account)
    }

    /// Where the principal sees the access rules of others.
    #[must_use]
    pub fn visible_rules(&self) -> Subtrees {
        self.permitted_in(read(ResourceType::AccessRules))
    }

    /// Whether the principal sees all access rules in that scope.
    #[must_use]
    pub fn reads_rules_in(&self, scope: Scope) -> bool {
        self.may(read(ResourceType::AccessRules), scope)
    }

    /// Refuses a caller who does not see all access rules in that scope.
    ///
    /// # Errors
    /// `Forbidden`, with the missing permission.
    pub fn ensure_reads_rules_in(&self, scope: Scope) -> Result<()> {
        self.ensure_may(read(ResourceType::AccessRules), scope)
    }

    /// Refuses a caller who sees the access rules of others in no scope.
    ///
    /// # Errors
    /// `Forbidden`, with the missing permission.
    pub fn ensure_reads_rules_somewhere(&self) -> Result<()> {
        self.ensure_may_somewhere(read(ResourceType::AccessRules))
    }

    /// Whether the principal sees that rule: it names them or one of their groups, or they read rules where it is.
    #[must_use]
    pub fn reads_rule(&self, rule: &Rule) -> bool {
        self.subjects().any(|subject| subject == rule.subject) || self.reads_rules_in(rule.scope)
    }

    /// Where the principal sees nodes of that level in full. Of others they may see the name: [`Principal::visible_names`].
    #[must_use]
    pub fn visible_nodes(&self, level: ScopeKind) -> Subtrees {
        self.permitted_in(read(level.resource_type()))
    }

    /// How much the principal sees of a node.
    ///
    /// # Errors
    /// `NotFound` when it does not exist, or not for them.
    pub fn ensure_sight(&self, scope: Scope) -> Result<Sight> {
        self.sight(scope).ok_or_else(|| Error::not_found(format!("there is no {scope}")))
    }
}
