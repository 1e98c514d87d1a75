//! Reading access rules. Everybody sees his own, and those where he may read access rules.

use rolecall_core::access::{Principal, Reach, RuleId};
use rolecall_core::catalogue::{Action, Permission, ResourceType, RoleId};
use rolecall_core::filter::Filter;
use rolecall_core::identity::SubjectKind;
use rolecall_core::org::{ClusterId, ScopeKind};
use rolecall_core::{Error, Result, Timestamp};
use rolecall_store::{Page, RuleQuery, RuleRecord, Sort, Visible};

use super::subject;
use crate::app::Call;
use crate::app::exports::Export;

/// The page of what is not paged.
const WHOLE: Page = Page { offset: 0, limit: 0 };

const READ: Permission = Permission::new(ResourceType::AccessRules, Action::Read);

/// Whose rules are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// All that the caller sees.
    Everybodys,
    /// Those that hold for the caller, by name or by group, and no others.
    Own,
}

/// Which rules a list is narrowed to. All that is given must hold.
#[derive(Debug, Clone, Default)]
pub struct Narrowing {
    /// About this kind of subject.
    pub subject_kind: Option<SubjectKind>,
    /// About one of these: names, or ids of users and service accounts.
    pub subjects: Option<Vec<String>>,
    /// Giving the role of this number, whether there is one or not.
    pub role: Option<RoleId>,
    /// In a scope of this level.
    pub scope_kind: Option<ScopeKind>,
    /// In the scope with this id.
    pub scope_id: Option<String>,
    /// In this cluster or below it.
    pub cluster: Option<ClusterId>,
    /// Changed since.
    pub last_updated: Option<Timestamp>,
    /// With those that were deleted.
    pub include_deleted: bool,
    /// Under these conditions.
    pub filter: Filter,
    /// With this text in the subject, the role's name or the scope's.
    pub search: Option<String>,
}

/// A page of the rules that the caller sees, or of his own, and how many match in all.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    call: &Call,
    whose: Whose,
    narrowing: Narrowing,
    sort: Sort,
    page: Page,
) -> Result<(Vec<RuleRecord>, u64)> {
    call.app.store.rules(&query(call, whose, narrowing, sort, page)?).await
}

/// All rules that the caller sees and that match, as they are now.
///
/// # Errors
/// Overloaded when he exports something already, or too many do.
pub async fn export(call: &Call, narrowing: Narrowing, sort: Sort) -> Result<Export<RuleRecord>> {
    let query = query(call, Whose::Everybodys, narrowing, sort, WHOLE)?;
    let under_way = call.app.exports.begin(&call.actor)?;
    Ok(Export::new(call, call.app.store.all_rules(&query, Box::new(under_way)).await?))
}

/// How many of the rules that the caller sees, or of his own, match.
///
/// # Errors
/// When the database does not answer.
pub async fn count(call: &Call, whose: Whose, narrowing: Narrowing) -> Result<u64> {
    call.app.store.count_rules(&query(call, whose, narrowing, Sort::default(), WHOLE)?).await
}

/// One rule, with the names from the account down to its scope.
///
/// # Errors
/// Not found when there is none, or not for the caller.
pub async fn get(call: &Call, id: RuleId) -> Result<(RuleRecord, Option<String>)> {
    let unknown = || Error::not_found(format!("there is no access rule {id}"));
    let rule = call.app.store.rule(&visible(call, Whose::Everybodys)?, id).await?.ok_or_else(unknown)?;
    let path = call.world.path_of(rule.scope);
    Ok((rule, path))
}

/// What the caller sees, resolved once.
///
/// # Errors
/// Unauthenticated when he is gone by now.
pub(in crate::app) fn visible(call: &Call, whose: Whose) -> Result<Visible> {
    Ok(visible_to(&call.principal()?, whose))
}

/// What somebody sees.
pub(in crate::app) fn visible_to(principal: &Principal<'_>, whose: Whose) -> Visible {
    let reach = match whose {
        Whose::Everybodys => principal.reach(READ),
        Whose::Own => Reach::NOTHING,
    };
    Visible { own: principal.subjects().collect(), reach }
}

fn query(call: &Call, whose: Whose, narrowing: Narrowing, sort: Sort, page: Page) -> Result<RuleQuery> {
    let principal = call.principal()?;
    let kind = narrowing.subject_kind;
    let names = |texts: Vec<String>| texts.iter().flat_map(|text| subject::names(&principal, kind, text)).collect();
    Ok(RuleQuery {
        visible: visible(call, whose)?,
        subject_type: kind,
        subjects: narrowing.subjects.map(names),
        role: narrowing.role,
        scope_kind: narrowing.scope_kind,
        scope_id: narrowing.scope_id,
        cluster: narrowing.cluster,
        last_updated: narrowing.last_updated,
        include_deleted: narrowing.include_deleted,
        filter: narrowing.filter,
        search: narrowing.search,
        sort,
        page,
    })
}
