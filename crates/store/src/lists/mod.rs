//! Lists for people: users, access rules, nodes, service accounts, single records, and the audit log.
//!
//! Owns every read-only statement of these: visibility, filter and order go into one query, so that a page, its total
//! and a single record never disagree. It must not change anything, and must not decide who sees what: that arrives as
//! [`Subtrees`](rolecall_core::access::Subtrees).
//!
//! Text is ordered by its key, then bytewise. The tie-breaker is unique, and descending is the exact reverse of
//! ascending, except that empty fields come last in both.

mod audit;
mod by_rule_count;
mod column;
mod condition;
mod held_rules;
mod holders;
pub(crate) mod identity_providers;
mod node_columns;
mod nodes;
mod order;
mod page;
mod roles;
mod rule_columns;
mod rule_counts;
mod rules;
mod scope_columns;
mod service_accounts;
mod stream;
mod users;

pub use audit::AuditRecord;
pub(crate) use condition::push_contains;
pub use held_rules::{HeldRules, most_held_rules};
pub use holders::AccessIn;
pub use identity_providers::ProviderRecord;
pub use node_columns::{
    CLUSTER_FIELDS, CLUSTER_SORTS, DEPARTMENT_FIELDS, DEPARTMENT_SORTS, PROJECT_FIELDS, PROJECT_SORTS,
};
pub use nodes::{NodeQuery, NodeRecord};
pub(crate) use nodes::{node_record, select_node};
pub use page::{Page, Sort};
pub use rule_columns::{RULE_FIELDS, RULE_SORTS};
pub use rules::{RuleQuery, RuleRecord, Visibility};
pub use service_accounts::ServiceAccountRecord;
pub use stream::Stream;
pub use users::{USER_FIELDS, USER_SORTS, UserQuery, UserRecord};
