//! Access rules that a caller may see.

use rolecall_core::access::{RuleId, Subtrees};
use rolecall_core::catalogue::RoleId;
use rolecall_core::filter::{Comparison, Condition, Filter, Test, Value};
use rolecall_core::identity::{Email, Subject, SubjectKind};
use rolecall_core::org::{ClusterId, Scope, ScopeKind};
use rolecall_core::{Error, Result, Timestamp};

use super::condition::{NEVER, findable, push_filter, push_search};
use super::order::Key;
use super::page::total;
use super::rule_columns::{COLUMNS, SERVICE_ACCOUNT};
use super::stream::{PART, Stream};
use super::{Page, Sort, scope_columns};
use crate::Store;
use crate::backend::Kept;
use crate::scope_key::parse_scope_key;
use crate::sql::{Row, Sql};
use crate::stored;

/// Maximum subjects of a query.
const MOST_SUBJECTS: usize = 1000;

/// An access rule in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleRecord {
    /// Its id.
    pub id: RuleId,
    /// The subject's kind.
    pub subject_type: SubjectKind,
    /// The subject's name.
    pub subject: String,
    /// The role's id.
    pub role: RoleId,
    /// The role's name.
    pub role_name: String,
    /// The scope.
    pub scope: Scope,
    /// The scope's id, as clients know it.
    pub scope_id: String,
    /// The scope's name.
    pub scope_name: String,
    /// The cluster of the scope.
    pub cluster: Option<ClusterId>,
    /// Time of creation.
    pub created_at: Timestamp,
    /// Time of creation or deletion.
    pub updated_at: Timestamp,
    /// Time of deletion.
    pub deleted_at: Option<Timestamp>,
    /// The creator.
    pub created_by: String,
}

/// The rules that a caller may see: those about themselves, and those in a part of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visibility {
    /// Subjects whose rules the caller sees in every scope: their own name and groups.
    pub own: Vec<Subject>,
    /// Where the caller sees all rules.
    pub subtrees: Subtrees,
}

impl Visibility {
    /// The same, limited to what matters for rules about that kind of subject.
    pub(super) fn of_kind(&self, kind: SubjectKind) -> Self {
        let own = self.own.iter().filter(|subject| subject.kind() == kind).cloned().collect();
        Self { own, subtrees: self.subtrees.clone() }
    }
}

/// A query for access rules. `None` matches everything.
#[derive(Debug, Clone)]
pub struct RuleQuery {
    /// The rules that the caller may see.
    pub visible: Visibility,
    /// Rules about that kind of subject.
    pub subject_type: Option<SubjectKind>,
    /// Rules about one of these subjects, named exactly.
    pub subjects: Option<Vec<String>>,
    /// Rules with this role.
    pub role: Option<RoleId>,
    /// Rules with a scope of this level.
    pub scope_kind: Option<ScopeKind>,
    /// Rules in the scope with this id, not below it.
    pub scope_id: Option<String>,
    /// Rules in this cluster or below it.
    pub cluster: Option<ClusterId>,
    /// Rules created or deleted at or after this time.
    pub last_updated: Option<Timestamp>,
    /// Whether deleted rules are included.
    pub include_deleted: bool,
    /// Conditions on [`RULE_FIELDS`](super::RULE_FIELDS).
    pub filter: Filter,
    /// Part of the subject's, the role's or the scope's name, in any case.
    pub search: Option<String>,
    /// One of [`RULE_SORTS`](super::RULE_SORTS); by id otherwise, which also breaks ties.
    pub sort: Sort,
    /// The page.
    pub page: Page,
}

impl RuleQuery {
    /// All rules that a caller may see, in the default order.
    #[must_use]
    pub fn all(visible: Visibility, page: Page) -> Self {
        Self {
            visible,
            subject_type: None,
            subjects: None,
            role: None,
            scope_kind: None,
            scope_id: None,
            cluster: None,
            last_updated: None,
            include_deleted: false,
            filter: Filter::default(),
            search: None,
            sort: Sort::default(),
            page,
        }
    }
}

impl Store {
    /// A page of rules with the total, from one snapshot.
    ///
    /// # Errors
    /// `Invalid` when it names more than 1000 subjects; `Overloaded` or `Internal` when the database fails.
    pub async fn rules(&self, query: &RuleQuery) -> Result<(Vec<RuleRecord>, u64)> {
        let answers = self.read_together(vec![page(query)?, count(query)?]).await?;
        let [page, count] = answers.as_slice() else {
            return Err(Error::internal("two statements had another number of answers"));
        };
        Ok((page.iter().map(record).collect::<Result<_>>()?, total(count)?))
    }

