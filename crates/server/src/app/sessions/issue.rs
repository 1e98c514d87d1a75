//! Issues tokens.

use std::time::Duration;

use rolecall_core::access::Actor;
use rolecall_core::{Error, Result, Timestamp};
use rolecall_signin::opaque::{OpaqueSecret, SecretKind};
use rolecall_signin::secret::Secret;
use rolecall_signin::time::UnixSeconds;
use rolecall_signin::token::signing::SignError;
use rolecall_signin::token::{AccessClaims, PrincipalKind, Purpose};
use rolecall_store::NewRefresh;

use crate::app::App;

/// The tokens of a sign-in.
#[derive(Debug)]
pub struct Tokens {
    /// The access token: a JWT.
    pub access: Secret,
    /// Its lifetime.
    pub expires_in: Duration,
    /// The refresh token, for users.
    pub refresh: Option<OpaqueSecret>,
}

/// A new refresh token, and its stored form.
pub(super) fn new_refresh(app: &App, expires_at: Timestamp) -> Result<(OpaqueSecret, NewRefresh)> {
    let secret = OpaqueSecret::new(SecretKind::Refresh, &app.random.bytes()?);
    let record = NewRefresh { hash: *secret.hash().as_bytes(), expires_at };
    Ok((secret, record))
}

/// Signs an access token for an open session. It never outlives its session.
pub(super) fn tokens(
    app: &App,
    actor: &Actor,
    refresh: Option<OpaqueSecret>,
    session_end: Timestamp,
    now: Timestamp,
) -> Result<Tokens> {
    let (subject, identity, session, kind) = match actor {
        Actor::User { email, id, session } => (email.to_string(), id.uuid(), session, PrincipalKind::User),
        Actor::ServiceAccount { client_id, id, session } => {
            (client_id.to_string(), id.uuid(), session, PrincipalKind::ServiceAccount)
        }
        Actor::Host | Actor::Rolecall => return Err(Error::internal("only identities have tokens")),
    };
    let world = app.engine.current(now)?;
    // INVARIANT: only this function chooses the purpose of a token. Relying parties know nothing of temporary
    // passwords, so until such a password is changed no token has an audience or group that they know.
    let purpose = if world.principal(actor)?.must_change_password() { Purpose::PasswordChange } else { Purpose::Api };
    let groups = match actor {
        Actor::User { email, .. } if purpose == Purpose::Api => world.user(email).map(|user| user.groups.clone()),
        _ => None,
    };
    let expires_at = now.plus(app.lifetimes.access_token).min(session_end);
    let mut claims = AccessClaims {
        purpose,
        issuer: app.public_url.to_string(),
        subject,
        issued_at: UnixSeconds(now.seconds()),
        expires_at: UnixSeconds(expires_at.seconds()),
        session: session.uuid(),
        identity,
        kind,
        groups: groups.iter().flat_map(|groups| groups.iter()).map(ToString::to_string).collect(),
    };
    let keys = app.token_keys.current();
    let access = match keys.signing().sign(&claims) {
        // A user in thousands of groups still signs in. The groups count here all the same: the world has them. Only
        // relying parties that read groups from the token miss them.
        Err(SignError::TooLong { .. }) if !claims.groups.is_empty() => {
            tracing::warn!(
                subject = claims.subject,
                groups = claims.groups.len(),
                "too many groups for a token; it carries none"
            );
            claims.groups.clear();
            keys.signing().sign(&claims)
        }
        signed => signed,
    };
    Ok(Tokens { access: access.map_err(Error::internal)?, expires_in: expires_at.since(now), refresh })
}
