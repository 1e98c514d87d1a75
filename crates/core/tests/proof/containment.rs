//! Containment: `authorize` permits what design 6 permits, and a permitted act gives no caller more than they may get.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use rolecall_core::access::Actor;
use rolecall_core::acts::{
    Act, AnyAct, ChangeEmail, CreateRule, CreateUser, DeleteCluster, DeleteDepartment, DeleteProject,
    DeleteServiceAccount, DeleteUser, DisableServiceAccount, DisableUser, Drawn, EnableServiceAccount, EnableUser,
    LogOutUser, RenewSecret, ResetPassword, UnbindUsers,
};
use rolecall_core::catalogue::{Permission, RoleId};
use rolecall_core::identity::{Credential, Subject};
use rolecall_core::org::Scope;
use rolecall_core::{ErrorKind, World, verify};

use crate::applying::Model;
use crate::ended::ensure_sessions_end;
use crate::facts::{Facts, InWorld as _, SESSION, actor, asked, drawn, machine_actor, scopes, user_id};
use crate::naive::{self, Who};
use crate::worlds::{act, facts, fixed, fixed_of};

/// The permissions of each identity that may sign in, by scope.
type Holdings = BTreeMap<Subject, BTreeSet<(Scope, Permission)>>;

fn holdings_of(facts: &Facts, who: &Who) -> BTreeSet<(Scope, Permission)> {
    scopes().into_iter().flat_map(|at| naive::held(facts, who, at).into_iter().map(move |it| (at, it))).collect()
}

fn holdings(facts: &Facts) -> Holdings {
    let users = facts.users.iter().filter(|user| user.enabled).map(Who::user);
    let machines = facts.machines.iter().filter(|machine| machine.enabled);
    let machines = machines.map(|machine| Who::named(Subject::ServiceAccount(machine.client_id.clone())));
    users.chain(machines).map(|who| (who.name.clone(), holdings_of(facts, &who))).collect()
}

/// The facts after a permitted act. The caller who resets a password knows it, and chooses the next one.
fn after(facts: &Facts, caller: &Actor, act: &AnyAct) -> Facts {
    after_drawing(facts, caller, act, &drawn(facts))
}

fn after_drawing(facts: &Facts, caller: &Actor, act: &AnyAct, drawn: &Drawn) -> Facts {
    verify::after(facts, facts.world().revision(), caller, act, drawn)
}

/// The subjects that the act puts into the caller's hands, or locks out.
fn targets(facts: &Facts, act: &AnyAct) -> Vec<Who> {
    let user = |id| facts.users.iter().find(|user| user.id == id).map(Who::user);
    match act {
        AnyAct::CreateUser(CreateUser { email }) => vec![Who::named(Subject::User(email.clone()))],
        AnyAct::DeleteUser(DeleteUser(id))
        | AnyAct::EnableUser(EnableUser(id))
        | AnyAct::DisableUser(DisableUser(id))
        | AnyAct::ResetPassword(ResetPassword(id))
        | AnyAct::ChangeEmail(ChangeEmail { user: id, .. })
        | AnyAct::LogOutUser(LogOutUser(id)) => user(*id).into_iter().collect(),
        AnyAct::UnbindUsers(UnbindUsers(users)) => users.iter().filter_map(|id| user(*id)).collect(),
        AnyAct::EnableServiceAccount(EnableServiceAccount(id))
        | AnyAct::DisableServiceAccount(DisableServiceAccount(id))
        | AnyAct::RenewSecret(RenewSecret(id))
        | AnyAct::DeleteServiceAccount(DeleteServiceAccount(id)) => {
            let machines = facts.machines.iter().filter(|machine| machine.id == *id);
            machines.map(|machine| Who::named(Subject::ServiceAccount(machine.client_id.clone()))).collect()
        }
        _ => Vec::new(),
    }
}

