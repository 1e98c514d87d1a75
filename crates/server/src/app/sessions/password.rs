//! Signs in with a password.

use rolecall_core::access::Actor;
use rolecall_core::identity::{Credential, Email, SessionId};
use rolecall_core::{Error, ErrorKind, Result, Timestamp};
use rolecall_signin::password::hash::{Matched, PasswordHash};
use rolecall_signin::secret::Secret;
use rolecall_store::{NewSession, SessionOwner, SignInAudit, UserCredentials};

use super::issue::{self, Tokens};
use crate::app::{App, RequestInfo};

/// A user with a verified password, before a session is open.
pub(super) struct Verified {
    pub user: UserCredentials,
    /// The stored hash that the password matched.
    pub hash: String,
    /// The same password hashed again, where the stored hash has old parameters.
    pub rehashed: Option<String>,
    /// When it was verified.
    pub at: Timestamp,
}

/// Signs a user in for a client: an access token and a refresh token.
///
/// # Errors
/// `Unauthenticated`, with the same message for an unknown user and a wrong password; `Overloaded` or `TooMany` when
/// the server is too busy.
pub async fn open_for_client(app: &App, request: &RequestInfo, username: &str, password: &Secret) -> Result<Tokens> {
    let verified = verify(app, request, username, password, None).await?;
    let (refresh, new_refresh) = issue::new_refresh(app, session_end(app, &verified))?;
    let session = open(app, request, &verified, None, Some(new_refresh)).await?;
    let actor = Actor::User { email: verified.user.email.clone(), id: verified.user.id, session };
    issue::tokens(app, &actor, Some(refresh), session_end(app, &verified), verified.at)
}

/// When a session with this password ends at the latest: sessions end with a temporary password.
pub(super) fn session_end(app: &App, verified: &Verified) -> Timestamp {
    let end = verified.at.plus(app.lifetimes.session);
    verified.user.password_expires_at.map_or(end, |lapses| end.min(lapses))
}

/// Verifies a password, with the same cost and answer whether the user exists or not. With a device proof of the user,
/// failures of the name do not count; those of the address always do.
pub(super) async fn verify(
    app: &App,
    request: &RequestInfo,
    username: &str,
    password: &Secret,
    device_proof: Option<&str>,
) -> Result<Verified> {
    app.engine.known()?;
    let email = Email::known("username", username).ok();
    // INVARIANT: guesses count by the stored form of the name. UTS 46 maps many spellings of a domain to one, and each
    // would otherwise be throttled separately.
    let kept = email.as_ref().map_or(username, Email::as_str);
    let known_browser = match (&email, device_proof) {
        (Some(email), Some(proof)) => {
            let user = app.store.user_for_sign_in(email).await?;
            user.is_some_and(|user| app.guard.knows_device(&user, proof, app.clock.now()))
        }
        _ => false,
    };
    let name = (!known_browser).then_some(kept);
    let place = app.guard.admit(name, request.source_ip, app.clock.now()).await?;
    // Read after the wait: the password may have changed meanwhile.
    let user = match &email {
        Some(email) => app.store.user_for_sign_in(email).await?,
        None => None,
    };
    let stored = user.as_ref().and_then(|user| user.password_hash.clone());
    let matched = app.hashing.verify(password, stored.as_deref(), place.lane()).await?;
    drop(place);
    let right = matched != Matched::No;
    let at = app.clock.now();
    match (user, stored) {
        (Some(user), Some(hash)) if right && user.enabled && user.credential != Credential::External => {
            if user.password_expires_at.is_some_and(|lapses| lapses <= at) {
                note_failure(app, request, username, email.as_ref(), at).await?;
                return Err(Error::unauthenticated(
                    "this temporary password has expired; ask an administrator for a new one",
                )
                .with_reason("password-lapsed"));
            }
            app.guard.succeeded(kept);
            let old = matched == Matched::AsTyped || PasswordHash::parse(&hash).is_ok_and(|hash| hash.needs_rehash());
            let rehashed = if old { Some(app.hashing.hash(password, app.random.bytes()?).await?) } else { None };
            Ok(Verified { user, hash, rehashed, at })
        }
        _ => {
            app.guard.failed(Some(kept), request.source_ip, at);
            note_failure(app, request, username, email.as_ref(), at).await?;
            Err(wrong())
        }
    }
}

/// Opens the session of a verified user.
pub(super) async fn open(
    app: &App,
    request: &RequestInfo,
    verified: &Verified,
    secret_hash: Option<[u8; 32]>,
    refresh: Option<rolecall_store::NewRefresh>,
) -> Result<SessionId> {
    let id = SessionId::new(app.random.uuid()?);
    let new = NewSession {
        id,
        who: SessionOwner::User {
            id: verified.user.id,
            password_hash: verified.hash.clone(),
            rehashed: verified.rehashed.clone(),
        },
        secret_hash,
        refresh,
        expires_at: session_end(app, verified),
        tokens_until: verified.at.plus(app.lifetimes.access_token),
        at: verified.at,
    };
    let audit = audit(app, request, verified.user.email.as_str(), "user", verified.at)?;
    // False: the password was changed, or the user disabled or deleted, after the verification.
    if !app.store.open_session(new, audit).await? {
        return Err(wrong());
    }
    app.newest_session.opened(id);
    // The user may have been created on another replica a moment ago.
    app.engine.catch_up(&app.store, verified.at).await?;
    Ok(id)
}

fn wrong() -> Error {
    Error::unauthenticated("incorrect email or password").with_reason("wrong-credentials")
}

async fn note_failure(
    app: &App,
    request: &RequestInfo,
    username: &str,
    email: Option<&Email>,
    at: Timestamp,
) -> Result<()> {
    // Text that is not an email may be a password in the wrong field, or bytes that do not belong in a log.
    let subject = email.map_or("(not an email)", Email::as_str);
    tracing::info!(subject, known_length = username.len(), "sign-in failed");
    let refused = request.refused(ErrorKind::Unauthenticated);
    app.store.note_failed_sign_in(audit(app, &refused, subject, "user", at)?).await
}

/// The audit row of a sign-in, with the status of the response if the request succeeds.
pub(in crate::app) fn audit(
    app: &App,
    request: &RequestInfo,
    subject: &str,
    subject_type: &'static str,
    at: Timestamp,
) -> Result<SignInAudit> {
    Ok(SignInAudit {
        subject: subject.to_owned(),
        subject_type: subject_type.to_owned(),
        source_ip: request.source_ip.to_string(),
        method: request.method.clone(),
        url: request.url.clone(),
        request_id: request.id.clone(),
        audit_id: app.random.uuid()?,
        status: request.success,
        at,
    })
}
