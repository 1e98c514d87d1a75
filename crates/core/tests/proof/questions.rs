//! Questions about others: decide, explain, who_can, what_can and permitted_in agree with each other and with the naive
//! evaluation, in random worlds and after random changes.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use proptest::collection::vec;
use proptest::prelude::*;
use rolecall_core::access::{Actor, Decision, Denial, Explanation, RuleId, Ways};
use rolecall_core::acts::{AnyAct, CreateRule};
use rolecall_core::catalogue::{Action, Permission, ResourceType, RoleId};
use rolecall_core::identity::{Subject, SubjectKind};
use rolecall_core::org::{Scope, ScopePath};
use rolecall_core::{Change, ErrorKind, World, verify};

use crate::applying::{Model, change};
use crate::decisions::telling_permissions;
use crate::facts::{Facts, InWorld as _, asked, email, scopes, subjects};
use crate::naive::{self, Permissions};
use crate::truth::{Caller, Explained, Truth, Way};
use crate::worlds::{self, facts, fixed, permissions_of_roles};

type May<'a, Answer> = Box<dyn Fn(&Subject, Permission, Scope) -> Answer + 'a>;
type WhoCan<'a> = Box<dyn Fn(SubjectKind, Permission, Scope, Option<&str>, usize) -> (Vec<String>, bool) + 'a>;
type WhereCan<'a> = Box<dyn Fn(&Subject, Permission, Option<ScopePath>, usize) -> (Vec<ScopePath>, bool) + 'a>;
type WhatCan<'a> = Box<dyn Fn(&Subject) -> Vec<(Scope, Permissions)> + 'a>;

/// A source of answers: the core, the naive evaluation, or one with a fault.
pub struct Answers<'a> {
    pub decide: May<'a, Vec<RuleId>>,
    pub explain: May<'a, Explained>,
    pub who_can: WhoCan<'a>,
    pub where_can: WhereCan<'a>,
    pub what_can: WhatCan<'a>,
    pub what_can_as_known: WhatCan<'a>,
    pub holds: May<'a, bool>,
}

fn ways(ways: Ways<'_>) -> (Vec<Way>, usize) {
    let way = |way: &rolecall_core::access::Way<'_>| {
        (way.rule(), way.role().id, way.scope(), way.is_inherited(), way.group().cloned())
    };
    (ways.shown.iter().map(way).collect(), ways.hidden)
}

fn explained(explanation: rolecall_core::Result<Explanation<'_>>) -> Explained {
    match explanation {
        Err(error) => {
            assert_eq!(error.kind, ErrorKind::Forbidden, "{error}");
            Explained::Forbidden
        }
        Ok(Explanation::Allowed(it)) => {
            let (shown, hidden) = ways(it);
            Explained::Allowed { shown, hidden }
        }
        Ok(Explanation::Denied(Denial::NoSuchScope)) => Explained::NoSuchScope,
        Ok(Explanation::Denied(Denial::Withheld)) => Explained::Withheld,
        Ok(Explanation::Denied(Denial::Disabled(it))) => {
            let (shown, hidden) = ways(it);
            Explained::Disabled { shown, hidden }
        }
        Ok(Explanation::Denied(Denial::NoRule { disabled, fixes })) => {
            Explained::NoRule { disabled, fixes: fixes.iter().map(|it| (it.role.id, it.yours)).collect() }
        }
    }
}

fn listed(changes: &rolecall_core::access::WhatCan) -> Vec<(Scope, Permissions)> {
    changes.iter().map(|(scope, held)| (scope, held.iter().collect())).collect()
}

