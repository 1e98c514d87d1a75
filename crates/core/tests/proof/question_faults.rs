//! The comparison of questions can fail: plausible wrong answers of all kinds are found.

use rolecall_core::catalogue::{Permission, RoleId};
use rolecall_core::identity::{Subject, SubjectKind};
use rolecall_core::org::Scope;

use crate::decisions::telling_permissions;
use crate::facts::{Facts, InWorld as _, scopes, subjects};
use crate::naive;
use crate::questions::{Answers, Tally, first_difference, page_of};
use crate::truth::{Caller, Explained, Truth, Way};
use crate::worlds::{fixed, fixed_of};

/// Adds a fault to the correct answers.
type Fault = for<'a> fn(&mut Answers<'a>, &'a Truth, &'a Caller);

/// The correct explanations, changed by `change`.
fn explaining<'a>(
    answers: &mut Answers<'a>,
    truth: &'a Truth,
    caller: &'a Caller,
    change: impl Fn(Explained, Permission, Scope) -> Explained + 'a,
) {
    let right = Answers::right(truth, caller).explain;
    answers.explain =
        Box::new(move |subject, permission, scope| change(right(subject, permission, scope), permission, scope));
}

/// The correct explanations with other ways.
fn with_ways(explained: Explained, change: impl Fn(Vec<Way>) -> Vec<Way>) -> Explained {
    match explained {
        Explained::Allowed { shown, hidden } => Explained::Allowed { shown: change(shown), hidden },
        Explained::Disabled { shown, hidden } => Explained::Disabled { shown: change(shown), hidden },
        other => other,
    }
}

/// The correct explanations with other roles as fixes.
fn with_fixes(explained: Explained, change: impl Fn(RoleId, bool) -> (RoleId, bool)) -> Explained {
    match explained {
        Explained::NoRule { disabled, fixes } => {
            Explained::NoRule { disabled, fixes: fixes.into_iter().map(|(role, yours)| change(role, yours)).collect() }
        }
        other => other,
    }
}

/// The explanations for another caller.
fn told_as<'a>(answers: &mut Answers<'a>, truth: &'a Truth, caller: &'a Caller, change: impl Fn(&mut Caller)) {
    let Some(mut other) = Caller::of(&truth.facts, &caller.actor) else { return };
    change(&mut other);
    answers.explain = Box::new(move |subject, permission, scope| truth.explain(subject, permission, scope, &other));
}

/// Other lists, cut into pages correctly.
fn listing<'a>(answers: &mut Answers<'a>, all: impl Fn(SubjectKind, Permission, Scope) -> Vec<String> + 'a) {
    answers.who_can = Box::new(move |kind, permission, scope, after, most| {
        let mut behind = all(kind, permission, scope);
        behind.retain(|name| after.is_none_or(|after| name.as_str() > after));
        let more = behind.len() > most;
        behind.truncate(most);
        (behind, more)
    });
}

/// Other lists of scopes, cut into pages correctly.
fn going_through<'a>(
    answers: &mut Answers<'a>,
    truth: &'a Truth,
    all: impl Fn(&Subject, Permission) -> Vec<Scope> + 'a,
) {
    answers.where_can = Box::new(move |subject, permission, after, most| {
        let mut behind = all(subject, permission);
        if let Some(at) = after.and_then(|after| behind.iter().position(|scope| *scope == after.scope())) {
            behind.drain(..=at);
        }
        page_of(truth, behind, None, most)
    });
}

/// Whether a rule names the subject itself.
fn named(truth: &Truth, subject: &Subject) -> bool {
    truth.facts.rules.iter().any(|rule| rule.subject == *subject)
}

fn known(facts: &Facts, kind: SubjectKind, name: &str) -> bool {
    match kind {
        SubjectKind::User => facts.users.iter().any(|user| user.email.as_str() == name),
        SubjectKind::ServiceAccount => facts.machines.iter().any(|it| it.client_id.as_str() == name),
        SubjectKind::Group => true,
    }
}

fn is_disabled(truth: &Truth, kind: SubjectKind, name: &str) -> bool {
    subjects().into_iter().any(|it| it.kind() == kind && it.name() == name && truth.disabled(&it))
}