    /// All rules of all pages, in order, from one snapshot. The query's page is ignored. `kept` is dropped once the
    /// database is no longer read for them.
    ///
    /// # Errors
    /// As for [`rules`](Self::rules).
    pub async fn all_rules(&self, query: &RuleQuery, kept: Kept) -> Result<Stream<RuleRecord>> {
        Ok(Stream::new(self.backend.stream(vec![all(query)?], PART, kept).await?, record))
    }

    /// The total.
    ///
    /// # Errors
    /// As for [`rules`](Self::rules).
    pub async fn count_rules(&self, query: &RuleQuery) -> Result<u64> {
        total(&self.read(count(query)?).await?)
    }

    /// The rule with that id, if it is not deleted and the caller may see it.
    ///
    /// # Errors
    /// `Overloaded` or `Internal` when the database fails.
    pub async fn rule(&self, visible: &Visibility, id: RuleId) -> Result<Option<RuleRecord>> {
        let mut sql = select();
        sql.push(" WHERE r.id IN (");
        push_found(&mut sql, visible, "r.id AS id", "", |sql| {
            sql.push(" AND r.deleted_at IS NULL AND r.id = ").bind(id.number());
            Ok(())
        })?;
        sql.push(")");
        self.read(sql).await?.first().map(record).transpose()
    }
}

fn page(query: &RuleQuery) -> Result<Sql> {
    let key = Key::new(&COLUMNS, query.sort)?;
    let wanted = format!("r.id AS id{}", key.selected());
    let mut sql = select();
    // The offset walks ids; only the page's rows are fetched.
    sql.push(" WHERE r.id IN (SELECT id FROM (");
    push_found(&mut sql, &query.visible, &wanted, key.join, |sql| push_conditions(sql, query))?;
    sql.push(") found").push(&key.order_by_selected(&["id"]));
    query.page.push(&mut sql);
    sql.push(")").push(&key.order_by(&["r.id"]));
    Ok(sql)
}

fn all(query: &RuleQuery) -> Result<Sql> {
    let key = Key::new(&COLUMNS, query.sort)?;
    let mut sql = Sql::new(&format!("SELECT {WANTED} FROM ("));
    push_found(&mut sql, &query.visible, "r.id AS id", "", |sql| push_conditions(sql, query))?;
    sql.push(") found JOIN access_rules r ON r.id = found.id").push(JOIN_WANTED);
    sql.push(&key.order_by(&["r.id"]));
    Ok(sql)
}

fn count(query: &RuleQuery) -> Result<Sql> {
    let mut sql = Sql::new("SELECT count(*) FROM (");
    push_found(&mut sql, &query.visible, "r.id AS id", "", |sql| push_conditions(sql, query))?;
    sql.push(") found");
    Ok(sql)
}

/// Adds a query for columns of all visible rules that match.
// A union of two parts, since databases evaluate `a OR b` by reading everything.
pub(super) fn push_found(
    sql: &mut Sql,
    visible: &Visibility,
    wanted: &str,
    join: &str,
    conditions: impl Fn(&mut Sql) -> Result<()>,
) -> Result<()> {
    let begin = format!("SELECT {wanted} FROM access_rules r{join} WHERE ");
    let Some(within) = scope_columns::within(&visible.subtrees) else {
        sql.push(&begin).push("1 = 1");
        return conditions(sql);
    };
    let within = format!("r.scope IN (SELECT n.scope FROM nodes n WHERE {within})");
    sql.push(&begin).push(&within);
    conditions(sql)?;
    if !visible.own.is_empty() {
        sql.push(" UNION ALL ").push(&begin);
        push_own(sql, &visible.own);
        // INVARIANT: no rule is in both parts.
        sql.push(" AND NOT ").push(&within);
        conditions(sql)?;
    }
    Ok(())
}

/// Adds the condition that a rule is about one of these subjects.
// A name may have belonged to another user before: of its deleted rules, only those deleted since the current user was
// created belong to that user. Client ids are never reused, and a group is not a person.
fn push_own(sql: &mut Sql, own: &[Subject]) {
    const SINCE: &str = " AND (r.deleted_at IS NULL \
                         OR r.deleted_at > (SELECT w.created_at FROM users w WHERE w.email = r.subject))";
    let mut separator = "(";
    for kind in SubjectKind::ALL {
        let mut names = own.iter().filter(|subject| subject.kind() == kind).map(Subject::name).peekable();
        if names.peek().is_some() {
            sql.push(separator)
                .push("r.subject_type = ")
                .bind(kind.as_str())
                .push(" AND r.subject IN ")
                .bind_all(names)
                .push(if kind == SubjectKind::User { SINCE } else { "" });
            separator = " OR ";
        }
    }
    sql.push(")");
}

