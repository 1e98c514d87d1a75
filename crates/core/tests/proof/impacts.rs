//! Impacts: who gains and who loses what by an act, as a naive comparison of the facts before and after says.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use rolecall_core::access::{Actor, Impact, SubjectImpact};
use rolecall_core::acts::AnyAct;
use rolecall_core::identity::Subject;
use rolecall_core::org::Scope;
use rolecall_core::verify::after;
use rolecall_core::{Change, World};

use crate::facts::{Facts, InWorld, drawn, scopes, subjects};
use crate::naive::{self, Permissions};
use crate::truth::Caller;
use crate::worlds::{act, facts, fixed, fixed_of};

/// An act that was permitted, and the facts and the world after it.
struct Done {
    changes: Vec<Change>,
    facts: Facts,
    world: World,
}

fn done(before: &Facts, world: &World, caller: &Actor, act: &AnyAct) -> Option<Done> {
    let drawn = drawn(before);
    let changes = act.effects(world, caller, &drawn).ok()?;
    let facts = after(before, world.revision(), caller, act, &drawn);
    Some(Done { facts, world: world.apply(world.revision().next(), &changes), changes })
}

/// Every scope of the test's universe and those that acts make.
fn scopes_of(before: &Facts, after: &Facts) -> Vec<Scope> {
    let all: BTreeSet<Scope> = scopes().into_iter().chain(before.scopes()).chain(after.scopes()).collect();
    all.into_iter().filter(|it| naive::exists(before, *it) || naive::exists(after, *it)).collect()
}

/// Whether the subject is a user in a group.
fn is_member(before: &Facts, after: &Facts, subject: &Subject) -> bool {
    [before, after]
        .iter()
        .any(|facts| facts.users.iter().any(|it| Subject::User(it.email.clone()) == *subject && !it.groups.is_empty()))
}

/// The facts, with the subject enabled unless the caller `learns` whether it is.
fn enabled_unless(learns: bool, facts: &Facts, subject: &Subject) -> Facts {
    let mut facts = facts.clone();
    if !learns {
        facts
            .users
            .iter_mut()
            .filter(|it| Subject::User(it.email.clone()) == *subject)
            .for_each(|it| it.enabled = true);
        let machines = facts.machines.iter_mut();
        machines
            .filter(|it| Subject::ServiceAccount(it.client_id.clone()) == *subject)
            .for_each(|it| it.enabled = true);
    }
    facts
}

fn everybody(before: &Facts, after: &Facts) -> BTreeSet<Subject> {
    subjects().into_iter().chain(before.subjects()).chain(after.subjects()).collect()
}

/// What an impact says of a scope: what its nearest listed scope does.
fn said(impact: Option<&SubjectImpact>, before: &Facts, after: &Facts, at: Scope) -> (Permissions, Permissions) {
    let tree = if naive::exists(before, at) { before } else { after };
    let listed = impact.map_or(&[][..], |it| &it.scopes);
    let mut way_up = std::iter::successors(Some(at), |scope| naive::parent(tree, *scope));
    let nearest = way_up.find_map(|scope| listed.iter().find(|it| it.path.scope() == scope));
    nearest.map(|it| (it.gained.iter().collect(), it.lost.iter().collect())).unwrap_or_default()
}

