//! Reading users. Whoever may read them in any scope may read them all, since administrators pick from them. What is asked
//! of their rules is answered from the rules that the caller sees.

use rolecall_core::catalogue::{Action, Permission, ResourceType};
use rolecall_core::filter::Filter;
use rolecall_core::identity::UserId;
use rolecall_core::org::Scope;
use rolecall_core::{Error, Result};
use rolecall_store::{AccessIn, HeldRules, Page, Sort, UserQuery, UserRecord};

use crate::app::exports::Export;
use crate::app::{Call, rules};

/// The page of what is not paged.
const WHOLE: Page = Page { offset: 0, limit: 0 };

const READ: Permission = Permission::new(ResourceType::Users, Action::Read);

/// Which users a list is narrowed to. All that is given must hold.
#[derive(Debug, Clone, Default)]
pub struct Narrowing {
    /// Under these conditions.
    pub filter: Filter,
    /// With access in these scopes, or without where it says `false`.
    pub access_in: Vec<(Scope, bool)>,
    /// With this text in the name.
    pub search: Option<String>,
}

/// A page of users.
///
/// # Errors
/// Forbidden for whoever may read users nowhere.
pub async fn list(call: &Call, narrowing: Narrowing, sort: Sort, page: Page) -> Result<Vec<UserRecord>> {
    call.app.store.users(&query(call, narrowing, sort, page)?).await
}

/// All users that match, as they are now, with how many of the rules that the caller sees each holds.
///
/// # Errors
/// Forbidden for whoever may read users nowhere; overloaded when he exports something already, or too many do.
pub async fn export(call: &Call, narrowing: Narrowing, sort: Sort) -> Result<Export<(UserRecord, u64)>> {
    let query = query(call, narrowing, sort, WHOLE)?;
    let under_way = call.app.exports.begin(&call.actor)?;
    Ok(Export::new(call, call.app.store.all_users(&query, Box::new(under_way)).await?))
}

/// How many users match.
///
/// # Errors
/// Forbidden for whoever may read users nowhere.
pub async fn count(call: &Call, narrowing: Narrowing) -> Result<u64> {
    call.app.store.count_users(&query(call, narrowing, Sort::default(), WHOLE)?).await
}

/// One user.
///
/// # Errors
/// Not found when there is none, or not for the caller.
pub async fn get(call: &Call, id: UserId) -> Result<UserRecord> {
    let unknown = || Error::not_found(format!("there is no user with the id {id}"));
    if !call.principal()?.may_somewhere(READ) {
        return Err(unknown());
    }
    call.app.store.user(id).await?.ok_or_else(unknown)
}

/// The rules that these users hold and the caller sees. Who is not there is left out, since he may have been deleted after
/// the caller listed him.
///
/// # Errors
/// Forbidden for whoever may read users nowhere.
pub async fn held_rules(call: &Call, users: &[UserId]) -> Result<Vec<HeldRules>> {
    call.principal()?.ensure_may_somewhere(READ)?;
    call.app.store.held_rules(&rules::visible(call, rules::Whose::Everybodys)?, users).await
}

fn query(call: &Call, narrowing: Narrowing, sort: Sort, page: Page) -> Result<UserQuery> {
    let principal = call.principal()?;
    principal.ensure_may_somewhere(READ)?;
    // A scope that he does not see is one that there is not: nobody has access there.
    let seen = |scope| principal.sight(scope).and_then(|_| call.world.lineage(scope));
    let access_in = narrowing.access_in.iter().map(|(scope, wanted)| AccessIn { place: seen(*scope), wanted: *wanted });
    Ok(UserQuery {
        visible: rules::visible(call, rules::Whose::Everybodys)?,
        filter: narrowing.filter,
        access_in: access_in.collect(),
        search: narrowing.search,
        sort,
        page,
    })
}
