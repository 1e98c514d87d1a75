//! Reads nodes. A caller who may read something below a node sees its id and name.

use rolecall_core::access::Principal;
use rolecall_core::filter::Filter;
use rolecall_core::org::{Scope, ScopeKind};
use rolecall_core::{Error, Result};
use rolecall_store::{NodeQuery, NodeRecord, Page, Sort};

use crate::app::Call;

/// A request for a list of nodes.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Its conditions.
    pub filter: Filter,
    /// A text in the name.
    pub search: Option<String>,
    /// The order.
    pub sort: Sort,
    /// The page; the whole list when absent.
    pub page: Option<Page>,
}

/// A page of nodes that the caller sees.
#[derive(Debug)]
pub struct Nodes {
    /// The nodes.
    pub nodes: Vec<NodeRecord>,
    /// The offset of the next page, if there is one.
    pub next: Option<u64>,
}

/// The nodes of one level that the caller sees.
///
/// # Errors
/// When the database does not answer.
pub async fn list(call: &Call, kind: ScopeKind, listing: Listing) -> Result<Nodes> {
    let offset = listing.page.map_or(0, |page| page.offset);
    let (nodes, total) = call.app.store.nodes(&query(call, kind, listing)?).await?;
    let end = u64::try_from(nodes.len()).map_or(u64::MAX, |count| offset.saturating_add(count));
    // An offset past the end has no next page.
    let next = (end < total && !nodes.is_empty()).then_some(end);
    Ok(Nodes { nodes, next })
}

/// The number of nodes of one level that the caller sees.
///
/// # Errors
/// When the database does not answer.
pub async fn count(call: &Call, kind: ScopeKind, listing: Listing) -> Result<u64> {
    call.app.store.count_nodes(&query(call, kind, listing)?).await
}

/// One node, as far as the caller sees it.
///
/// # Errors
/// `NotFound` when it does not exist, or not for the caller.
pub async fn get(call: &Call, scope: Scope) -> Result<NodeRecord> {
    let unknown = || Error::not_found(format!("there is no {scope}"));
    let sight = call.principal()?.ensure_sight(scope)?;
    let node = call.app.store.node(scope).await?.ok_or_else(unknown)?;
    Ok(NodeRecord { sight, ..node })
}

fn query(call: &Call, kind: ScopeKind, listing: Listing) -> Result<NodeQuery> {
    Ok(seen_by(&call.principal()?, kind, listing))
}

/// The nodes of one level that a caller sees.
pub(in crate::app) fn seen_by(principal: &Principal<'_>, kind: ScopeKind, listing: Listing) -> NodeQuery {
    NodeQuery {
        kind,
        names: principal.visible_names(kind),
        full: principal.visible_nodes(kind),
        filter: listing.filter,
        search: listing.search,
        sort: listing.sort,
        page: listing.page,
    }
}