proptest! {
    #![proptest_config(crate::config(96))]

    #[test]
    fn everybody_gains_and_loses_what_a_naive_comparison_says(
        facts in facts(),
        acts in vec((any::<Index>(), act()), 60),
    ) {
        let world = facts.world();
        let actors: Vec<Actor> = facts.actors().into_iter().chain([Actor::Host, Actor::Rolecall]).collect();
        for (caller, act) in acts {
            let Some(done) = done(&facts, &world, caller.get(&actors), &act) else { continue };
            let impact = Impact::of(&world, &done.changes, &done.world, &|| true);
            for subject in everybody(&facts, &done.facts) {
                let on = impact.on(&subject);
                for at in scopes_of(&facts, &done.facts) {
                    let right = naive::impact(&facts, &done.facts, &subject, at);
                    prop_assert_eq!(said(on.as_ref(), &facts, &done.facts, at), right, "{} in {} by {:?}", subject, at, act);
                }
                prop_assert!(on.is_none() || impact.subjects().any(|it| *it == subject), "{} is affected by {:?}", subject, act);
            }
        }
    }

    #[test]
    fn a_caller_learns_what_they_may_know_and_that_there_is_more(
        facts in facts(),
        acts in vec((any::<Index>(), act()), 60),
    ) {
        let world = facts.world();
        let actors = facts.actors();
        let callers: Vec<Caller> = actors.iter().filter_map(|actor| Caller::of(&facts, actor)).collect();
        for (number, (caller, act)) in acts.into_iter().enumerate() {
            let Some(done) = done(&facts, &world, caller.get(&actors), &act) else { continue };
            let impact = Impact::of(&world, &done.changes, &done.world, &|| true);
            let Some(caller) = callers.get(number % callers.len().max(1)) else { continue };
            let Ok(principal) = world.principal(&caller.actor) else { continue };
            let known_impact = impact.known_to(&principal);
            let told: BTreeSet<&Subject> = known_impact.subjects().collect();
            for subject in impact.subjects() {
                let known = told.contains(subject).then(|| known_impact.on(subject)).flatten();
                let is_told = told.contains(subject);
                // Only members of groups are withheld, and only from a caller who may not read users.
                prop_assert!(is_told || !caller.reads_users && !caller.is(subject) && is_member(&facts, &done.facts, subject));
                // A caller who may not know that someone is disabled learns what would be if they were not.
                let learns = caller.is(subject) || caller.learns_who_is_disabled(subject);
                let (then, now) = (enabled_unless(learns, &facts, subject), enabled_unless(learns, &done.facts, subject));
                let mut more = !is_told;
                for at in scopes_of(&facts, &done.facts) {
                    let right = naive::impact(&then, &now, subject, at);
                    // A scope that is new is known where the scope that it is made in is.
                    let old = std::iter::successors(Some(at), |it| naive::parent(&done.facts, *it));
                    let old = old.into_iter().find(|it| naive::exists(&facts, *it)).unwrap_or(Scope::Account);
                    if is_told && caller.knows(subject, if naive::exists(&facts, at) { at } else { old }) {
                        prop_assert_eq!(said(known.as_ref(), &facts, &done.facts, at), right, "{} in {}", subject, at);
                    } else {
                        prop_assert_eq!(said(known.as_ref(), &facts, &done.facts, at), Default::default());
                        more |= right != Default::default();
                    }
                }
                prop_assert!(known_impact.is_partial() || !more, "{} for {:?}", subject, caller.actor);
            }
        }
    }
}

/// The properties above would hold if nothing were ever gained or lost.
#[test]
fn the_random_acts_have_impacts_of_all_kinds() {
    let (mut gains, mut losses, mut both, mut partly) = (0, 0, 0, 0);
    for (facts, acts) in fixed(40).iter().zip(fixed_of(&vec(act(), 60), 40)) {
        let world = facts.world();
        let actors = facts.actors();
        for (act, caller) in acts.iter().flat_map(|act| actors.iter().map(move |caller| (act, caller))) {
            let Some(done) = done(facts, &world, caller, act) else { continue };
            let impact = Impact::of(&world, &done.changes, &done.world, &|| true);
            for on in impact.subjects().filter_map(|subject| impact.on(subject)) {
                match (on.gains(), on.loses()) {
                    (true, true) => both += 1,
                    (true, false) => gains += 1,
                    (false, true) => losses += 1,
                    (false, false) => panic!("{on:?} says nothing"),
                }
                // Further down, what is gained or lost is less: another rule permits it there.
                partly += usize::from(on.scopes.len() > 1);
            }
        }
    }
    assert!(gains > 50 && losses > 50 && both > 2 && partly > 10, "{gains} {losses} {both} {partly}");
}