/// The actor that a caller who took `who` over can then be.
fn as_actor(facts: &Facts, who: &Who) -> Option<Actor> {
    match &who.name {
        Subject::User(email) => facts.users.iter().find(|user| user.email == *email).map(actor),
        Subject::ServiceAccount(id) => facts.machines.iter().find(|it| it.client_id == *id).map(machine_actor),
        Subject::Group(_) => None,
    }
}

fn verdict(world: &World, actor: &Actor, act: &AnyAct) -> Result<(), ErrorKind> {
    asked(world, actor, act.clone()).map(|_| ()).map_err(|error| error.kind)
}

/// A permit is for that act of that caller in that world.
fn says<A: Act + PartialEq>(world: &World, caller: &Actor, act: A) -> Result<(), TestCaseError> {
    if let Ok(permit) = world.authorize(caller, act.clone()) {
        prop_assert_eq!(permit.actor(), caller);
        prop_assert_eq!(permit.act(), &act);
        prop_assert_eq!(permit.stamp(), world.stamp());
        let entity = act.into().is_permitted(world, caller).ok();
        prop_assert_eq!(Some(permit.entity()), entity.as_ref());
    }
    Ok(())
}

/// Every existing identity, a former one, and two that never existed.
fn callers(facts: &Facts) -> Vec<Actor> {
    let mut callers = facts.actors();
    if let Some(user) = facts.users.first() {
        callers.push(Actor::User { email: user.email.clone(), id: user_id(77), session: SESSION });
    }
    callers.extend([Actor::Host, Actor::Rolecall]);
    callers
}