fn push_conditions(sql: &mut Sql, query: &RuleQuery) -> Result<()> {
    if !query.include_deleted {
        sql.push(" AND r.deleted_at IS NULL");
    }
    if let Some(kind) = query.subject_type {
        sql.push(" AND r.subject_type = ").bind(kind.as_str());
    }
    if let Some(subjects) = &query.subjects {
        push_subjects(sql, subjects)?;
    }
    if let Some(role) = query.role {
        sql.push(" AND r.role = ").bind(role.number());
    }
    if let Some(kind) = query.scope_kind {
        let level = Test::Compare(Comparison::Equal, Value::Text(kind.as_str().to_owned()));
        push_filter(sql, &COLUMNS, &only("scopeType", level))?;
    }
    if let Some(id) = &query.scope_id {
        if findable(id) {
            sql.push(" AND r.scope IN (SELECT n.scope FROM nodes n WHERE n.id = ").bind(id.as_str()).push(")");
        } else {
            sql.push(" AND ").push(NEVER);
        }
    }
    if let Some(cluster) = query.cluster {
        sql.push(" AND r.scope IN (SELECT n.scope FROM nodes n WHERE n.cluster = ").bind(cluster.to_string()).push(")");
    }
    if let Some(since) = query.last_updated {
        sql.push(" AND r.updated_at >= ").bind(since);
    }
    push_filter(sql, &COLUMNS, &as_kept(&query.filter))?;
    if let Some(text) = &query.search {
        push_search(sql, &COLUMNS, &["subjectId", "roleName", "scopeName"], &Email::readable(text))?;
    }
    Ok(())
}

fn only(field: &'static str, test: Test) -> Filter {
    Filter { conditions: vec![Condition { field, test, input: 0, span: 0..0 }] }
}

fn push_subjects(sql: &mut Sql, subjects: &[String]) -> Result<()> {
    if subjects.len() > MOST_SUBJECTS {
        return Err(Error::invalid(format!(
            "subjectIds: got {}; a request takes at most {MOST_SUBJECTS}",
            subjects.len()
        )));
    }
    let mut names = subjects.iter().filter(|name| findable(name)).map(String::as_str).peekable();
    if names.peek().is_some() {
        sql.push(" AND r.subject IN ").bind_all(names);
    } else {
        sql.push(" AND ").push(NEVER);
    }
    Ok(())
}

/// The filter in the forms that the columns hold: `service-account` for the old word `app`, and subjects as people read
/// them.
fn as_kept(filter: &Filter) -> Filter {
    let mut filter = filter.clone();
    for condition in &mut filter.conditions {
        match (condition.field, &mut condition.test) {
            ("subjectType", Test::Compare(Comparison::Equal | Comparison::NotEqual, Value::Text(word)))
                if word.eq_ignore_ascii_case("app") =>
            {
                SERVICE_ACCOUNT.clone_into(word);
            }
            ("subjectId", Test::Compare(_, Value::Text(name)) | Test::Search(_, name)) => {
                *name = Email::readable(name).into_owned();
            }
            _ => {}
        }
    }
    filter
}

/// The columns that [`record`] reads, in order.
pub(super) const WANTED: &str = "r.id, r.subject_type, r.subject, r.role, o.name, r.scope, n.id, n.name, n.cluster, \
                                 r.created_at, r.updated_at, r.deleted_at, r.created_by";

/// The joins that provide the [`WANTED`] columns for the rule `r`, without adding or removing rows.
pub(super) const JOIN_WANTED: &str = " JOIN nodes n ON n.scope = r.scope JOIN roles o ON o.id = r.role";

fn select() -> Sql {
    Sql::new(&format!("SELECT {WANTED} FROM access_rules r{JOIN_WANTED}"))
}

pub(super) fn record(row: &Row) -> Result<RuleRecord> {
    let kind = row.text(1)?;
    Ok(RuleRecord {
        id: stored::rule_id(row.int(0)?)?,
        subject_type: SubjectKind::parse(kind)
            .ok_or_else(|| Error::internal(format!("the database holds a rule about a {kind:?}")))?,
        subject: row.text(2)?.to_owned(),
        role: RoleId::new(i32::try_from(row.int(3)?).map_err(Error::internal)?),
        role_name: row.text(4)?.to_owned(),
        scope: parse_scope_key(row.text(5)?)?,
        scope_id: row.text(6)?.to_owned(),
        scope_name: row.text(7)?.to_owned(),
        cluster: scope_columns::cluster(row.text_or_null(8)?)?,
        created_at: row.time(9)?,
        updated_at: row.time(10)?,
        deleted_at: row.time_or_null(11)?,
        created_by: row.text(12)?.to_owned(),
    })
}
