//! Compares the answers of the world with the naive ones.

use std::num::NonZeroUsize;

use super::Facts;
use super::naive::{self, Permissions};
use crate::access::{Decision, Denial, Explanation, RuleId};

use crate::catalogue::{Action, Permission, ResourceType, RoleId};
use crate::error::Result;
use crate::identity::{GroupName, Subject, SubjectKind};
use crate::org::Scope;
use crate::world::World;

/// Maximum differences described in words; the others are only counted.
const TOLD: usize = 20;

/// Number of comparisons and differences.
#[derive(Debug, Default)]
pub struct Tally {
    /// Decisions compared: may this subject do that there.
    pub decisions: u64,
    /// Decisions that allow.
    pub allowed: u64,
    /// Lists compared, such as who may do something, or what a subject sees.
    pub lists: u64,
    /// Answers that differ.
    pub differing: u64,
    /// The first differences, in words.
    pub told: Vec<String>,
}

impl Tally {
    /// Records a difference.
    pub fn differs(&mut self, words: impl FnOnce() -> String) {
        self.differing += 1;
        if self.told.len() < TOLD {
            self.told.push(words());
        }
    }

    /// Adds another tally.
    pub fn add(&mut self, other: Self) {
        self.decisions += other.decisions;
        self.allowed += other.allowed;
        self.lists += other.lists;
        self.differing += other.differing;
        let room = TOLD.saturating_sub(self.told.len());
        self.told.extend(other.told.into_iter().take(room));
    }
}

/// Compares every answer about one subject, in these scopes and for these permissions. Explanations are those that the
/// subject itself would get.
pub fn compare_subject(
    (facts, world): (&Facts, &World),
    subject: &Subject,
    (scopes, permissions): (&[Scope], &[Permission]),
    tally: &mut Tally,
) {
    let own = facts.about(subject);
    let disabled = naive::disabled(&own, subject);
    let principal = world.principal_of(subject);
    let what_can = world.what_can(subject);
    let subtrees: Vec<_> = permissions.iter().map(|permission| principal.permitted_in(*permission)).collect();
    for scope in scopes.iter().copied() {
        let ways = naive::ways(&own, subject, scope);
        let right: Permissions = if disabled { Permissions::new() } else { ways.keys().copied().collect() };
        let path = world.scope_path(scope);
        if path.is_some() != naive::exists(facts, scope) {
            tally.differs(|| format!("is there a {scope}? The world says {}", path.is_some()));
        }
        let effective = world.effective(subject, scope);
        let at = path.as_ref().map_or(effective, |path| what_can.at(path));
        if effective.iter().collect::<Permissions>() != right || at != effective {
            tally.differs(|| format!("what may {subject} do in {scope}? The world does not say what the rules say"));
        }
        for (permission, subtrees) in permissions.iter().copied().zip(&subtrees) {
            let rules: Vec<RuleId> =
                ways.get(&permission).filter(|_| !disabled).into_iter().flatten().copied().collect();
            tally.decisions += 1;
            tally.allowed += u64::from(!rules.is_empty());
            let decided: Vec<RuleId> = match world.decide(subject, permission, scope) {
                Decision::Allow(rules) => rules.iter().copied().collect(),
                Decision::Deny => Vec::new(),
            };
            if decided != rules {
                tally.differs(|| {
                    let right = in_words(&rules);
                    format!(
                        "may {subject} {permission} in {scope}? The world says {}, {right} is right",
                        in_words(&decided)
                    )
                });
                continue;
            }
            let explained = principal.explain_to(&principal, permission, scope);
            if !is_explained(&own, subject, (permission, scope), &rules, &explained) {
                tally.differs(|| {
                    format!("why may {subject} {permission} in {scope}? {explained:?}; by {rules:?} is right")
                });
            }
            // Subtrees do not depend on whether the subject is disabled.
            if path.is_some_and(|path| subtrees.includes(&path) != ways.contains_key(&permission)) {
                tally.differs(|| format!("where may {subject} {permission}? Wrong about {scope}"));
            }
        }
    }
}

/// A rule that allows something: the rule, its role, its scope, whether that is above the scope in question, and the
/// group in the rule.
type ByWay<'f> = (RuleId, RoleId, Scope, bool, Option<&'f GroupName>);

/// Whether an explanation names these rules and how each applies to the subject; or, where none applies, the smallest
/// sufficient roles.
fn is_explained(
    facts: &Facts,
    subject: &Subject,
    (permission, scope): (Permission, Scope),
    rules: &[RuleId],
    explained: &Result<Explanation<'_>>,
) -> bool {
    match explained {
        Ok(Explanation::Allowed(ways)) => {
            let right = rules.iter().filter_map(|id| facts.rules.iter().find(|rule| rule.id == *id)).map(|rule| {
                let group = match &rule.subject {
                    Subject::Group(group) if rule.subject != *subject => Some(group),
                    _ => None,
                };
                (rule.id, rule.role, rule.scope, rule.scope != scope, group)
            });
            let right: Vec<ByWay<'_>> = right.collect();
            let said = ways.shown.iter().map(|it| (it.rule(), it.role().id, it.scope(), it.is_inherited(), it.group()));
            !rules.is_empty() && ways.hidden == 0 && said.eq(right)
        }
        Ok(Explanation::Denied(Denial::NoRule { fixes, .. })) => {
            let reads_roles = Permission::new(ResourceType::Roles, Action::Read);
            let knows_custom = naive::may_somewhere(facts, &naive::Who::of(facts, subject), reads_roles);
            let least = naive::least_roles(facts, permission, knows_custom);
            rules.is_empty() && fixes.iter().map(|fix| fix.role.id).eq(least)
        }
        Ok(Explanation::Denied(_)) => rules.is_empty(),
        Err(_) => false,
    }
}

fn in_words(rules: &[RuleId]) -> String {
    let ids: Vec<String> = rules.iter().map(ToString::to_string).collect();
    if ids.is_empty() { "no".to_owned() } else { format!("yes, by the access rules {}", ids.join(", ")) }
}

/// Compares who may do that there, the first `most` of each kind.
pub fn compare_who_can(
    (facts, world): (&Facts, &World),
    permission: Permission,
    scope: Scope,
    most: NonZeroUsize,
    tally: &mut Tally,
) {
    let facts = &facts.at([scope]);
    for kind in SubjectKind::ALL {
        let right = naive::who_can(facts, kind, permission, scope);
        let page = world.who_can(kind, permission, scope, None, most);
        let names = page.subjects.iter().map(Subject::name);
        tally.lists += 1;
        if !names.eq(right.iter().take(most.get()).map(String::as_str)) || page.more != (right.len() > most.get()) {
            tally.differs(|| {
                let said: Vec<&str> = page.subjects.iter().map(Subject::name).collect();
                let apart = right.iter().find(|name| !said.contains(&name.as_str())).map_or_else(
                    || said.iter().find(|name| !right.contains(**name)).map(|name| (*name).to_owned()),
                    |name| Some(name.clone()),
                );
                let apart = apart.unwrap_or_else(|| "the end of the list".to_owned());
                format!("which {} can {permission} in {scope}? The world is wrong about {apart}", kind.as_str())
            });
        }
    }
}
