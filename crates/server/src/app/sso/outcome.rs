//! What would come of a sign-in: who it would be, and which access they would gain or lose. Changes nothing.

use std::collections::BTreeSet;

use rolecall_core::access::Rule;
use rolecall_core::acts::Admission;
use rolecall_core::identity::{Email, GroupName, Subject};
use rolecall_core::{Result, World};
use serde::{Deserialize, Serialize};

/// Maximum rules and groups that are told by name.
const MOST: usize = 50;

/// What would come of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The email of the user.
    pub email: Email,
    /// Whether the user would be created.
    pub is_new: bool,
    /// The groups that they would come into.
    pub groups_gained: Names,
    /// The groups that they would leave.
    pub groups_lost: Names,
    /// The access that they would gain.
    pub access_gained: Accesses,
    /// The access that they would lose.
    pub access_lost: Accesses,
}

/// Some groups.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// How many these are.
    pub total: usize,
    /// The first of them, at most 50.
    pub first: Vec<GroupName>,
}

impl Names {
    fn of(names: &[GroupName]) -> Self {
        Self { total: names.len(), first: names.iter().take(MOST).cloned().collect() }
    }
}

/// What some access rules give.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accesses {
    /// How many rules these are.
    pub total: usize,
    /// The first of them, at most 50.
    pub first: Vec<Access>,
}

impl Accesses {
    /// What these rules give.
    pub(in crate::app) fn of(world: &World, rules: impl IntoIterator<Item = Rule>) -> Self {
        let mut accesses = Self::default();
        for rule in rules {
            accesses.total += 1;
            if accesses.first.len() < MOST {
                accesses.first.push(access(world, &rule));
            }
        }
        accesses
    }
}

/// What one access rule gives, in words: it may be read when the rule is gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    /// The name of the role.
    pub role: String,
    /// The kind of the scope, in the API's word.
    pub scope_type: String,
    /// The name of the scope.
    pub scope: String,
    /// The group whose rule it is; `None` for a rule of the person.
    pub group: Option<String>,
}

impl Outcome {
    /// What would come of admitting this person.
    ///
    /// # Errors
    /// `Forbidden` when they may not come in.
    pub(super) fn of(world: &World, admission: &Admission) -> Result<Self> {
        let user = world.described_user(admission)?;
        let email = user.map_or(&admission.email, |user| &user.email).clone();
        // Groups are of the person: who takes over a user by an email keeps none of theirs.
        let same = user.filter(|user| user.binding.as_ref() == Some(&admission.binding));
        let before: BTreeSet<&GroupName> = user.map(|user| user.groups.iter().collect()).unwrap_or_default();
        let after: BTreeSet<&GroupName> = match (&admission.groups, same) {
            (Some(groups), _) => groups.iter().collect(),
            (None, Some(_)) => before.clone(),
            (None, None) => BTreeSet::new(),
        };
        let gained: Vec<GroupName> = after.difference(&before).copied().cloned().collect();
        let lost: Vec<GroupName> = before.difference(&after).copied().cloned().collect();
        let own = Subject::User(email.clone());
        let (gaining, losing) = (subjects(&gained), subjects(&lost));
        // A person who takes over a user by an email gets the rules of that email.
        let gaining = gaining.iter().chain(same.is_none().then_some(&own));
        Ok(Self {
            email,
            is_new: user.is_none(),
            access_gained: accesses(world, gaining),
            access_lost: accesses(world, &losing),
            groups_gained: Names::of(&gained),
            groups_lost: Names::of(&lost),
        })
    }

    /// Whether someone who is known already stays as they are.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        !self.is_new && self.groups_gained.total == 0 && self.groups_lost.total == 0 && self.access_gained.total == 0
    }
}

fn subjects(groups: &[GroupName]) -> Vec<Subject> {
    groups.iter().cloned().map(Subject::Group).collect()
}

fn accesses<'a>(world: &World, subjects: impl IntoIterator<Item = &'a Subject>) -> Accesses {
    Accesses::of(world, subjects.into_iter().flat_map(|subject| world.rules_of(subject)))
}

fn access(world: &World, rule: &Rule) -> Access {
    Access {
        role: world.role(rule.role).map_or_else(|| rule.role.number().to_string(), |role| role.name().to_owned()),
        scope_type: rule.scope.kind().as_str().to_owned(),
        scope: world.name_of(rule.scope).unwrap_or_default().to_owned(),
        group: match &rule.subject {
            Subject::Group(group) => Some(group.to_string()),
            Subject::User(_) | Subject::ServiceAccount(_) => None,
        },
    }
}