const FAULTS: &[(&str, Fault)] = &[
    ("decide forgets that a subject is disabled", |answers, truth, _| {
        answers.decide = Box::new(|subject, permission, scope| {
            let mut enabled = truth.facts.clone();
            enabled.users.iter_mut().for_each(|user| user.enabled = true);
            enabled.machines.iter_mut().for_each(|machine| machine.enabled = true);
            if truth.disabled(subject) {
                return Truth::of(&enabled).decide(subject, permission, scope);
            }
            truth.decide(subject, permission, scope)
        });
    }),
    ("decide names only the first rule", |answers, truth, _| {
        answers.decide = Box::new(|subject, permission, scope| {
            truth.decide(subject, permission, scope).into_iter().take(1).collect()
        });
    }),
    ("decide names the newest rule first", |answers, truth, _| {
        answers.decide =
            Box::new(|subject, permission, scope| truth.decide(subject, permission, scope).into_iter().rev().collect());
    }),
    ("decide names a rule twice that comes by two memberships", |answers, truth, _| {
        answers.decide = Box::new(|subject, permission, scope| {
            let groups = truth.facts.users.iter().find(|user| Subject::User(user.email.clone()) == *subject);
            let times = |id: &_| {
                let rule = truth.facts.rules.iter().find(|rule| rule.id == *id).unwrap();
                let by = |user: &rolecall_core::identity::User| {
                    user.groups.iter().filter(|group| Subject::Group((*group).clone()) == rule.subject).count()
                };
                groups.map_or(1, by).max(1)
            };
            let rules = truth.decide(subject, permission, scope);
            rules.into_iter().flat_map(|id| std::iter::repeat_n(id, times(&id))).collect()
        });
    }),
    ("explain takes the disabled for allowed", |answers, truth, caller| {
        explaining(answers, truth, caller, |right, _, _| match right {
            Explained::Disabled { shown, hidden } => Explained::Allowed { shown, hidden },
            other => other,
        });
    }),
    ("explain does not say that a missing rule is not all", |answers, truth, caller| {
        explaining(answers, truth, caller, |right, _, _| match right {
            Explained::NoRule { fixes, .. } => Explained::NoRule { disabled: false, fixes },
            other => other,
        });
    }),
    ("explain shows one path of several", |answers, truth, caller| {
        explaining(answers, truth, caller, |right, _, _| with_ways(right, |ways| ways.into_iter().take(1).collect()));
    }),
    ("explain forgets the group", |answers, truth, caller| {
        explaining(answers, truth, caller, |right, _, _| {
            with_ways(right, |ways| {
                ways.into_iter().map(|(rule, role, at, above, _)| (rule, role, at, above, None)).collect()
            })
        });
    }),
    ("explain takes what is given here for inherited", |answers, truth, caller| {
        explaining(answers, truth, caller, |right, _, _| {
            with_ways(right, |ways| {
                ways.into_iter().map(|(rule, role, at, _, group)| (rule, role, at, true, group)).collect()
            })
        });
    }),
    ("explain forgets where it is inherited from", |answers, truth, caller| {
        explaining(answers, truth, caller, |right, _, here| {
            with_ways(right, |ways| {
                ways.into_iter().map(|(rule, role, _, above, group)| (rule, role, here, above, group)).collect()
            })
        });
    }),
    ("explain shows the rules that the caller may not read", |answers, truth, caller| {
        told_as(answers, truth, caller, |caller| caller.reads_rules.extend(scopes()));
    }),
    ("explain hides the rules of the caller's own groups", |answers, truth, caller| {
        told_as(answers, truth, caller, |caller| caller.who.groups.clear());
    }),
    ("explain does not count what it hides", |answers, truth, caller| {
        explaining(answers, truth, caller, |right, _, _| match right {
            Explained::Allowed { shown, .. } => Explained::Allowed { shown, hidden: 0 },
            other => other,
        });
    }),
    ("explain counts as hidden what it shows", |answers, truth, caller| {
        explaining(answers, truth, caller, |right, _, _| match right {
            Explained::Allowed { shown, hidden } => Explained::Allowed { hidden: hidden + shown.len(), shown },
            other => other,
        });
    }),
    ("explain denies what it may not explain", |answers, truth, caller| {
        explaining(answers, truth, caller, |right, _, _| match right {
            Explained::Allowed { shown, .. } if shown.is_empty() => {
                Explained::NoRule { disabled: false, fixes: Vec::new() }
            }
            other => other,
        });
    }),
    ("explain answers about others where the caller may not ask", |answers, truth, caller| {
        explaining(answers, truth, caller, |right, _, _| match right {
            Explained::Forbidden => Explained::NoRule { disabled: false, fixes: Vec::new() },
            other => other,
        });
    }),
    ("explain refuses where the caller sees nothing", |answers, truth, caller| {
        told_as(answers, truth, caller, |caller| caller.sees.extend(scopes()));
    }),
    ("explain tells a caller who may not read users that one is disabled", |answers, truth, caller| {
        told_as(answers, truth, caller, |caller| caller.reads_users = true);
    }),
    ("explain tells a caller who may not read service accounts that one is disabled", |answers, truth, caller| {
        told_as(answers, truth, caller, |caller| caller.reads_machines = true);
    }),
    ("explain offers a role that has more than is needed", |answers, truth, caller| {
        explaining(answers, truth, caller, |right, permission, _| {
            let facts = &truth.facts;
            let having = facts.roles.keys().filter(|role| naive::given(facts, **role).contains(&permission));
            let most = having.max_by_key(|role| naive::given(facts, **role).len()).copied();
            with_fixes(right, |role, yours| (most.unwrap_or(role), yours))
        });
    }),
    ("explain offers one of two roles that are as small", |answers, truth, caller| {
        explaining(answers, truth, caller, |right, _, _| match right {
            Explained::NoRule { disabled, mut fixes } => {
                fixes.truncate(1);
                Explained::NoRule { disabled, fixes }
            }
            other => other,
        });
    }),
    ("explain promises that the caller could", |answers, truth, caller| {
        explaining(answers, truth, caller, |right, _, _| with_fixes(right, |role, _| (role, true)));
    }),
    ("explain says that the caller could not", |answers, truth, caller| {
        explaining(answers, truth, caller, |right, _, _| with_fixes(right, |role, _| (role, false)));
    }),
    ("explain offers rules in scopes that are not there", |answers, truth, caller| {
        explaining(answers, truth, caller, |right, _, _| match right {
            Explained::NoSuchScope => Explained::NoRule { disabled: false, fixes: Vec::new() },
            other => other,
        });
    }),
    ("who_can forgets the members of groups", |answers, truth, _| {
        listing(answers, |kind, permission, scope| {
            let mut all = truth.who_can(kind, permission, scope);
            all.retain(|name| {
                subjects().into_iter().any(|it| it.kind() == kind && it.name() == name && named(truth, &it))
            });
            all
        });
    }),
    ("who_can forgets names without an identity", |answers, truth, _| {
        listing(answers, |kind, permission, scope| {
            let mut all = truth.who_can(kind, permission, scope);
            all.retain(|name| known(&truth.facts, kind, name));
            all
        });
    }),
    ("who_can lists the disabled", |answers, truth, _| {
        listing(answers, |kind, permission, scope| {
            let mut all = truth.who_can(kind, permission, scope);
            let rules = &truth.facts.rules;
            let here = rules.iter().filter(|rule| {
                naive::exists(&truth.facts, scope)
                    && naive::at_or_below(&truth.facts, scope, rule.scope)
                    && naive::given(&truth.facts, rule.role).contains(&permission)
            });
            let disabled = here.filter(|it| it.subject.kind() == kind && is_disabled(truth, kind, it.subject.name()));
            all.extend(disabled.map(|rule| rule.subject.name().to_owned()));
            all.sort_unstable();
            all.dedup();
            all
        });
    }),
    ("who_can lists only whom a rule names in the very scope", |answers, truth, _| {
        listing(answers, |kind, permission, scope| {
            let mut all = truth.who_can(kind, permission, scope);
            let above = |name: &str| {
                let above = naive::parent(&truth.facts, scope);
                above.is_some_and(|above| truth.who_can(kind, permission, above).iter().any(|it| it == name))
            };
            all.retain(|name| !above(name));
            all
        });
    }),
    ("who_can is cut off after a page", |answers, truth, caller| {
        let right = Answers::right(truth, caller).who_can;
        answers.who_can = Box::new(move |kind, permission, scope, after, most| {
            (right(kind, permission, scope, after, most).0, false)
        });
    }),
    ("who_can begins a page with the last name of the one before", |answers, truth, _| {
        answers.who_can = Box::new(|kind, permission, scope, after, most| {
            let mut behind = truth.who_can(kind, permission, scope);
            behind.retain(|name| after.is_none_or(|after| name.as_str() >= after));
            let more = behind.len() > most;
            behind.truncate(most);
            (behind, more)
        });
    }),
    ("who_can lists backwards", |answers, truth, _| {
        answers.who_can = Box::new(|kind, permission, scope, after, most| {
            let mut behind = truth.who_can(kind, permission, scope);
            behind.reverse();
            behind.retain(|name| after.is_none_or(|after| name.as_str() < after));
            let more = behind.len() > most;
            behind.truncate(most);
            (behind, more)
        });
    }),
    ("where_can forgets what is below", |answers, truth, caller| {
        going_through(answers, truth, |subject, permission| {
            let all = truth.where_can(subject, permission, caller);
            let above = |scope: &Scope| naive::parent(&truth.facts, *scope);
            all.iter().filter(|scope| above(scope).is_none_or(|above| !all.contains(&above))).copied().collect()
        });
    }),
    ("where_can tells of scopes where the caller may not read rules", |answers, truth, _| {
        going_through(answers, truth, |subject, permission| {
            let mut all = scopes();
            all.retain(|scope| truth.may(subject, permission, *scope));
            all.sort_by_key(|scope| truth.way_down(*scope));
            all
        });
    }),
    ("where_can leaves out what is inherited from where the caller may not read rules", |answers, truth, caller| {
        going_through(answers, truth, |subject, permission| {
            let mut all = truth.where_can(subject, permission, caller);
            all.retain(|scope| {
                let rules = truth.decide(subject, permission, *scope);
                let rules = rules.iter().map(|id| truth.facts.rules.iter().find(|rule| rule.id == *id).unwrap());
                rules.into_iter().any(|rule| caller.knows(subject, rule.scope))
            });
            all
        });
    }),
    ("where_can is in the order of kinds, not of the tree", |answers, truth, caller| {
        going_through(answers, truth, |subject, permission| {
            let mut all = truth.where_can(subject, permission, caller);
            all.sort();
            all
        });
    }),
    ("where_can is cut off after a page", |answers, truth, caller| {
        let right = Answers::right(truth, caller).where_can;
        answers.where_can =
            Box::new(move |subject, permission, after, most| (right(subject, permission, after, most).0, false));
    }),
    ("what_can_as_known_to tells all", |answers, truth, _| {
        answers.what_can_as_known = Box::new(|subject| truth.what_can(subject));
    }),
    (
        "what_can_as_known_to leaves out what is inherited from where the caller may not read rules",
        |answers, truth, caller| {
            answers.what_can_as_known = Box::new(|subject| {
                let mut all = truth.what_can(subject);
                all.retain(|(scope, _)| caller.knows(subject, *scope));
                all
            });
        },
    ),
    ("what_can_as_known_to hides own permissions from the caller", |answers, truth, caller| {
        answers.what_can_as_known = Box::new(|subject| {
            let mut all = truth.what_can_as_known_to(subject, caller);
            all.retain(|(scope, _)| caller.reads_rules.contains(scope));
            all
        });
    }),
    ("what_can lists scopes in which nothing changes", |answers, truth, _| {
        answers.what_can = Box::new(|subject| {
            let all = scopes().into_iter().map(|scope| (scope, truth.held(subject, scope)));
            all.filter(|(_, held)| !held.is_empty()).collect()
        });
    }),
    ("what_can lists every scope that a rule names", |answers, truth, _| {
        answers.what_can = Box::new(|subject| {
            let ruled = |scope| truth.facts.rules.iter().any(|it| it.subject == *subject && it.scope == scope);
            let right = truth.what_can(subject);
            let all = scopes().into_iter().map(|scope| (scope, truth.held(subject, scope)));
            all.filter(|it| right.contains(it) || (naive::exists(&truth.facts, it.0) && ruled(it.0))).collect()
        });
    }),
    ("what_can leaves out what is inherited", |answers, truth, _| {
        answers.what_can = Box::new(|subject| {
            let above = |scope| naive::parent(&truth.facts, scope).map(|it| truth.held(subject, it));
            let right = truth.what_can(subject).into_iter();
            right.map(|(scope, held)| (scope, &held - &above(scope).unwrap_or_default())).collect()
        });
    }),
    ("what_can forgets the account", |answers, truth, _| {
        answers.what_can = Box::new(|subject| {
            truth.what_can(subject).into_iter().filter(|(scope, _)| *scope != Scope::Account).collect()
        });
    }),
    ("a subtree stops where something is denied", |answers, truth, _| {
        answers.holds = Box::new(|subject, permission, scope| {
            let above = naive::parent(&truth.facts, scope);
            truth.may(subject, permission, scope) && above.is_none_or(|above| truth.may(subject, permission, above))
        });
    }),
];

