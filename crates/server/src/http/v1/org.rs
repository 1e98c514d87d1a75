//! What clusters, departments and projects have in common in requests and answers.

use axum::Json;
use axum::response::{IntoResponse, Response};
use rolecall_core::access::Sight;
use rolecall_core::org::{ClusterId, Scope};
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use rolecall_store::{NodeRecord, Page, Sort};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::{KnownFormat, SchemaFormat};

use crate::app::org::Listing;
use crate::http::extract::Text;
use crate::http::list::{Filtering, Vocabulary};
use crate::http::parameter::parameter;
use crate::http::{limits, reply, schema};

/// The moment that clients, who expect one, get in place of one that the caller may not see.
const HIDDEN: &str = "1970-01-01T00:00:00.000Z";

/// An object without members: clients expect one where another product would tell of quotas and nodes.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Nothing {}

/// What a node shows besides its name, as far as the caller sees it.
#[derive(Debug)]
pub struct Details {
    /// What it is for; empty where hidden.
    pub description: String,
    /// Who created it.
    pub created_by: Option<String>,
    /// When it was created; 1970 where hidden.
    pub created_at: String,
    /// When it was last changed; 1970 where hidden.
    pub updated_at: String,
}

impl Details {
    /// Those that may be shown to a caller with that sight of the node.
    pub fn seen(node: &NodeRecord) -> Self {
        match node.sight {
            Sight::Full => Self {
                description: node.description.clone(),
                created_by: Some(node.created_by.clone()),
                created_at: node.created_at.to_string(),
                updated_at: node.updated_at.to_string(),
            },
            Sight::Name => Self {
                description: String::new(),
                created_by: None,
                created_at: HIDDEN.to_owned(),
                updated_at: HIDDEN.to_owned(),
            },
        }
    }
}

/// The id of a cluster, department or project as the API writes it.
pub fn id(scope: Scope) -> String {
    match scope {
        Scope::Account => String::new(),
        Scope::Cluster(id) => id.to_string(),
        Scope::Department(id) => id.to_string(),
        Scope::Project(id) => id.to_string(),
    }
}

/// A cluster's id, where a request names one.
///
/// # Errors
/// Invalid when it is no UUID.
pub fn cluster_id(text: &str) -> Result<ClusterId> {
    ClusterId::parse(text)
        .ok_or_else(|| Error::invalid(format!("clusterId: {} is not a cluster's id, which is a UUID", quoted(text))))
}

/// What a node or a role is for, which may hold line breaks and tabs.
///
/// # Errors
/// `Invalid` when it holds other control characters, or characters that change the direction of what is shown beside it.
pub fn description(text: Text<{ limits::DESCRIPTION }>) -> Result<String> {
    let text = text.into_string();
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Error::invalid(format!("description: {} contains a control character", quoted(&text))));
    }
    if let Some(it) = text.chars().find(|it| matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')) {
        let (shown, code) = (quoted(&text), u32::from(it));
        return Err(Error::invalid(format!(
            "description: {shown} contains U+{code:04X}, which turns text around; remove it"
        )));
    }
    Ok(text)
}

/// `clusterId` of a list.
#[derive(Debug, Clone, Copy)]
pub struct WantedCluster(pub ClusterId);

parameter!(
    WantedCluster,
    |text| ClusterId::parse(text)
        .map(Self)
        .ok_or_else(|| format!("{} is not a cluster's id, which is a UUID", quoted(text))),
    schema::string().format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))).max_length(Some(limits::ID))
);

/// 200 with a node, as `V` shows it; with an ETag where the caller sees all of it.
pub fn found<V: Serialize>(node: NodeRecord, view: impl FnOnce(NodeRecord) -> V) -> Response {
    match node.sight {
        Sight::Full => {
            let last_change = node.revision;
            reply::found(view(node), last_change)
        }
        Sight::Name => Json(view(node)).into_response(),
    }
}

/// The part of a list that is wanted.
pub fn listing<L: Vocabulary>(filtering: Filtering<L>, sort: Sort, page: Page) -> Listing {
    let (filter, search) = filtering.parts();
    Listing { filter, search, sort, page: Some(page) }
}

/// What is counted: all pages of the list.
pub fn counting<L: Vocabulary>(filtering: Filtering<L>) -> Listing {
    let (filter, search) = filtering.parts();
    Listing { filter, search, sort: Sort::default(), page: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_may_have_lines_but_nothing_that_a_terminal_obeys() {
        let description = |text: &str| description(text.to_owned().try_into().unwrap());
        let lines = "Vision group\n\tsince 2025";
        assert_eq!(description(lines).unwrap(), lines);
        assert_eq!(description("").unwrap(), "");
        for bad in ["a\0", "\u{1b}[2J", "a\u{202e}b"] {
            assert!(description(bad).unwrap_err().message.starts_with("description: "));
        }
    }
}