impl<'a> Answers<'a> {
    /// The core's, for that caller.
    pub fn of(world: &'a World, caller: &'a Caller) -> Self {
        let who_asks = world.principal(&caller.actor).expect("a caller who may ask");
        let principal = who_asks.clone();
        Self {
            decide: Box::new(|subject, permission, scope| match world.decide(subject, permission, scope) {
                Decision::Allow(rules) => rules.iter().copied().collect(),
                Decision::Deny => Vec::new(),
            }),
            explain: Box::new(move |subject, permission, scope| {
                explained(world.principal_of(subject).explain_to(&who_asks, permission, scope))
            }),
            where_can: Box::new(move |subject, permission, after, most| {
                let most = NonZeroUsize::new(most).unwrap();
                let page = world.principal_of(subject).where_can(&principal, permission, after.as_ref(), most);
                (page.scopes, page.more)
            }),
            what_can_as_known: Box::new(move |subject| {
                listed(&world.what_can_as_known_to(subject, &world.principal(&caller.actor).unwrap()))
            }),
            who_can: Box::new(|kind, permission, scope, after, most| {
                let page = world.who_can(kind, permission, scope, after, NonZeroUsize::new(most).unwrap());
                assert!(page.subjects.iter().all(|it| it.kind() == kind));
                (page.subjects.iter().map(|it| it.name().to_owned()).collect(), page.more)
            }),
            what_can: Box::new(|subject| listed(&world.what_can(subject))),
            // The other ways to the same answer: the permissions where they change, and the subtrees.
            holds: Box::new(|subject, permission, scope| {
                let effective = world.effective(subject, scope).contains(permission);
                let Some(path) = world.scope_path(scope) else { return effective };
                assert_eq!(world.what_can(subject).at(&path), world.effective(subject, scope));
                let principal = world.principal_of(subject);
                let within = principal.permitted_in(permission).includes(&path);
                assert_eq!(within && !principal.is_disabled(), effective);
                effective
            }),
        }
    }

