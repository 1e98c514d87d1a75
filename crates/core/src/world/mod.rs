//! The world: every fact that decisions need, at one revision, immutable.
//!
//! A [`World`] is a value: applying changes makes a new one that shares everything unchanged with the old one. A change
//! costs what it touches, and readers never wait. A world is complete for decisions and nothing else: dates,
//! descriptions, secrets and other data of lists stay in the store.

mod apply;
mod by_rule;
mod change;
mod groups;
mod held;
mod lookup;
mod mistakable;
mod names;
mod numbered;
mod revision;
mod roles;
mod scope_indexes;
#[cfg(test)]
mod tests;
mod trie;

use std::sync::Arc;

use imbl::{HashMap, OrdMap, OrdSet};

use crate::catalogue::RoleId;
use crate::identity::{
    Binding, ClientId, Email, Provider, ProviderId, ServiceAccount, ServiceAccountId, SessionId, Subject, UserId,
};
use crate::org::{Account, Cluster, ClusterId, Department, DepartmentId, NodeName, Project, ProjectId, Scope};
use crate::time::Timestamp;

use by_rule::ByRule;
pub use change::Change;
pub(crate) use groups::GroupNumber;
use groups::Groups;
pub(crate) use held::Held;
pub(crate) use lookup::UnderName;
pub use mistakable::Mistakable;
use names::{Member, Names};
pub use revision::{Revision, RevisionId, RevisionStamp};
pub(crate) use roles::RoleEntry;
use roles::Roles;
pub(crate) use scope_indexes::IndexPath;
use scope_indexes::{ScopeIndex, ScopeIndexes};

/// All access facts at one revision. Cloning is cheap.
///
/// There are far more rules than anything else, so a rule is stored once, under the name of its subject: a decision
/// finds everything about a user in one place. The other indexes only point there.
#[derive(Debug, Clone)]
pub struct World {
    revision: Revision,
    id: RevisionId,
    account: Account,
    clusters: HashMap<ClusterId, Cluster>,
    departments: HashMap<DepartmentId, Department>,
    projects: HashMap<ProjectId, Project>,
    departments_of: OrdSet<(ClusterId, DepartmentId)>,
    projects_of: OrdSet<(DepartmentId, ProjectId)>,
    /// Each node by its parent and name; siblings have different names.
    by_name: HashMap<(Scope, NodeName), Scope>,
    users: Names<Email, Option<Member>>,
    users_by_id: HashMap<UserId, Arc<Subject>>,
    /// The users who are bound to someone at an identity provider.
    users_by_binding: HashMap<Arc<Binding>, UserId>,
    /// The groups that rules name or users are in, with their members.
    groups: Groups,
    service_accounts: Names<ClientId, Option<ServiceAccount>>,
    service_accounts_by_id: HashMap<ServiceAccountId, ClientId>,
    /// The identity providers: a few.
    providers: OrdMap<ProviderId, Provider>,
    /// The roles: some dozens.
    roles: Roles,
    /// The number of rules with each role in each scope.
    uses: OrdMap<(RoleId, ScopeIndex), u32>,
    /// The subject of each rule, where the rule itself is stored.
    rules: ByRule,
    /// The scopes that exist or that rules name, with the rules in each.
    scope_indexes: ScopeIndexes,
    /// The users whom a rule names as System administrator of the account.
    administrators: OrdSet<Email>,
    /// Sessions that ended before their tokens expire, with the time of that expiry.
    ended_sessions: HashMap<SessionId, Timestamp>,
    ended_sessions_by_time: OrdMap<(Timestamp, SessionId), ()>,
}

impl World {
    /// A world with an account and nothing else.
    #[must_use]
    pub fn empty(account: Account) -> Self {
        Self {
            revision: Revision::ZERO,
            id: RevisionId::NONE,
            account,
            clusters: HashMap::new(),
            departments: HashMap::new(),
            projects: HashMap::new(),
            departments_of: OrdSet::new(),
            projects_of: OrdSet::new(),
            by_name: HashMap::new(),
            users: Names::default(),
            users_by_id: HashMap::new(),
            users_by_binding: HashMap::new(),
            groups: Groups::default(),
            service_accounts: Names::default(),
            service_accounts_by_id: HashMap::new(),
            providers: OrdMap::new(),
            roles: Roles::default(),
            uses: OrdMap::new(),
            rules: ByRule::default(),
            scope_indexes: ScopeIndexes::new(),
            administrators: OrdSet::new(),
            ended_sessions: HashMap::new(),
            ended_sessions_by_time: OrdMap::new(),
        }
    }

    /// The revision of these facts.
    #[must_use]
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// That revision with its id, which is [`RevisionId::NONE`] for a world that was never committed.
    #[must_use]
    pub const fn stamp(&self) -> RevisionStamp {
        RevisionStamp { revision: self.revision, id: self.id }
    }

    /// The same world with its revision's id.
    #[must_use]
    pub fn identified(mut self, id: RevisionId) -> Self {
        self.id = id;
        self
    }

    /// The root of the tree.
    #[must_use]
    pub const fn account(&self) -> &Account {
        &self.account
    }
}
