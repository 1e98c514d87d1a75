//! Access rules: `<subject> is a <role> in a <scope>`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::catalogue::RoleId;
use crate::identity::Subject;
use crate::org::Scope;

crate::org::number_ids! {
    /// The id of an access rule.
    RuleId i32;
}

/// One subject, one role, one scope. Rules are made and removed, never edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// Whom it is about.
    pub subject: Subject,
    /// What it permits.
    pub role: RoleId,
    /// Where, and in everything below.
    pub scope: Scope,
}
