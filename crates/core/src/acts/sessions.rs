//! Acts that end sessions.

use super::users::over_user;
use super::{Act, EndedSessions, Entity, EntityKind};
use crate::access::{Actor, Principal};
use crate::catalogue::Action;
use crate::error::Result;
use crate::identity::{SessionId, Subject, UserId};
use crate::world::{Change, World};

/// End all sessions of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogOutUser(pub UserId);

/// End the caller's session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignOut;

/// End sessions of one owner: one is no longer trusted, since a refresh token was used twice or too many wrong passwords were
/// submitted; or their identity provider says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndSessions {
    /// The sessions.
    pub sessions: Vec<SessionId>,
    /// Their owner.
    pub subject: Subject,
}

impl Act for LogOutUser {
    const ACTION: &'static str = "sign-out";
    type New = ();

    fn by_caller(&self, caller: &Principal<'_>, _: &Actor) -> Result<Entity> {
        over_user(caller, self.0, Action::Update)
    }

    fn effects(&self, _: &World, _: &Actor, (): ()) -> Vec<Change> {
        Vec::new()
    }

    fn ends_sessions(&self, _: &Actor, _: &[Change]) -> Option<EndedSessions> {
        EndedSessions::of_user(self.0)
    }
}

impl Act for SignOut {
    const ACTION: &'static str = "sign-out";
    const WITH_TEMPORARY_PASSWORD: bool = true;
    type New = ();

    fn by_caller(&self, _: &Principal<'_>, actor: &Actor) -> Result<Entity> {
        let id = actor.session().map(|session| session.to_string()).unwrap_or_default();
        Ok(Entity { kind: EntityKind::Session, name: actor.name().to_owned(), id })
    }

    fn effects(&self, _: &World, _: &Actor, (): ()) -> Vec<Change> {
        Vec::new()
    }

    fn ends_sessions(&self, actor: &Actor, _: &[Change]) -> Option<EndedSessions> {
        actor.session().map(|own| EndedSessions::These(vec![own]))
    }
}

impl Act for EndSessions {
    const ACTION: &'static str = "sign-out";
    type New = ();

    fn by_rolecall(&self, _: &World) -> Result<Entity> {
        let Self { sessions, subject } = self;
        let id = match sessions.as_slice() {
            [only] => only.to_string(),
            several => format!("{} sessions", several.len()),
        };
        Ok(Entity { kind: EntityKind::Session, name: subject.to_string(), id })
    }

    fn effects(&self, _: &World, _: &Actor, (): ()) -> Vec<Change> {
        Vec::new()
    }

    fn ends_sessions(&self, _: &Actor, _: &[Change]) -> Option<EndedSessions> {
        Some(EndedSessions::These(self.sessions.clone()))
    }
}
