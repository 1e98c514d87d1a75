//! Nodes of the tree, for callers who may read them or something below them.

use rolecall_core::access::{Sight, Subtrees};
use rolecall_core::filter::Filter;
use rolecall_core::org::{ClusterId, DepartmentId, ProjectId, Scope, ScopeKind, ScopePath};
use rolecall_core::{Error, Result, RevisionStamp, Timestamp};

use super::condition::{push_filter, push_search};
use super::node_columns::columns;
use super::order::Key;
use super::page::total;
use super::{Page, Sort, scope_columns};
use crate::Store;
use crate::scope_key::{parse_scope_key, scope_key};
use crate::sql::{Row, Sql};
use crate::stored;

/// A node in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeRecord {
    /// The node.
    pub scope: Scope,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// The cluster that it is or is in.
    pub cluster: Option<ClusterId>,
    /// The department that it is or is in.
    pub department: Option<DepartmentId>,
    /// The creator.
    pub created_by: String,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
    /// The revision of the last change to it.
    pub revision: RevisionStamp,
    /// How much of it the caller sees. With [`Sight::Name`] they must be shown no more than ids and names.
    pub sight: Sight,
}

/// A query for nodes.
#[derive(Debug, Clone)]
pub struct NodeQuery {
    /// The level.
    pub kind: ScopeKind,
    /// Where the caller sees at least names.
    pub names: Subtrees,
    /// Where the caller sees everything.
    pub full: Subtrees,
    /// Conditions on the level's fields.
    pub filter: Filter,
    /// Part of the name, in any case.
    pub search: Option<String>,
    /// One of the level's sorts; by name otherwise; ties are broken by id.
    pub sort: Sort,
    /// The page; the whole list if `None`.
    pub page: Option<Page>,
}

impl Store {
    /// A page of nodes with the total, from one snapshot. Deleted nodes are left out.
    ///
    /// # Errors
    /// `Overloaded` or `Internal` when the database fails.
    pub async fn nodes(&self, query: &NodeQuery) -> Result<(Vec<NodeRecord>, u64)> {
        let answers = self.read_together(vec![page(query)?, count(query)?]).await?;
        let [page, count] = answers.as_slice() else {
            return Err(Error::internal("two statements had another number of answers"));
        };
        Ok((page.iter().map(|row| record(row, &query.full)).collect::<Result<_>>()?, total(count)?))
    }

    /// The total.
    ///
    /// # Errors
    /// `Overloaded` or `Internal` when the database fails.
    pub async fn count_nodes(&self, query: &NodeQuery) -> Result<u64> {
        total(&self.read(count(query)?).await?)
    }

    /// A node that is not deleted, in full. Visibility is not checked.
    ///
    /// # Errors
    /// `Overloaded` or `Internal` when the database fails.
    pub async fn node(&self, scope: Scope) -> Result<Option<NodeRecord>> {
        self.read(select_node(scope)).await?.first().map(node_record).transpose()
    }
}

/// The statement for a node that is not deleted.
pub(crate) fn select_node(scope: Scope) -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.push(WANTED).push(" FROM nodes n WHERE n.deleted_at IS NULL AND n.scope = ").bind(scope_key(scope));
    sql
}

/// The full node from [`select_node`].
pub(crate) fn node_record(row: &Row) -> Result<NodeRecord> {
    record(row, &Subtrees::Everything)
}

const WANTED: &str = "n.scope, n.name, n.description, n.cluster, n.department, n.created_by, n.created_at, n.updated_at, n.revision, n.revision_id";

fn page(query: &NodeQuery) -> Result<Sql> {
    let columns = columns(query.kind);
    let mut sort = query.sort;
    sort.by = sort.by.or(Some("name"));
    let key = Key::new(columns, sort)?;
    let mut sql = Sql::new("SELECT ");
    sql.push(WANTED);
    push_seen(&mut sql, query, key.join)?;
    // One of the two is the id: all clusters have the same number.
    sql.push(&key.order_by(&["n.number", "n.id"]));
    if let Some(page) = query.page {
        page.push(&mut sql);
    }
    Ok(sql)
}

fn count(query: &NodeQuery) -> Result<Sql> {
    let mut sql = Sql::new("SELECT count(*)");
    push_seen(&mut sql, query, "")?;
    Ok(sql)
}

/// Adds ` FROM …` with the caller's visibility and the query's conditions.
fn push_seen(sql: &mut Sql, query: &NodeQuery, join: &str) -> Result<()> {
    let open = |column: &str| match scope_columns::within(&query.full) {
        Some(within) => format!("CASE WHEN {within} THEN n.{column} END AS open_{column}"),
        None => format!("n.{column} AS open_{column}"),
    };
    sql.push(" FROM (SELECT n.*, 'department:' || CAST(n.department AS TEXT) AS parent, ");
    sql.push(&[open("created_at"), open("updated_at"), open("created_by")].join(", "));
    sql.push(" FROM nodes n WHERE n.deleted_at IS NULL AND n.kind = ").bind(query.kind.as_str());
    if let Some(within) = scope_columns::within(&query.names) {
        sql.push(" AND ").push(&within);
    }
    sql.push(") n").push(join).push(" WHERE 1 = 1");
    let columns = columns(query.kind);
    push_filter(sql, columns, &query.filter)?;
    query.search.as_deref().map_or(Ok(()), |text| push_search(sql, columns, &["name"], text))
}

fn record(row: &Row, full: &Subtrees) -> Result<NodeRecord> {
    let scope = parse_scope_key(row.text(0)?)?;
    let cluster = scope_columns::cluster(row.text_or_null(3)?)?;
    let department = if row.is_null(4) { None } else { Some(DepartmentId::new(row.int(4)?)) };
    let project: Option<ProjectId> = if let Scope::Project(id) = scope { Some(id) } else { None };
    let seen = full.includes(&ScopePath { cluster, department, project });
    Ok(NodeRecord {
        scope,
        name: row.text(1)?.to_owned(),
        description: row.text(2)?.to_owned(),
        cluster,
        department,
        created_by: row.text(5)?.to_owned(),
        created_at: row.time(6)?,
        updated_at: row.time(7)?,
        revision: stored::stamp(row, 8)?,
        sight: if seen { Sight::Full } else { Sight::Name },
    })
}
