//! Lets a person in: changes the world where it does not know them as described, and opens their session.

use std::sync::Arc;

use rolecall_core::access::Actor;
use rolecall_core::acts::{Admission, AdmitNewcomer, AdmitUser};
use rolecall_core::identity::{PersonName, PersonNames, SessionId, UserId};
use rolecall_core::{Result, World};
use rolecall_signin::opaque::{OpaqueSecret, SecretKind};
use rolecall_store::{NewSession, SessionOwner};

use super::Failure;
use super::progress::Progress;
use super::provider_session::There;
use crate::app::sessions::{BrowserSession, audit};
use crate::app::{App, OpenChange, RequestInfo};

/// Opens the session of a person.
///
/// # Errors
/// When they may not come in, or the database does not answer.
pub(super) async fn open(
    app: &Arc<App>,
    request: &RequestInfo,
    admission: Admission,
    there: There,
    progress: &Progress,
) -> Result<BrowserSession, Failure> {
    let known = as_described(&*app.engine.current(app.clock.now())?, &admission)?;
    let id = match known {
        Some(id) => id,
        None => change(app, request, &admission, names(progress)).await?,
    };
    let world = app.engine.current(app.clock.now())?;
    let user = world.user_by_id(id);
    let email = user.ok_or_else(|| Failure::new("user-gone", "the user was deleted during the sign-in"))?.email.clone();

    let now = app.clock.now();
    let session = SessionId::new(app.random.uuid()?);
    let secret = OpaqueSecret::new(SecretKind::Session, &app.random.bytes()?);
    let longest = now.plus(app.lifetimes.session);
    let expires_at = there.until.map_or(longest, |until| until.min(longest));
    let new = NewSession {
        id: session,
        who: SessionOwner::Described {
            id,
            binding: admission.binding,
            changed: admission.changed,
            groups: admission.groups,
            claims: progress.tried.as_ref().map(ToString::to_string).unwrap_or_default(),
            there: there.seal(app, session)?,
        },
        secret_hash: Some(*secret.hash().as_bytes()),
        refresh: None,
        expires_at,
        tokens_until: now.plus(app.lifetimes.access_token),
        at: now,
    };
    if !app.store.open_session(new, audit(app, request, email.as_str(), "user", now)?).await? {
        let detail = "the user or the identity provider was disabled, deleted or changed during the sign-in";
        return Err(Failure::new("changed-meanwhile", detail));
    }
    app.newest_session.opened(session);
    Ok(BrowserSession { secret, device_proof: None, actor: Actor::User { email, id, session }, expires_at })
}

/// The user who is known exactly as described.
fn as_described(world: &World, admission: &Admission) -> Result<Option<UserId>> {
    let Some(user) = world.described_user(admission)? else { return Ok(None) };
    let there = Some(&admission.email).filter(|email| **email != user.email);
    let same_groups = admission.groups.as_ref().is_none_or(|groups| *groups == user.groups);
    let same = user.binding.as_ref() == Some(&admission.binding) && user.email_there.as_ref() == there && same_groups;
    Ok(same.then_some(user.id))
}

/// What the provider calls the person. A name that cannot be shown stops no sign-in.
fn names(progress: &Progress) -> PersonNames {
    let name = |text: &Option<String>| text.as_deref().and_then(|text| PersonName::parse("name", text).ok().flatten());
    PersonNames { first: name(&progress.reading.first_name), last: name(&progress.reading.last_name) }
}

/// Creates the user, or binds them and sets their groups: a revision of its own.
async fn change(app: &Arc<App>, request: &RequestInfo, admission: &Admission, names: PersonNames) -> Result<UserId> {
    let mut change = OpenChange::open(app.clone(), Actor::Rolecall, request.clone()).await?;
    // Another sign-in of the same person may have come first.
    let changed = if change.tx.world().described_user(admission)?.is_none() {
        let permit = change.authorize(AdmitNewcomer(admission.clone())).await?;
        let id = UserId::new(app.random.uuid()?);
        change.tx.admit_newcomer(&permit, id, names).await?;
        change.commit(permit, id).await?
    } else {
        let permit = change.authorize(AdmitUser(admission.clone())).await?;
        let id = change.tx.admit_user(&permit).await?;
        change.commit(permit, id).await?
    };
    Ok(changed.value)
}
