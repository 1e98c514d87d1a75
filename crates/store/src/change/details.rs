//! What new rows hold beside what their changes say: passwords, secrets, descriptions, settings, and who made them.

use std::collections::HashMap;

use rolecall_core::Timestamp;
use rolecall_core::access::{Actor, RuleId};
use rolecall_core::identity::{PersonNames, ServiceAccountId, UserId};
use rolecall_core::org::Scope;

use super::identity_providers::NewProvider;

/// The details of what is new in a change. The row of a known entity keeps its own, unless the function of the act changes them.
#[derive(Default)]
pub(super) struct Details {
    pub(super) users: HashMap<UserId, UserDetails>,
    pub(super) service_accounts: HashMap<ServiceAccountId, ServiceAccountDetails>,
    pub(super) nodes: HashMap<Scope, NodeDetails>,
    pub(super) provider: Option<NewProvider>,
    /// For rules that someone else made than the actor, or at another time.
    pub(super) rules: HashMap<RuleId, Origin>,
}

/// The details of a user.
#[derive(Default)]
pub(super) struct UserDetails {
    pub(super) names: PersonNames,
    /// `None` for a user of an identity provider.
    pub(super) password_hash: Option<String>,
    pub(super) password_expires_at: Option<Timestamp>,
    pub(super) generated_password: bool,
    /// When their provider said which groups they have.
    pub(super) groups_at: Option<Timestamp>,
    pub(super) last_login: Option<Timestamp>,
    /// `None` for the actor, now.
    pub(super) origin: Option<Origin>,
}

/// The details of a service account.
pub(super) struct ServiceAccountDetails {
    pub(super) secret_hash: [u8; 32],
    pub(super) last_login: Option<Timestamp>,
    /// `None` for the actor, now.
    pub(super) origin: Option<Origin>,
}

/// The details of a cluster, department or project.
#[derive(Default)]
pub(super) struct NodeDetails {
    pub(super) description: String,
    /// `None` for the actor, now.
    pub(super) origin: Option<Origin>,
}

/// Who made a row, and when.
#[derive(Clone)]
pub(super) struct Origin {
    pub(super) created_by: String,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

impl Origin {
    /// What that actor makes now.
    pub(super) fn of(actor: &Actor, now: Timestamp) -> Self {
        Self { created_by: actor.name().to_owned(), created_at: now, updated_at: now }
    }
}
