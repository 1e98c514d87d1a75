//! How far a provider's word about groups is believed. No word never means no groups, the groups of many people do not vanish
//! at once, and a word that is too old stops counting.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rolecall_core::access::Actor;
use rolecall_core::acts::{Admission, ForgetGroups};
use rolecall_core::identity::{Provider, UserId};
use rolecall_core::{ErrorKind, Result};
use rolecall_signin::mapping::{Groups, NoGroups};

use super::Failure;
use super::claim_settings::Terms;
use super::person::Reading;
use super::progress::Progress;
use crate::app::identity_providers::GroupsAbsent;
use crate::app::{App, OpenChange, RequestInfo};

/// From that many people of one provider on who lose all their groups within [`SHORT`], they keep theirs.
const MANY: u64 = 5;
const SHORT: Duration = Duration::from_secs(60 * 60);
/// Maximum users whose groups are forgotten in one round; the next round continues.
const AT_ONCE: i64 = 500;

/// The names that the provider says; `None` when it does not say, and that is no reason to refuse the person.
pub(super) fn said(groups: Groups, terms: &Terms, reading: &mut Reading) -> Result<Option<Vec<String>>, Failure> {
    match (groups, terms.groups_absent) {
        (Groups::Present(names), _) => Ok(Some(names)),
        // An administrator says that this provider leaves empty lists out.
        (Groups::Absent { why: NoGroups::Missing { .. } }, GroupsAbsent::None) => Ok(Some(Vec::new())),
        // INVARIANT: otherwise no word about groups is not the word that there are none.
        (Groups::Absent { why }, GroupsAbsent::Refuse | GroupsAbsent::None) => Err(Failure::new("groups-absent", why)),
        (Groups::Absent { why }, GroupsAbsent::Keep) => {
            reading.warnings.push(format!("the known groups stay: {why}"));
            Ok(None)
        }
    }
}

/// The same person, who keeps their groups if those of many people vanish at once: then the provider is probably set up
/// wrongly, or half away.
pub(super) async fn unless_many_vanish(
    app: &App,
    provider: &Provider,
    admission: Admission,
    progress: &mut Progress,
) -> Result<Admission> {
    let now = app.clock.now();
    let world = app.engine.current(now)?;
    let says_none = admission.groups.as_ref().is_some_and(|groups| groups.is_empty());
    // Who may not come in does not count.
    world.described_user(&admission)?;
    let Some(user) = world.user_bound_to(&admission.binding).filter(|user| says_none && !user.groups.is_empty()) else {
        return Ok(admission);
    };
    let vanished = app.store.note_vanished_groups(provider, user.id, now.minus(SHORT), now).await?;
    if vanished < MANY {
        return Ok(admission);
    }
    app.sso.held_groups.fetch_add(1, Ordering::Relaxed);
    tracing::error!(
        provider = %provider.alias,
        user = %user.email,
        "the provider says of {vanished} people within an hour that they are in no group any more; this one keeps the known \
         groups. Look at the provider's settings; if they are right, save them again, and its word counts"
    );
    progress.reading.warnings.push(
        "the known groups stay: within an hour the provider said of many people that they are in none any more"
            .to_owned(),
    );
    Ok(Admission { groups: None, ..admission })
}

/// Whether people keep their groups at the moment because those of many vanished.
///
/// # Errors
/// When the database does not answer.
pub async fn are_held(app: &App, provider: &Provider) -> Result<bool> {
    Ok(app.store.vanished_groups(provider, app.clock.now().minus(SHORT)).await? >= MANY)
}

/// Forgets the groups of users about whom their provider has said nothing for too long. Returns how many.
///
/// # Errors
/// When the database does not answer; some may have been forgotten by then.
pub async fn forget_old(app: &Arc<App>) -> Result<usize> {
    let before = app.clock.now().minus(app.lifetimes.groups);
    let mut forgotten = 0;
    for user in app.store.users_with_old_groups(before, AT_ONCE).await? {
        forgotten += usize::from(forget(app, user).await?);
    }
    Ok(forgotten)
}

async fn forget(app: &Arc<App>, user: UserId) -> Result<bool> {
    let request = RequestInfo::of_job("groups-lifetime", app.random.uuid()?.to_string());
    let mut change = OpenChange::open(app.clone(), Actor::Rolecall, request).await?;
    let permit = match change.authorize(ForgetGroups(user)).await {
        Ok(permit) => permit,
        // Deleted meanwhile.
        Err(error) if error.kind == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let before = change.tx.now().minus(app.lifetimes.groups);
    if !change.tx.forget_groups(&permit, before).await? {
        return Ok(false);
    }
    change.commit(permit, ()).await?;
    Ok(true)
}
