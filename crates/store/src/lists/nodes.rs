//! The nodes of the tree as those see them who may read them, or something below them.

use rolecall_core::access::{Reach, Sight};
use rolecall_core::filter::Filter;
use rolecall_core::org::{ClusterId, DepartmentId, Lineage, ProjectId, Scope, ScopeKind};
use rolecall_core::{Error, Result, RevisionStamp, Timestamp};

use super::condition::{push_filter, push_search};
use super::node_columns::columns;
use super::order::Key;
use super::page::total;
use super::{Page, Sort, place};
use crate::Store;
use crate::scope_key::{parse_scope_key, scope_key};
use crate::sql::{Row, Sql};
use crate::stored;

/// A node, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeRecord {
    /// Which node.
    pub scope: Scope,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The cluster it lies in or is.
    pub cluster: Option<ClusterId>,
    /// The department it lies in or is.
    pub department: Option<DepartmentId>,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// The revision of the last change to it.
    pub revision: RevisionStamp,
    /// How much of it the asker sees. With [`Sight::Name`] he must be shown no more than ids and names.
    pub sight: Sight,
}

/// Which nodes are asked for.
#[derive(Debug, Clone)]
pub struct NodeQuery {
    /// Nodes of that level.
    pub kind: ScopeKind,
    /// Where the asker sees at least names.
    pub names: Reach,
    /// Where he sees all of a node.
    pub full: Reach,
    /// Conditions on the level's fields.
    pub filter: Filter,
    /// A part of the name, in any case.
    pub search: Option<String>,
    /// By one of the level's sorts; by name otherwise; the id decides among equals.
    pub sort: Sort,
    /// Which part of the list; all of it when there is none.
    pub page: Option<Page>,
}

impl Store {
    /// A page of nodes, and how many there are on all pages, at one moment. Deleted nodes are left out.
    ///
    /// # Errors
    /// Overloaded or internal, when the database fails.
    pub async fn nodes(&self, query: &NodeQuery) -> Result<(Vec<NodeRecord>, u64)> {
        let answers = self.read_together(vec![page(query)?, count(query)?]).await?;
        let [page, count] = answers.as_slice() else {
            return Err(Error::internal("two statements had another number of answers"));
        };
        Ok((page.iter().map(|row| record(row, &query.full)).collect::<Result<_>>()?, total(count)?))
    }

    /// How many nodes there are on all pages.
    ///
    /// # Errors
    /// Overloaded or internal, when the database fails.
    pub async fn count_nodes(&self, query: &NodeQuery) -> Result<u64> {
        total(&self.read(count(query)?).await?)
    }

    /// All of a node that was not deleted. Whether the asker may see it is not looked at.
    ///
    /// # Errors
    /// Overloaded or internal, when the database fails.
    pub async fn node(&self, scope: Scope) -> Result<Option<NodeRecord>> {
        self.read(select_node(scope)).await?.first().map(node_record).transpose()
    }
}

/// The statement that finds a node that was not deleted.
pub(crate) fn select_node(scope: Scope) -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.push(WANTED).push(" FROM nodes n WHERE n.deleted_at IS NULL AND n.scope = ").bind(scope_key(scope));
    sql
}

/// All of the node that [`select_node`] found.
pub(crate) fn node_record(row: &Row) -> Result<NodeRecord> {
    record(row, &Reach::Everything)
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
    // One of the two is the id: clusters have all the same number.
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

/// Adds ` FROM …` with what the asker sees, narrowed to what he asks for.
fn push_seen(sql: &mut Sql, query: &NodeQuery, join: &str) -> Result<()> {
    let open = |column: &str| match place::within(&query.full) {
        Some(within) => format!("CASE WHEN {within} THEN n.{column} END AS open_{column}"),
        None => format!("n.{column} AS open_{column}"),
    };
    sql.push(" FROM (SELECT n.*, 'department:' || CAST(n.department AS TEXT) AS parent, ");
    sql.push(&[open("created_at"), open("updated_at"), open("created_by")].join(", "));
    sql.push(" FROM nodes n WHERE n.deleted_at IS NULL AND n.kind = ").bind(query.kind.as_str());
    if let Some(within) = place::within(&query.names) {
        sql.push(" AND ").push(&within);
    }
    sql.push(") n").push(join).push(" WHERE 1 = 1");
    let columns = columns(query.kind);
    push_filter(sql, columns, &query.filter)?;
    query.search.as_deref().map_or(Ok(()), |text| push_search(sql, columns, &["name"], text))
}

fn record(row: &Row, full: &Reach) -> Result<NodeRecord> {
    let scope = parse_scope_key(row.text(0)?)?;
    let cluster = place::cluster(row.text_or_null(3)?)?;
    let department = if row.is_null(4) { None } else { Some(DepartmentId::new(row.int(4)?)) };
    let project: Option<ProjectId> = if let Scope::Project(id) = scope { Some(id) } else { None };
    let seen = full.includes(&Lineage { cluster, department, project });
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
