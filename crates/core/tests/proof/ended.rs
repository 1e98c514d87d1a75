//! The sessions that end with an act, compared with what the act leaves: an identity that is gone, disabled, renamed or no longer
//! bound keeps no session, and nobody else loses one but by an act that says so.

use rolecall_core::access::Actor;
use rolecall_core::acts::{
    AnyAct, DeleteProvider, DisableServiceAccount, DisableUser, EndSessions, EndedSessions, LogOutUser, RecoverAccess,
    RenewSecret, ResetPassword, UnbindUsers, UpdateProvider,
};
use rolecall_core::identity::{ServiceAccount, User};
use rolecall_core::verify::Facts;

/// Refuses an act that ends other sessions than it must.
pub fn ensure_sessions_end(ended: Option<&EndedSessions>, before: &Facts, after: &Facts, actor: &Actor, act: &AnyAct) {
    for user in &before.users {
        let must = is_no_longer(user, after) || ends_all_of(act, actor, user);
        let does = match ended {
            Some(EndedSessions::OfUsers(users)) => users.contains(&user.id),
            Some(EndedSessions::OthersOf(id, spared)) => *id == user.id && Some(*spared) == actor.session(),
            _ => false,
        };
        assert_eq!(does, must, "the sessions of {}: {act:?} by {actor:?}", user.email);
    }
    for machine in &before.machines {
        let must = is_off(machine, after) || ends_all_of_machine(act, machine);
        let does = matches!(ended, Some(EndedSessions::OfServiceAccount(id)) if *id == machine.id);
        assert_eq!(does, must, "the sessions of {}: {act:?} by {actor:?}", machine.name);
    }
    for provider in &before.providers {
        let left = after.providers.iter().find(|it| it.id == provider.id);
        let must = match act {
            AnyAct::UpdateProvider(UpdateProvider(id)) => *id == provider.id && left.is_some_and(|left| !left.enabled),
            AnyAct::DeleteProvider(DeleteProvider(id)) => *id == provider.id,
            _ => false,
        };
        let does = matches!(ended, Some(EndedSessions::OfProvider(id)) if *id == provider.id);
        assert_eq!(does, must, "the sessions of {}: {act:?} by {actor:?}", provider.alias);
    }
    let these = match act {
        AnyAct::SignOut(_) => actor.session().map(|own| vec![own]),
        AnyAct::EndSessions(EndSessions { sessions, .. }) => Some(sessions.clone()),
        _ => None,
    };
    assert_eq!(these.is_some(), matches!(ended, Some(EndedSessions::These(_))), "{act:?} by {actor:?}");
    if let (Some(must), Some(EndedSessions::These(does))) = (these, ended) {
        assert_eq!(*does, must, "{act:?} by {actor:?}");
    }
}

/// Whether the user is gone, or may no longer sign in as they did.
fn is_no_longer(user: &User, after: &Facts) -> bool {
    after.users.iter().find(|it| it.id == user.id).is_none_or(|left| {
        user.enabled && !left.enabled || left.email != user.email || user.binding.is_some() && left.binding.is_none()
    })
}

fn ends_all_of(act: &AnyAct, actor: &Actor, user: &User) -> bool {
    match act {
        AnyAct::DisableUser(DisableUser(id))
        | AnyAct::ResetPassword(ResetPassword(id))
        | AnyAct::LogOutUser(LogOutUser(id)) => *id == user.id,
        AnyAct::UnbindUsers(UnbindUsers(users)) => users.contains(&user.id),
        AnyAct::ChangeOwnPassword(_) => matches!(actor, Actor::User { id, .. } if *id == user.id),
        AnyAct::RecoverAccess(RecoverAccess { email }) => *email == user.email,
        _ => false,
    }
}

fn is_off(machine: &ServiceAccount, after: &Facts) -> bool {
    after.machines.iter().find(|it| it.id == machine.id).is_none_or(|left| machine.enabled && !left.enabled)
}

fn ends_all_of_machine(act: &AnyAct, machine: &ServiceAccount) -> bool {
    match act {
        AnyAct::DisableServiceAccount(DisableServiceAccount(id)) | AnyAct::RenewSecret(RenewSecret(id)) => {
            *id == machine.id
        }
        _ => false,
    }
}
