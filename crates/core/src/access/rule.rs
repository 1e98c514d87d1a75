//! Access rules: a subject has a role in a scope.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::catalogue::RoleId;
use crate::identity::Subject;
use crate::org::Scope;

crate::org::number_ids! {
    /// The id of an access rule.
    RuleId i32;
}

/// One subject, one role, one scope. Rules are created and deleted, never edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// The subject.
    pub subject: Subject,
    /// The role.
    pub role: RoleId,
    /// The scope; the rule applies in everything below it too.
    pub scope: Scope,
}
