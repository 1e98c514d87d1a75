//! The questions about others: decide, explain, who_can, what_can and reach are one and the same answer, the naive one,
//! in random worlds and after random changes.

use std::cell::RefCell;
use std::num::NonZeroUsize;

use proptest::collection::vec;
use proptest::prelude::*;
use rolecall_core::World;
use rolecall_core::access::{Actor, AtLeastOne, Decision, Denial, Explanation, Path, RuleId};
use rolecall_core::catalogue::{Permission, RoleId};
use rolecall_core::identity::{Subject, SubjectKind};
use rolecall_core::org::Scope;

use crate::applying::{Model, change};
use crate::decisions::telling_permissions;
use crate::facts::{Facts, SESSION, actor, scopes, subjects};
use crate::naive::{self, Permissions};
use crate::truth::{Explained, Truth, Way, could};
use crate::worlds::{self, facts, fixed, permissions_of_roles};

type May<'a, Answer> = Box<dyn Fn(&Subject, Permission, Scope) -> Answer + 'a>;
type WhoCan<'a> = Box<dyn Fn(SubjectKind, Permission, Scope, Option<&str>, usize) -> (Vec<String>, bool) + 'a>;
type WhatCan<'a> = Box<dyn Fn(&Subject) -> Vec<(Scope, Permissions)> + 'a>;

/// Something that answers the questions: the core, the naive one, or one with a fault.
pub struct Answers<'a> {
    pub decide: May<'a, Vec<RuleId>>,
    pub explain: May<'a, Explained>,
    pub who_can: WhoCan<'a>,
    pub what_can: WhatCan<'a>,
    pub holds: May<'a, bool>,
}

fn ways(paths: &AtLeastOne<Path>) -> Vec<Way> {
    let way = |path: &Path| {
        assert_eq!(path.role().id, path.rule().role);
        (path.rule().id, path.role().id, path.inherited_from(), path.group().cloned())
    };
    paths.iter().map(way).collect()
}

impl<'a> Answers<'a> {
    /// The core's.
    pub fn of(world: &'a World, asker: &'a Actor) -> Self {
        Self {
            decide: Box::new(|subject, permission, scope| match world.decide(subject, permission, scope) {
                Decision::Allow(rules) => rules.iter().copied().collect(),
                Decision::Deny => Vec::new(),
            }),
            explain: Box::new(|subject, permission, scope| match world.explain(subject, permission, scope, asker) {
                Explanation::Allowed(paths) => Explained::Allowed(ways(&paths)),
                Explanation::Denied(Denial::NoSuchScope) => Explained::NoSuchScope,
                Explanation::Denied(Denial::Disabled(paths)) => Explained::Disabled(ways(&paths)),
                Explanation::Denied(Denial::NoRule { disabled, fixes }) => {
                    let fixes = fixes.into_iter().map(|it| (it.subject, it.role.id, it.scope, it.refusal.is_none()));
                    Explained::NoRule { disabled, fixes: fixes.collect() }
                }
            }),
            who_can: Box::new(|kind, permission, scope, after, most| {
                let page = world.who_can(kind, permission, scope, after, NonZeroUsize::new(most).unwrap());
                assert!(page.subjects.iter().all(|it| it.kind() == kind));
                (page.subjects.iter().map(|it| it.name().to_owned()).collect(), page.more)
            }),
            what_can: Box::new(|subject| {
                world.what_can(subject).iter().map(|(scope, held)| (scope, held.iter().collect())).collect()
            }),
            // By the other ways that lead to an answer: the sum of what is held, where it changes; and the reach.
            holds: Box::new(|subject, permission, scope| {
                let effective = world.effective(subject, scope).contains(permission);
                let Some(place) = world.lineage(scope) else { return effective };
                assert_eq!(world.what_can(subject).at(&place), world.effective(subject, scope));
                let principal = world.principal_of(subject);
                let within = principal.reach(permission).includes(&place);
                assert_eq!(within && !principal.is_disabled(), effective);
                effective
            }),
        }
    }