    /// The correct ones.
    pub fn right(truth: &'a Truth, caller: &'a Caller) -> Self {
        Self {
            decide: Box::new(|subject, permission, scope| truth.decide(subject, permission, scope)),
            explain: Box::new(|subject, permission, scope| truth.explain(subject, permission, scope, caller)),
            where_can: Box::new(|subject, permission, after, most| {
                page_of(truth, truth.where_can(subject, permission, caller), after, most)
            }),
            what_can_as_known: Box::new(|subject| truth.what_can_as_known_to(subject, caller)),
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

    /// Every scope in which the subject may, a page at a time.
    fn everywhere(&self, subject: &Subject, permission: Permission, most: usize) -> Vec<Scope> {
        let mut all: Vec<ScopePath> = Vec::new();
        for _ in 0..=scopes().len() {
            let (page, more) = (self.where_can)(subject, permission, all.last().copied(), most);
            all.extend(page);
            if !more {
                break;
            }
        }
        all.iter().map(ScopePath::scope).collect()
    }

    /// Every subject that may, a page at a time.
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

/// The scopes after a scope in the tree, with their scope paths.
pub fn page_of(truth: &Truth, all: Vec<Scope>, after: Option<ScopePath>, most: usize) -> (Vec<ScopePath>, bool) {
    let after: Vec<Scope> = after.iter().flat_map(ScopePath::scopes).collect();
    let mut behind = all.into_iter().map(|scope| truth.way_down(scope)).filter(|down| *down > after);
    let page = behind.by_ref().take(most).map(|down| scope_path(&down)).collect();
    (page, behind.next().is_some())
}

/// The scope path with these scopes.
fn scope_path(way_down: &[Scope]) -> ScopePath {
    let mut path = ScopePath::ACCOUNT;
    for scope in way_down {
        match scope {
            Scope::Account => {}
            Scope::Cluster(id) => path.cluster = Some(*id),
            Scope::Department(id) => path.department = Some(*id),
            Scope::Project(id) => path.project = Some(*id),
        }
    }
    path
}

/// Number of compared decisions, and of those that allow.
#[derive(Debug, Default)]
pub struct Tally {
    compared: usize,
    /// About an existing subject in an existing scope: whether these are allowed is not obvious from the start.
    open: usize,
    allowed: usize,
}

/// The first question that `answers` answers differently than the naive evaluation.
pub fn first_difference(
    truth: &Truth,
    caller: &Caller,
    permissions: &[Permission],
    answers: &Answers<'_>,
    tally: &mut Tally,
) -> Option<String> {
    let right = Answers::right(truth, caller);
    let there = worlds::all_identities(&truth.facts);
    for subject in subjects() {
        if (answers.what_can)(&subject) != truth.what_can(&subject) {
            return Some(format!("what can {subject} do?"));
        }
        if (answers.what_can_as_known)(&subject) != (right.what_can_as_known)(&subject) {
            return Some(format!("what can {subject} do, for all that {:?} knows?", caller.who));
        }
        for permission in permissions {
            let expected = truth.where_can(&subject, *permission, caller);
            for most in [1, 3, 100] {
                let found = answers.everywhere(&subject, *permission, most);
                if found != expected {
                    return Some(format!("where can {subject} {permission}? {found:?}, {expected:?} is right"));
                }
            }
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
                // An answer equals the decision.
                if caller.knows(&subject, scope) && matches!(explained, Explained::Allowed { .. }) != may {
                    return Some(format!(
                        "may {subject} {permission} in {scope}? {may}, and it is explained otherwise"
                    ));
                }
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

/// A caller: of those who may sign in, the one who may create rules in the most scopes.
pub fn caller(facts: &Facts) -> Option<Actor> {
    let makes = |who: &Actor| {
        let viewer = |scope| {
            AnyAct::CreateRule(CreateRule {
                subject: Subject::User(crate::facts::email("new")),
                role: RoleId::new(7),
                scope,
            })
        };
        scopes().into_iter().filter(|scope| naive::verdict(facts, who, &viewer(*scope)).is_ok()).count()
    };
    // Not a caller with all permissions: nothing would be marked or hidden then.
    let everywhere = scopes().into_iter().filter(|scope| naive::exists(facts, *scope)).count();
    let known = facts.actors().into_iter().filter(|who| naive::known(facts, who).is_some());
    known.filter(|who| makes(who) < everywhere).max_by_key(makes)
}

/// The doctor's comparison, of every subject and scope here.
fn doctors(facts: &Facts, world: &World, permissions: &[Permission]) -> verify::Tally {
    let mut tally = verify::Tally::default();
    for subject in subjects() {
        verify::compare_subject((facts, world), &subject, (&scopes(), permissions), &mut tally);
    }
    for scope in scopes() {
        for permission in permissions {
            for most in [1, 3, 100].map(|most| NonZeroUsize::new(most).unwrap()) {
                verify::compare_who_can((facts, world), *permission, scope, most, &mut tally);
            }
        }
    }
    tally
}

fn compare(facts: &Facts, world: &World, permissions: &[Permission], tally: &mut Tally) -> Option<String> {
    let truth = Truth::of(facts);
    let mut callers = callers(facts).into_iter();
    callers
        .find_map(|caller| first_difference(&truth, &caller, permissions, &Answers::of(world, &caller), tally))
        .or_else(|| first_difference_named(&truth, permissions, world))
}

/// The first scope where a search for a name differs from the matching names among all.
fn first_difference_named(truth: &Truth, permissions: &[Permission], world: &World) -> Option<String> {
    for (scope, permission) in scopes().into_iter().flat_map(|scope| permissions.iter().map(move |it| (scope, *it))) {
        for (kind, part) in SubjectKind::ALL.iter().flat_map(|kind| ["A", "n@"].map(|part| (*kind, part))) {
            let mut expected = truth.who_can(kind, permission, scope);
            expected.retain(|name| name.to_lowercase().contains(&part.to_lowercase()));
            let mut found: Vec<String> = Vec::new();
            loop {
                let after = found.last().cloned();
                let most = NonZeroUsize::new(2).unwrap();
                let page = world.who_can_named((part, &|| true), kind, permission, scope, after.as_deref(), most);
                found.extend(page.subjects.iter().map(|it| it.name().to_owned()));
                if !page.more {
                    break;
                }
            }
            if found != expected {
                return Some(format!("who of {part} can {permission} in {scope}? {found:?}, {expected:?} is right"));
            }
        }
    }
    None
}

/// Two callers: one who may create rules in many scopes, and another.
fn callers(facts: &Facts) -> Vec<Caller> {
    let any = facts.actors().into_iter().rfind(|actor| naive::known(facts, actor).is_some());
    [caller(facts), any].into_iter().flatten().filter_map(|actor| Caller::of(facts, &actor)).collect()
}

/// A world that followed its feed for a while, with the remaining facts.
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

/// Names and lists that are too long to be stored inline give the same answers.
#[test]
fn a_long_name_with_many_rules_has_the_naive_answer() {
    let permissions = permissions_of_roles().split_off(100);
    let name = Subject::User(email("u4"));
    assert!(name.name().len() > 36, "{name:?}");
    for mut facts in fixed(3) {
        assert!(facts.rules.len() > 8 + 3);
        facts.rules.iter_mut().for_each(|rule| rule.subject = name.clone());
        let all = facts.world();
        assert_eq!(compare(&facts, &all, &permissions, &mut Tally::default()), None);
        // They are deleted one by one, until few remain, and none.
        let mut world = all.clone();
        let mut left = facts.clone();
        while let Some(rule) = left.rules.pop() {
            world = world.apply(world.revision().next(), [Change::RuleGone { id: rule.id }]);
            assert!(world.rules_of(&name).eq(left.rules.iter().cloned()));
        }
        assert!(all.rules_of(&name).eq(facts.rules.iter().cloned()), "the world before is as it was");
    }
}

proptest! {
    #![proptest_config(crate::config(24))]

    #[test]
    fn every_question_has_the_naive_answer(facts in facts(), permissions in telling_permissions()) {
        prop_assert_eq!(compare(&facts, &facts.world(), &permissions, &mut Tally::default()), None);
        prop_assert_eq!(doctors(&facts, &facts.world(), &permissions).told, Vec::<String>::new());
    }

    /// Two naive definitions of who can: the subjects that may, and the subjects that rules name.
    #[test]
    fn who_can_is_every_subject_that_may(facts in facts(), permissions in telling_permissions()) {
        let truth = Truth::of(&facts);
        for scope in scopes() {
            for permission in &permissions {
                for kind in SubjectKind::ALL {
                    let named: Vec<String> = naive::who_can(&facts, kind, *permission, scope).into_iter().collect();
                    prop_assert_eq!(named, truth.who_can(kind, *permission, scope));
                }
            }
        }
    }

    /// A world that lost a rule, or has one too many, does not pass.
    #[test]
    fn the_doctor_finds_a_world_of_other_facts(facts in facts(), which in any::<prop::sample::Index>()) {
        let mut other = facts.clone();
        let gone = other.rules.remove(which.index(facts.rules.len()));
        prop_assume!(!naive::disabled(&facts, &gone.subject));
        let listed: Vec<Permission> = naive::given(&facts, gone.role).into_iter().take(3).collect();
        let matters = !listed.is_empty() && naive::exists(&facts, gone.scope);
        prop_assert_eq!(doctors(&facts, &other.world(), &listed).differing > 0, matters);
        prop_assert_eq!(doctors(&other, &facts.world(), &listed).differing > 0, matters);
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

    /// The doctor's reduced facts, which allow many questions with one pass over all rules, give the same answers.
    #[test]
    fn what_is_kept_of_the_facts_says_the_same(facts in facts(), permissions in telling_permissions()) {
        let some: BTreeSet<Subject> = subjects().into_iter().step_by(2).collect();
        let kept = facts.about_all(&some);
        for subject in some {
            let who = naive::Who::of(&facts, &subject);
            let own: Vec<_> = facts.rules.iter().filter(|rule| who.is_named_by(rule)).cloned().collect();
            prop_assert_eq!(&facts.about(&subject).rules, &own);
            prop_assert_eq!(kept.about(&subject), facts.about(&subject));
        }
        let at_half = facts.at(scopes().into_iter().step_by(2));
        for (index, scope) in scopes().into_iter().enumerate() {
            for permission in &permissions {
                for kind in SubjectKind::ALL {
                    let right = naive::who_can(&facts, kind, *permission, scope);
                    prop_assert_eq!(&naive::who_can(&facts.at([scope]), kind, *permission, scope), &right);
                    if index % 2 == 0 {
                        prop_assert_eq!(&naive::who_can(&at_half, kind, *permission, scope), &right);
                    }
                }
            }
        }
    }

    /// Paging while the world changes between pages: no subject twice, none that may not, and every one that may all
    /// the time.
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

    /// The same for scopes. Nodes do not move, so none is changed here; they are deleted, and rules and users change.
    #[test]
    fn a_place_in_the_tree_outlives_changes(
        facts in facts(),
        feed in vec(change(), 1..20),
        permissions in telling_permissions(),
        subject in prop::sample::select(subjects()),
    ) {
        let sets_a_node = |change: &&Change| {
            matches!(change, Change::ClusterSet(_) | Change::DepartmentSet(_) | Change::ProjectSet(_))
        };
        let changes: Vec<&Change> = feed.iter().filter(|change| !sets_a_node(change)).collect();
        for permission in permissions {
            let (mut model, mut world) = (Model::of(facts.clone()), facts.world());
            let allowed = |truth: &Truth| -> Vec<Scope> {
                scopes().into_iter().filter(|scope| truth.may(&subject, permission, *scope)).collect()
            };
            let mut always = allowed(&Truth::of(&facts));
            let mut met: Vec<ScopePath> = Vec::new();
            let mut changes = changes.iter().cycle();
            loop {
                let caller = world.principal_of(&subject);
                let page = caller.where_can(&caller, permission, met.last(), NonZeroUsize::MIN);
                let now = allowed(&Truth::of(&model.facts));
                always.retain(|scope| now.contains(scope));
                for path in &page.scopes {
                    prop_assert!(now.contains(&path.scope()), "they may not at {:?}", path);
                    prop_assert!(met.last().is_none_or(|last| last < path), "again: {:?}", path);
                    met.push(*path);
                }
                if !page.more {
                    break;
                }
                if let Some(change) = changes.next() {
                    model.apply(change);
                    world = world.apply(world.revision().next(), [*change]);
                }
            }
            let met: Vec<Scope> = met.iter().map(ScopePath::scope).collect();
            prop_assert!(always.iter().all(|scope| met.contains(scope)), "{:?} and not {:?}", always, met);
        }
    }
}

#[test]
fn a_fix_does_what_it_says() {
    let mut made = 0;
    for facts in fixed(12) {
        let world = facts.world();
        let Some(actor) = caller(&facts) else { continue };
        let caller = world.principal(&actor).unwrap();
        for subject in subjects() {
            for scope in scopes() {
                for permission in permissions_of_roles().into_iter().step_by(7) {
                    let Ok(Explanation::Denied(Denial::NoRule { fixes, .. })) =
                        world.principal_of(&subject).explain_to(&caller, permission, scope)
                    else {
                        continue;
                    };
                    let disabled = world.principal_of(&subject).is_disabled();
                    assert!(!fixes.is_empty(), "some role has {permission}");
                    for fix in fixes {
                        let id = crate::facts::rule_id(1000);
                        let rule =
                            rolecall_core::access::Rule { id, subject: subject.clone(), role: fix.role.id, scope };
                        // A promised fix is possible.
                        let act = AnyAct::CreateRule(CreateRule { subject: subject.clone(), role: fix.role.id, scope });
                        assert_eq!(asked(&world, &actor, act).is_ok(), fix.yours);
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

#[test]
fn a_search_is_canceled_when_it_is_no_longer_wanted() {
    const MANY: usize = 1000;
    let rule = |number| rolecall_core::access::Rule {
        id: crate::facts::rule_id(number),
        subject: Subject::User(crate::facts::email(&format!("user{number:04}"))),
        role: RoleId::new(7),
        scope: Scope::Account,
    };
    let world = Facts { rules: (0..MANY).map(rule).collect(), ..crate::facts::predefined() }.world();
    let permission = Permission::new(ResourceType::Project, Action::Read);
    let (most, asked) = (NonZeroUsize::new(MANY).unwrap(), Cell::new(0));
    let page = |part: &str, until: usize| {
        asked.set(0);
        let wanted = || asked.replace(asked.get() + 1) < until;
        world.who_can_named((part, &wanted), SubjectKind::User, permission, Scope::Account, None, most)
    };
    let all = page("user", usize::MAX);
    assert_eq!((all.subjects.len(), all.more), (MANY, false));
    assert!(asked.get() > 2 * MANY, "of each rule, and of each name: {}", asked.get());
    // While it collects rules, and while it searches for a name that does not exist.
    for until in [0, 10, MANY + 10] {
        assert!(page("nobody", until).more, "what has not been looked at may hold one");
        assert!(asked.get() <= until + 4, "{} after {until}", asked.get());
    }
}

#[test]
fn a_search_finds_names_as_people_read_them() {
    let rule = |(number, group): (usize, &&str)| rolecall_core::access::Rule {
        id: crate::facts::rule_id(number),
        subject: Subject::Group(rolecall_core::identity::GroupName::parse("group", group).unwrap()),
        role: RoleId::new(7),
        scope: Scope::Account,
    };
    let groups = ["Lab", "STRASSE 7", "Straße 8", "e\u{301}quipe", "\u{c9}QUIPE"];
    let world = Facts { rules: groups.iter().enumerate().map(rule).collect(), ..crate::facts::predefined() }.world();
    let permission = Permission::new(ResourceType::Project, Action::Read);
    let found = |part: &str| {
        let most = NonZeroUsize::new(10).unwrap();
        let page = world.who_can_named((part, &|| true), SubjectKind::Group, permission, Scope::Account, None, most);
        page.subjects.iter().map(|it| it.name().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found("straße"), ["STRASSE 7", "Straße 8"]);
    assert_eq!(found("SSE 8"), ["Straße 8"]);
    assert_eq!(found("\u{e9}quip"), ["e\u{301}quipe", "\u{c9}QUIPE"]);
    assert_eq!(found("LAB"), ["Lab"]);
    assert_eq!(found("ö"), Vec::<String>::new());
    assert_eq!(found("").len(), groups.len());
}