/// Every caller.
fn callers(facts: &Facts) -> Vec<Caller> {
    facts.actors().iter().filter_map(|actor| Caller::of(facts, actor)).collect()
}

/// This many worlds reveal every fault.
const ENOUGH: usize = 24;

#[test]
fn every_seeded_fault_of_the_questions_is_found() {
    let permissions = fixed_of(&telling_permissions(), ENOUGH);
    let worlds: Vec<_> = fixed(ENOUGH).iter().map(|facts| (Truth::of(facts), callers(facts))).collect();
    for (name, fault) in FAULTS {
        let found = worlds.iter().zip(&permissions).any(|((truth, callers), permissions)| {
            callers.iter().any(|caller| {
                let mut answers = Answers::right(truth, caller);
                fault(&mut answers, truth, caller);
                first_difference(truth, caller, permissions, &answers, &mut Tally::default()).is_some()
            })
        });
        assert!(found, "that {name} went unnoticed in {ENOUGH} worlds");
    }
}

#[test]
fn the_right_answers_are_not_taken_for_a_fault() {
    for (facts, permissions) in fixed(3).iter().zip(fixed_of(&telling_permissions(), 3)) {
        let truth = Truth::of(facts);
        for caller in callers(facts) {
            let answers = Answers::right(&truth, &caller);
            assert_eq!(first_difference(&truth, &caller, &permissions, &answers, &mut Tally::default()), None);
        }
    }
}