    /// The right ones.
    pub fn right(truth: &'a Truth, asker: &'a Actor) -> Self {
        let could = RefCell::new(could(asker));
        Self {
            decide: Box::new(|subject, permission, scope| truth.decide(subject, permission, scope)),
            explain: Box::new(move |subject, permission, scope| {
                truth.explain(subject, permission, scope, &mut *could.borrow_mut())
            }),
            who_can: Box::new(|kind, permission, scope, after, most| {
                let all = truth.who_can(kind, permission, scope);
                let mut behind = all.into_iter().filter(|name| after.is_none_or(|after| name.as_str() > after));
                let page = behind.by_ref().take(most).collect();
                (page, behind.next().is_some())
            }),
            what_can: Box::new(|subject| truth.what_can(subject)),
            holds: Box::new(|subject, permission, scope| truth.may(subject, permission, scope)),
        }
    }

    /// Everybody who may, a page at a time.
    fn all_who_can(&self, kind: SubjectKind, permission: Permission, scope: Scope, most: usize) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for _ in 0..=subjects().len() {
            let (page, more) = (self.who_can)(kind, permission, scope, all.last().map(String::as_str), most);
            all.extend(page);
            if !more {
                break;
            }
        }
        all
    }
}

/// How many decisions were compared, and how many of them were to allow.
#[derive(Debug, Default)]
pub struct Tally {
    compared: usize,
    /// About somebody there, at a place that is there: whether these are allowed is not plain from the start.
    open: usize,
    allowed: usize,
}

/// The first question to which `answers` has another answer than the right one.
pub fn first_difference(
    truth: &Truth,
    asker: &Actor,
    permissions: &[Permission],
    answers: &Answers<'_>,
    tally: &mut Tally,
) -> Option<String> {
    let right = Answers::right(truth, asker);
    let there = worlds::everybody(&truth.facts);
    for subject in subjects() {
        if (answers.what_can)(&subject) != truth.what_can(&subject) {
            return Some(format!("what can {subject} do?"));
        }
        for scope in scopes() {
            let open = naive::exists(&truth.facts, scope) && there.iter().any(|who| who.name == subject);
            for permission in permissions {
                let permission = *permission;
                let rules = truth.decide(&subject, permission, scope);
                let may = !rules.is_empty();
                tally.compared += 1;
                tally.open += usize::from(open);
                tally.allowed += usize::from(open && may);
                if (answers.decide)(&subject, permission, scope) != rules {
                    return Some(format!("may {subject} {permission} in {scope}? By {rules:?}"));
                }
                if (answers.holds)(&subject, permission, scope) != may {
                    return Some(format!("does {subject} hold {permission} in {scope}? {may}"));
                }
                let explained = (answers.explain)(&subject, permission, scope);
                let expected = (right.explain)(&subject, permission, scope);
                if explained != expected {
                    return Some(format!(
                        "why {subject} {permission} in {scope}? {explained:?}, {expected:?} is right"
                    ));
                }
            }
        }
    }
    for scope in scopes() {
        for permission in permissions {
            for kind in SubjectKind::ALL {
                let expected = truth.who_can(kind, *permission, scope);
                for most in [1, 2, 100] {
                    let found = answers.all_who_can(kind, *permission, scope, most);
                    if found != expected {
                        return Some(format!("who can {permission} in {scope}? {found:?}, {expected:?} is right"));
                    }
                }
            }
        }
    }
    None
}

/// Somebody who asks: of those who may sign in the one who may make rules in the most places.
pub fn asker(facts: &Facts) -> Actor {
    let makes = |who: &Actor| {
        let viewer = |scope| rolecall_core::access::Act::CreateRule {
            subject: Subject::User(crate::facts::email("new")),
            role: RoleId::new(7),
            scope,
        };
        scopes().into_iter().filter(|scope| naive::verdict(facts, who, &viewer(*scope)).is_ok()).count()
    };
    // Not whoever may everywhere: then nothing would be marked.
    let everywhere = scopes().into_iter().filter(|scope| naive::exists(facts, *scope)).count();
    let some = facts.actors().into_iter().filter(|who| makes(who) < everywhere).max_by_key(makes);
    some.or_else(|| facts.users.first().map(actor)).unwrap_or(Actor::User {
        email: crate::facts::email("u0"),
        id: crate::facts::user_id(0),
        session: SESSION,
    })
}

fn compare(facts: &Facts, world: &World, permissions: &[Permission], tally: &mut Tally) -> Option<String> {
    let asker = asker(facts);
    first_difference(&Truth::of(facts), &asker, permissions, &Answers::of(world, &asker), tally)
}