proptest! {
    #![proptest_config(crate::config(96))]

    #[test]
    fn acts_are_permitted_as_the_design_says(facts in facts(), acts in vec((any::<Index>(), act()), 60)) {
        let world = facts.world();
        let callers = callers(&facts);
        for (caller, act) in acts {
            let caller = caller.get(&callers);
            let right = naive::verdict(&facts, caller, &act);
            prop_assert_eq!(verdict(&world, caller, &act), right, "{:?} by {:?}", act, caller);
        }
    }

    #[test]
    fn what_is_offered_for_granting_is_what_may_be_granted(facts in facts()) {
        let world = facts.world();
        let stranger = Subject::Group(crate::facts::group("strangers"));
        for caller in facts.actors() {
            let Ok(principal) = world.principal(&caller) else { continue };
            if principal.must_change_password() {
                continue;
            }
            for scope in scopes() {
                let offered = principal.grantable_roles(scope);
                if !naive::sees(&facts, &naive::known(&facts, &caller).unwrap(), scope) {
                    prop_assert_eq!(offered.map(|_| ()).map_err(|error| error.kind), Err(ErrorKind::NotFound));
                    continue;
                }
                let offered: Vec<RoleId> = offered.unwrap().into_iter().map(|role| role.id).collect();
                let may_grant = |role: &RoleId| {
                    let act = AnyAct::CreateRule(CreateRule { subject: stranger.clone(), role: *role, scope });
                    naive::verdict(&facts, &caller, &act).is_ok()
                };
                let right: Vec<RoleId> = facts.roles.keys().copied().filter(may_grant).collect();
                prop_assert_eq!(offered, right, "{:?} in {}", caller, scope);
            }
        }
    }

    #[test]
    fn a_permit_says_who_may_do_what_and_when(facts in facts(), acts in vec((any::<Index>(), act()), 60)) {
        let world = facts.world();
        let callers = callers(&facts);
        for (caller, act) in acts {
            let caller = caller.get(&callers);
            if let Ok(entity) = asked(&world, caller, act.clone()) {
                prop_assert!(!entity.name.is_empty());
            }
            match act {
                AnyAct::CreateRule(act) => says(&world, caller, act)?,
                AnyAct::DeleteRule(act) => says(&world, caller, act)?,
                AnyAct::DeleteUser(act) => says(&world, caller, act)?,
                AnyAct::AdmitUser(act) => says(&world, caller, act)?,
                AnyAct::RecoverAccess(act) => says(&world, caller, act)?,
                _ => {}
            }
        }
    }

    #[test]
    fn acts_do_what_is_written_down_twice(
        facts in facts(),
        acts in vec((any::<Index>(), act()), 60),
        credential in select(vec![Credential::Own, Credential::Temporary, Credential::LastingTemporary]),
        enabled in any::<Option<bool>>(),
    ) {
        let world = facts.world();
        let callers = callers(&facts);
        for (caller, act) in acts {
            let caller = caller.get(&callers);
            let drawn = Drawn { credential, enabled, ..drawn(&facts) };
            let Ok(effects) = act.effects(&world, caller, &drawn) else { continue };
            let mut model = Model::of(facts.clone());
            for change in &effects {
                model.apply(change);
            }
            let mut right = Model::of(after_drawing(&facts, caller, &act, &drawn));
            right.sort();
            model.sort();
            prop_assert_eq!(&model, &right, "{:?} by {:?}", act, caller);
            ensure_sessions_end(act.ends_sessions(caller, &effects).as_ref(), &facts, &right.facts, caller, &act);
            // Applied to the world they lead to the same answers.
            let then = world.apply(world.revision().next(), &effects);
            prop_assert_eq!(then.ways_in().map(|user| user.email.clone()).collect::<BTreeSet<_>>(), naive::ways_in(&right.facts));
        }
    }

    #[test]
    fn no_subject_gains_or_loses_more_than_the_actor_has(facts in facts(), acts in vec((any::<Index>(), act()), 60)) {
        let world = facts.world();
        let callers = facts.actors();
        let before = holdings(&facts);
        for (caller, act) in acts {
            let Some(caller) = (!callers.is_empty()).then(|| caller.get(&callers)) else { break };
            if verdict(&world, caller, &act).is_err() {
                continue;
            }
            let own = &before[&naive::known(&facts, caller).unwrap().name];
            // A user may end their own sessions, whatever their credentials; that takes no identity over.
            for target in targets(&facts, &act) {
                prop_assert!(holdings_of(&facts, &target).is_subset(own), "{:?} by {:?}", act, caller);
            }
            let then = holdings(&after(&facts, caller, &act));
            let takes_the_place_away =
                matches!(act, AnyAct::DeleteCluster(DeleteCluster(_)) | AnyAct::DeleteDepartment(DeleteDepartment(_)) | AnyAct::DeleteProject(DeleteProject(_)));
            let nothing = BTreeSet::new();
            for who in before.keys().chain(then.keys()) {
                let (had, has) = (before.get(who).unwrap_or(&nothing), then.get(who).unwrap_or(&nothing));
                prop_assert!(has.difference(had).all(|it| own.contains(it)), "{:?} raises {}", act, who);
                if !takes_the_place_away {
                    prop_assert!(had.difference(has).all(|it| own.contains(it)), "{:?} lowers {}", act, who);
                }
            }
        }
    }

    /// A caller uses every permission, one act after the other, also as the identities taken over.
    #[test]
    fn no_chain_of_permitted_acts_leads_higher(
        facts in facts(),
        first in any::<Index>(),
        acts in vec((any::<Index>(), act()), 40),
    ) {
        let mut facts = facts;
        let callers = facts.actors();
        if callers.is_empty() {
            return Ok(());
        }
        let mut hands = vec![first.get(&callers).clone()];
        let Some(attacker) = naive::known(&facts, &hands[0]) else { return Ok(()) };
        let start = holdings(&facts);
        let limit = holdings_of(&facts, &attacker);
        for (hand, act) in acts {
            let world = facts.world();
            let hand = hand.get(&hands).clone();
            if verdict(&world, &hand, &act).is_err() {
                continue;
            }
            let next = after(&facts, &hand, &act);
            if matches!(act, AnyAct::CreateUser(CreateUser { .. }) | AnyAct::ResetPassword(ResetPassword(_)) | AnyAct::RenewSecret(RenewSecret(_))) {
                hands.extend(targets(&next, &act).iter().filter_map(|who| as_actor(&next, who)));
            }
            facts = next;
            for hand in &hands {
                if let Some(who) = naive::known(&facts, hand) {
                    prop_assert!(holdings_of(&facts, &who).is_subset(&limit), "{:?} leads {} higher", act, who.name);
                }
            }
            for (who, has) in holdings(&facts) {
                let had = start.get(&who).cloned().unwrap_or_default();
                prop_assert!(has.iter().all(|it| had.contains(it) || limit.contains(it)), "{:?} raises {}", act, who);
            }
        }
    }
}

