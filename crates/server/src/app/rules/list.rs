//! Reads access rules. Callers see their own, and those in scopes where they may read access rules.

use rolecall_core::access::{Principal, RuleId, Subtrees};
use rolecall_core::catalogue::RoleId;
use rolecall_core::filter::Filter;
use rolecall_core::identity::SubjectKind;
use rolecall_core::org::{ClusterId, ScopeKind};
use rolecall_core::{Result, Timestamp};
use rolecall_store::{Page, RuleQuery, RuleRecord, Sort, Visibility};

use super::subject;
use crate::app::Call;
use crate::app::exports::Export;

/// The page of a list without pages.
const WHOLE: Page = Page { offset: 0, limit: 0 };

/// A set of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// All that the caller sees.
    Everybodys,
    /// Those that apply to the caller, by name or by group.
    Own,
}

/// The conditions of a list of rules; all must hold.
#[derive(Debug, Clone, Default)]
pub struct ListFilter {
    /// The subject's kind.
    pub subject_kind: Option<SubjectKind>,
    /// One of these subjects: names, or ids of users and service accounts.
    pub subjects: Option<Vec<String>>,
    /// The role with this number, existing or not.
    pub role: Option<RoleId>,
    /// A scope of this level.
    pub scope_kind: Option<ScopeKind>,
    /// The scope with this id.
    pub scope_id: Option<String>,
    /// In this cluster or below it.
    pub cluster: Option<ClusterId>,
    /// Changed at or after this time.
    pub last_updated: Option<Timestamp>,
    /// Whether deleted rules are included.
    pub include_deleted: bool,
    /// Conditions of the filter.
    pub filter: Filter,
    /// A text in the names of the subject, the role or the scope.
    pub search: Option<String>,
}

/// A page of the rules that the caller sees, or of their own, with the total.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    call: &Call,
    whose: Whose,
    filter: ListFilter,
    sort: Sort,
    page: Page,
) -> Result<(Vec<RuleRecord>, u64)> {
    call.app.store.rules(&query(call, whose, filter, sort, page)?).await
}

/// All matching rules that the caller sees, from one snapshot.
///
/// # Errors
/// `Overloaded` when the caller has an export in progress, or too many run.
pub async fn export(call: &Call, filter: ListFilter, sort: Sort) -> Result<Export<RuleRecord>> {
    let query = query(call, Whose::Everybodys, filter, sort, WHOLE)?;
    let under_way = call.app.exports.begin(&call.actor)?;
    Ok(Export::stored(call, call.app.store.all_rules(&query, Box::new(under_way)).await?))
}

/// The number of matching rules that the caller sees, or of their own.
///
/// # Errors
/// When the database does not answer.
pub async fn count(call: &Call, whose: Whose, filter: ListFilter) -> Result<u64> {
    call.app.store.count_rules(&query(call, whose, filter, Sort::default(), WHOLE)?).await
}

/// One rule, with the names from the account down to its scope.
///
/// # Errors
/// `NotFound` when it does not exist, or not for the caller.
pub async fn get(call: &Call, id: RuleId) -> Result<(RuleRecord, Option<String>)> {
    let caller = call.principal()?;
    let rule = call.app.store.rule(&visible(call, Whose::Everybodys)?, id).await?;
    let rule = rule.ok_or_else(|| caller.no_rule(id))?;
    let path = call.world.path_of(rule.scope);
    Ok((rule, path))
}

/// The caller's visibility, resolved once.
///
/// # Errors
/// `Unauthenticated` when the caller no longer exists.
pub(in crate::app) fn visible(call: &Call, whose: Whose) -> Result<Visibility> {
    Ok(visible_to(&call.principal()?, whose))
}

/// The visibility of a principal.
pub(in crate::app) fn visible_to(principal: &Principal<'_>, whose: Whose) -> Visibility {
    let subtrees = match whose {
        Whose::Everybodys => principal.visible_rules(),
        Whose::Own => Subtrees::NOTHING,
    };
    Visibility { own: principal.subjects().collect(), subtrees }
}

fn query(call: &Call, whose: Whose, filter: ListFilter, sort: Sort, page: Page) -> Result<RuleQuery> {
    let principal = call.principal()?;
    let kind = filter.subject_kind;
    let names = |texts: Vec<String>| texts.iter().flat_map(|text| subject::names(&principal, kind, text)).collect();
    Ok(RuleQuery {
        visible: visible(call, whose)?,
        subject_type: kind,
        subjects: filter.subjects.map(names),
        role: filter.role,
        scope_kind: filter.scope_kind,
        scope_id: filter.scope_id,
        cluster: filter.cluster,
        last_updated: filter.last_updated,
        include_deleted: filter.include_deleted,
        filter: filter.filter,
        search: filter.search,
        sort,
        page,
    })
}
