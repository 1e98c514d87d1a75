//! Scopes as the database stores them: `tenant`, `cluster:<uuid>`, `department:<n>`, `project:<n>`.

use rolecall_core::org::{ClusterId, DepartmentId, ProjectId, Scope};
use rolecall_core::{Error, Result};

/// The key of a scope's row in `nodes`.
pub(crate) fn scope_key(scope: Scope) -> String {
    match scope {
        Scope::Account => "tenant".to_owned(),
        Scope::Cluster(id) => format!("cluster:{id}"),
        Scope::Department(id) => format!("department:{id}"),
        Scope::Project(id) => format!("project:{id}"),
    }
}

/// The scope with that key; `Internal` for any other text.
pub(crate) fn parse_scope_key(key: &str) -> Result<Scope> {
    let scope = match key.split_once(':') {
        None if key == "tenant" => Some(Scope::Account),
        Some(("cluster", id)) => ClusterId::parse(id).map(Scope::Cluster),
        Some(("department", id)) => DepartmentId::parse(id).map(Scope::Department),
        Some(("project", id)) => ProjectId::parse(id).map(Scope::Project),
        _ => None,
    };
    scope.ok_or_else(|| Error::internal(format!("the database holds {key:?} as a scope")))
}
