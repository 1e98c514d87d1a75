//! Reads users. A caller who may read them in any scope may read all of them, since administrators pick from them.
//! Conditions on their rules use the rules that the caller sees.

use rolecall_core::Result;
use rolecall_core::access::Directory;
use rolecall_core::filter::Filter;
use rolecall_core::identity::UserId;
use rolecall_core::org::Scope;
use rolecall_store::{AccessIn, HeldRules, Page, Sort, UserQuery, UserRecord};

use crate::app::exports::Export;
use crate::app::{Call, rules};

/// The page of a list without pages.
const WHOLE: Page = Page { offset: 0, limit: 0 };

/// The conditions of a list of users; all must hold.
#[derive(Debug, Clone, Default)]
pub struct ListFilter {
    /// Conditions of the filter.
    pub filter: Filter,
    /// With access in these scopes, or without it for `false`.
    pub access_in: Vec<(Scope, bool)>,
    /// A text in the name.
    pub search: Option<String>,
}

/// A page of users.
///
/// # Errors
/// `Forbidden` for a caller who may read users in no scope.
pub async fn list(call: &Call, filter: ListFilter, sort: Sort, page: Page) -> Result<Vec<UserRecord>> {
    call.app.store.users(&query(call, filter, sort, page)?).await
}

/// All matching users, from one snapshot, each with the number of rules that the caller sees.
///
/// # Errors
/// `Forbidden` for a caller who may read users in no scope; `Overloaded` when the caller has an export in progress, or
/// too many run.
pub async fn export(call: &Call, filter: ListFilter, sort: Sort) -> Result<Export<(UserRecord, u64)>> {
    let query = query(call, filter, sort, WHOLE)?;
    let under_way = call.app.exports.begin(&call.actor)?;
    Ok(Export::stored(call, call.app.store.all_users(&query, Box::new(under_way)).await?))
}

/// Whether the caller sees the access rules of everybody.
///
/// # Errors
/// When the caller is gone.
pub fn sees_all_rules(call: &Call) -> Result<bool> {
    Ok(call.principal()?.reads_rules_in(Scope::Account))
}

/// The number of matching users.
///
/// # Errors
/// `Forbidden` for a caller who may read users in no scope.
pub async fn count(call: &Call, filter: ListFilter) -> Result<u64> {
    call.app.store.count_users(&query(call, filter, Sort::default(), WHOLE)?).await
}

/// One user.
///
/// # Errors
/// `NotFound` when they do not exist, or not for the caller.
pub async fn get(call: &Call, id: UserId) -> Result<UserRecord> {
    let caller = call.principal()?;
    let unknown = || caller.no_user(id);
    if !caller.reads(Directory::Users) {
        return Err(unknown());
    }
    call.app.store.user(id).await?.ok_or_else(unknown)
}

/// The rules of these users that the caller sees. Missing users are left out, since they may have been deleted after
/// the caller listed them.
///
/// # Errors
/// `Forbidden` for a caller who may read users in no scope.
pub async fn held_rules(call: &Call, users: &[UserId]) -> Result<Vec<HeldRules>> {
    call.principal()?.ensure_reads(Directory::Users)?;
    call.app.store.held_rules(&rules::visible(call, rules::Whose::Everybodys)?, users).await
}

/// Refuses a caller who may read users in no scope.
pub(super) fn ensure_may_read(call: &Call) -> Result<()> {
    call.principal()?.ensure_reads(Directory::Users)
}

fn query(call: &Call, filter: ListFilter, sort: Sort, page: Page) -> Result<UserQuery> {
    let principal = call.principal()?;
    principal.ensure_reads(Directory::Users)?;
    // A scope that the caller does not see counts as missing: no user has access there.
    let seen = |scope| principal.sight(scope).and_then(|_| call.world.scope_path(scope));
    let access_in = filter.access_in.iter().map(|(scope, wanted)| AccessIn { path: seen(*scope), wanted: *wanted });
    Ok(UserQuery {
        visible: rules::visible(call, rules::Whose::Everybodys)?,
        filter: filter.filter,
        access_in: access_in.collect(),
        search: filter.search,
        sort,
        page,
    })
}
