//! Scopes in conditions and rows.

use std::fmt::Display;

use rolecall_core::access::Subtrees;
use rolecall_core::org::ClusterId;
use rolecall_core::{Error, Result};

use super::condition::NEVER;

/// The condition that a row of `nodes`, called `n`, is within these subtrees; none when everything is.
// Ids are part of the text, since there may be more of them than a statement may have parameters. Their types make them
// numbers and UUIDs.
pub(super) fn within(subtrees: &Subtrees) -> Option<String> {
    let Subtrees::Below { clusters, departments, projects } = subtrees else { return None };
    let mut parts = Vec::new();
    if !clusters.is_empty() {
        parts.push(format!("n.cluster IN ('{}')", list(clusters, "', '")));
    }
    if !departments.is_empty() {
        parts.push(format!("n.department IN ({})", list(departments, ", ")));
    }
    if !projects.is_empty() {
        parts.push(format!("n.scope IN ('project:{}')", list(projects, "', 'project:")));
    }
    Some(if parts.is_empty() { NEVER.to_owned() } else { format!("({})", parts.join(" OR ")) })
}

fn list<T: Display>(ids: &[T], separator: &str) -> String {
    let ids: Vec<_> = ids.iter().map(T::to_string).collect();
    ids.join(separator)
}

/// The cluster id in a row, if any.
pub(super) fn cluster(id: Option<&str>) -> Result<Option<ClusterId>> {
    id.map(|id| {
        ClusterId::parse(id).ok_or_else(|| Error::internal(format!("the database holds a cluster with the id {id:?}")))
    })
    .transpose()
}