/// The properties above would hold if no act were permitted, so this checks which acts occur.
#[test]
fn the_random_acts_are_permitted_and_refused_in_every_way() {
    let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let acts = fixed_of(&vec(act(), 180), 60);
    for (facts, acts) in fixed(60).iter().zip(acts) {
        let world = facts.world();
        for act in acts {
            for caller in callers(facts) {
                let outcome = match verdict(&world, &caller, &act) {
                    Ok(()) => "permitted",
                    Err(ErrorKind::Forbidden) => "forbidden",
                    Err(ErrorKind::NotFound) => "not found",
                    Err(ErrorKind::Conflict) => "conflict",
                    Err(ErrorKind::Invalid) => "invalid",
                    Err(ErrorKind::Unauthenticated) => "unauthenticated",
                    Err(other) => panic!("{other:?} for {act:?}"),
                };
                seen.entry(act.kind()).or_default().insert(outcome);
            }
        }
    }
    let always = ["permitted", "forbidden"];
    for (kind, more) in [
        ("CreateUser", &["conflict"] as &[&str]),
        ("DeleteUser", &["not found"]),
        ("EnableUser", &["not found"]),
        ("DisableUser", &["not found"]),
        ("ResetPassword", &["not found", "invalid"]),
        ("LogOutUser", &["not found"]),
        ("ChangeOwnPassword", &[]),
        ("SignOut", &[]),
        ("CreateRole", &["conflict"]),
        ("UpdateRole", &["not found", "conflict"]),
        ("EnableRole", &["not found"]),
        ("DisableRole", &["not found"]),
        ("DeleteRole", &["not found", "conflict"]),
        ("UpdatePredefinedRoles", &[]),
        ("CreateRule", &["not found", "conflict", "invalid"]),
        ("DeleteRule", &["not found"]),
        ("CreateCluster", &[]),
        ("UpdateCluster", &["not found"]),
        ("DeleteCluster", &["not found", "conflict"]),
        ("CreateDepartment", &["not found"]),
        ("UpdateDepartment", &["not found"]),
        ("DeleteDepartment", &["not found", "conflict"]),
        ("CreateProject", &["not found"]),
        ("UpdateProject", &["not found"]),
        ("DeleteProject", &["not found"]),
        ("CreateServiceAccount", &[]),
        ("EnableServiceAccount", &["not found"]),
        ("DisableServiceAccount", &["not found"]),
        ("RenewSecret", &["not found"]),
        ("DeleteServiceAccount", &["not found"]),
        ("CreateProvider", &["conflict"]),
        ("UpdateProvider", &["not found"]),
        ("DeleteProvider", &["not found"]),
        ("RedirectTo", &["not found"]),
        ("AdmitNewcomer", &["conflict"]),
        ("AdmitUser", &["conflict"]),
        ("ForgetGroups", &["not found"]),
        ("UnbindUsers", &["not found", "invalid"]),
        ("ChangeEmail", &["not found", "conflict"]),
        ("EndSessions", &[]),
        ("BootstrapAccount", &[]),
        ("RecoverAccess", &[]),
    ] {
        let expected: BTreeSet<&str> = always.iter().chain(more).chain(&["unauthenticated"]).copied().collect();
        assert_eq!(seen.remove(kind).unwrap_or_default(), expected, "{kind}");
    }
    assert!(seen.is_empty(), "acts that this test does not know: {seen:?}");
}