/// A world that followed its feed for a while, and what is left of the facts.
fn followed(facts: &Facts, feed: &[rolecall_core::Change]) -> (Facts, World) {
    let mut model = Model::of(facts.clone());
    feed.iter().for_each(|change| model.apply(change));
    let world = feed.iter().fold(facts.world(), |world, change| world.apply(world.revision().next(), [change]));
    (model.facts, world)
}

#[test]
fn a_million_decisions_are_the_naive_ones() {
    const WORLDS: usize = 15;
    let permissions = permissions_of_roles();
    let feeds = worlds::fixed_of(&vec(change(), 12), WORLDS);
    let mut tally = Tally::default();
    for (facts, feed) in fixed(WORLDS).iter().zip(feeds) {
        assert_eq!(compare(facts, &facts.world(), &permissions, &mut tally), None);
        let (facts, world) = followed(facts, &feed);
        assert_eq!(compare(&facts, &world, &permissions, &mut tally), None);
    }
    let share = 100 * tally.allowed / tally.open;
    assert!(tally.compared >= 1_000_000, "only {} decisions were compared", tally.compared);
    assert!(tally.open >= tally.compared / 5, "most of them had only one possible answer: {tally:?}");
    assert!((20..=80).contains(&share), "{share} % were to allow: {tally:?}");
}

proptest! {
    #![proptest_config(crate::config(24))]

    #[test]
    fn every_question_has_the_naive_answer(facts in facts(), permissions in telling_permissions()) {
        prop_assert_eq!(compare(&facts, &facts.world(), &permissions, &mut Tally::default()), None);
    }

    #[test]
    fn every_question_has_the_naive_answer_after_changes(
        facts in facts(),
        feed in vec(change(), 0..40),
        permissions in telling_permissions(),
    ) {
        let (left, world) = followed(&facts, &feed);
        prop_assert_eq!(compare(&left, &world, &permissions, &mut Tally::default()), None);
    }

    /// Paging while the world changes between the pages: nobody twice, nobody who may not, and everybody who may all along.
    #[test]
    fn a_place_in_a_list_outlives_changes(
        facts in facts(),
        feed in vec(change(), 1..20),
        permissions in telling_permissions(),
        scope in worlds::scope(),
    ) {
        for permission in permissions {
            for kind in SubjectKind::ALL {
                let mut model = Model::of(facts.clone());
                let mut world = facts.world();
                let mut always = Truth::of(&facts).who_can(kind, permission, scope);
                let mut met: Vec<String> = Vec::new();
                let mut changes = feed.iter().cycle();
                loop {
                    let after = met.last().cloned();
                    let page = world.who_can(kind, permission, scope, after.as_deref(), NonZeroUsize::MIN);
                    let now = Truth::of(&model.facts).who_can(kind, permission, scope);
                    always.retain(|name| now.contains(name));
                    for subject in &page.subjects {
                        prop_assert!(now.iter().any(|name| name == subject.name()), "{} may not", subject);
                        prop_assert!(met.last().is_none_or(|last| last.as_str() < subject.name()), "again: {}", subject);
                        met.push(subject.name().to_owned());
                    }
                    if !page.more {
                        break;
                    }
                    let change = changes.next().unwrap();
                    model.apply(change);
                    world = world.apply(world.revision().next(), [change]);
                }
                prop_assert!(always.iter().all(|name| met.contains(name)), "{:?} and not {:?}", always, met);
            }
        }
    }
}

#[test]
fn a_fix_does_what_it_says() {
    let mut made = 0;
    for facts in fixed(12) {
        let world = facts.world();
        let asker = asker(&facts);
        for subject in subjects() {
            for scope in scopes() {
                for permission in permissions_of_roles().into_iter().step_by(7) {
                    let Explanation::Denied(Denial::NoRule { disabled, fixes }) =
                        world.explain(&subject, permission, scope, &asker)
                    else {
                        continue;
                    };
                    assert!(!fixes.is_empty(), "some role has {permission}");
                    for fix in fixes {
                        let id = crate::facts::rule_id(1000);
                        let rule = rolecall_core::access::Rule {
                            id,
                            subject: fix.subject,
                            role: fix.role.id,
                            scope: fix.scope,
                        };
                        let after = world.apply(world.revision().next(), [&rolecall_core::Change::RuleSet(rule)]);
                        assert_eq!(after.decide(&subject, permission, scope).is_allow(), !disabled);
                        made += 1;
                    }
                }
            }
        }
    }
    assert!(made > 1000, "only {made}");
}
