//! The questions to a database: all of them while it is small, otherwise a sample.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use rand::rngs::ChaCha20Rng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rolecall_core::catalogue::{Action, Permission, PredefinedRole, ResourceType};
use rolecall_core::identity::{Subject, SubjectKind, UserId};
use rolecall_core::org::{ProjectId, Scope};
use rolecall_core::verify::Facts;

/// Up to this many decisions are all compared; of more, about this many are sampled.
const DECISIONS: usize = 1_000_000;
/// Approximate number of sampled scopes for a subject, besides those of its rules.
const OTHER_SCOPES: usize = 4;
/// Maximum scopes of its rules.
const SCOPES_OF_RULES: usize = 8;
/// Number of compared lists of who can do something in a scope.
const PLACES: usize = 500;
/// Number of callers whose lists are compared.
const READERS: usize = 60;
/// Number of users whose rules are listed.
const USERS: usize = 50;
/// Subjects sampled before their rules are looked up in one pass over all rules.
const ROUND: usize = 500;
/// Number of compared names in a list.
pub const PAGE: NonZeroUsize = match NonZeroUsize::new(1000) {
    Some(names) => names,
    None => NonZeroUsize::MIN,
};

/// A plan.
#[derive(Debug)]
pub struct Plan {
    /// Total decisions; all or a sample of them are compared.
    pub decisions: usize,
    /// The subjects and scopes.
    pub subjects: Vec<(Subject, Vec<Scope>)>,
    /// The permissions and scopes of who-can lists.
    pub holders: Vec<(Permission, Scope)>,
    /// The callers of lists.
    pub readers: Vec<Subject>,
    /// The users whose rules are listed.
    pub users: Vec<UserId>,
}

impl Plan {
    /// Whether every decision is compared.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.decisions <= DECISIONS
    }

    /// The plan in words.
    #[must_use]
    pub fn in_words(&self) -> String {
        let decisions = if self.is_complete() {
            format!("all {} decisions", self.decisions)
        } else {
            format!("a sample of about {DECISIONS} of {} decisions", self.decisions)
        };
        let (lists, readers) = (self.holders.len().saturating_mul(SubjectKind::ALL.len()), self.readers.len());
        format!("Comparing {decisions}, {lists} who-can lists, and the lists of {readers} callers.")
    }

    /// Samples the plan. A seed samples the same plan again.
    #[must_use]
    pub fn draw(facts: &Facts, seed: u64) -> Self {
        let mut generator = ChaCha20Rng::seed_from_u64(seed);
        let permissions = permissions();
        let mut scopes = facts.scopes();
        // One that does not exist.
        let highest = facts.projects.keys().map(|id| id.number()).max().unwrap_or_default();
        scopes.push(Scope::Project(ProjectId::new(highest.saturating_add(1_000_000))));
        let named: Vec<Subject> = facts.subjects().into_iter().collect();
        let decisions = named.len().saturating_mul(scopes.len()).saturating_mul(permissions.len());

        let mut subjects = Vec::new();
        if decisions <= DECISIONS {
            subjects.extend(named.iter().map(|subject| (subject.clone(), scopes.clone())));
        } else {
            let mut drawn = 0;
            while drawn < DECISIONS {
                for (subject, mut there) in with_scopes_of_rules(facts, sampled_subjects(&mut generator, facts, &named))
                {
                    if drawn >= DECISIONS {
                        break;
                    }
                    for _ in 0..OTHER_SCOPES {
                        there.extend(scopes.choose(&mut generator));
                    }
                    there.sort_unstable();
                    there.dedup();
                    drawn += there.len().saturating_mul(permissions.len());
                    subjects.push((subject, there));
                }
            }
        }

        let mut holders = Vec::new();
        if permissions.len().saturating_mul(scopes.len()) <= PLACES {
            holders.extend(scopes.iter().flat_map(|scope| permissions.iter().map(|permission| (*permission, *scope))));
        } else {
            for _ in 0..PLACES {
                let (permission, scope) = (permissions.choose(&mut generator), scopes.choose(&mut generator));
                holders.extend(permission.copied().zip(scope.copied()));
            }
        }

        let machines = facts.machines.iter().map(|machine| Subject::ServiceAccount(machine.client_id.clone()));
        let users = facts.users.iter().map(|user| Subject::User(user.email.clone()));
        let readers: Vec<Subject> = users.chain(machines).collect();
        let mut readers: Vec<Subject> = readers.sample(&mut generator, READERS).cloned().collect();
        // The caller who sees the most is always included.
        let administrator = facts.rules.iter().find(|rule| rule.scope == Scope::Account).map(|rule| &rule.subject);
        readers.extend(administrator.filter(|subject| matches!(subject, Subject::User(_))).cloned());
        let users: Vec<UserId> = facts.users.iter().map(|user| user.id).collect();
        let users = users.sample(&mut generator, USERS).copied().collect();
        Self { decisions, subjects, holders, readers, users }
    }
}

/// Each with the account and the scopes of its first rules.
fn with_scopes_of_rules(facts: &Facts, subjects: Vec<Subject>) -> Vec<(Subject, Vec<Scope>)> {
    let mut scopes: BTreeMap<Subject, Vec<Scope>> =
        subjects.iter().map(|subject| (subject.clone(), vec![Scope::Account])).collect();
    for rule in &facts.rules {
        if let Some(own) = scopes.get_mut(&rule.subject).filter(|own| own.len() <= SCOPES_OF_RULES) {
            own.push(rule.scope);
        }
    }
    let with = |subject: Subject| (scopes.get(&subject).cloned().unwrap_or_default(), subject);
    subjects.into_iter().map(with).map(|(scopes, subject)| (subject, scopes)).collect()
}

/// Every permission of some role, and one of none.
pub fn permissions() -> Vec<Permission> {
    let all = ResourceType::ALL.iter().flat_map(|of| Action::ALL.iter().map(|action| Permission::new(*of, *action)));
    let is_listed =
        |permission: &Permission| PredefinedRole::all().iter().any(|role| role.permissions.contains(*permission));
    let (listed, others): (Vec<_>, Vec<_>) = all.partition(is_listed);
    listed.into_iter().chain(others.into_iter().take(1)).collect()
}

/// Some subjects, half of them from rules.
fn sampled_subjects(generator: &mut ChaCha20Rng, facts: &Facts, named: &[Subject]) -> Vec<Subject> {
    let mut some = Vec::new();
    for _ in 0..ROUND {
        let rule = if generator.random() { facts.rules.choose(generator) } else { None };
        some.extend(rule.map(|rule| &rule.subject).or_else(|| named.choose(generator)).cloned());
    }
    some
}

#[cfg(test)]
mod tests {
    use rolecall_core::access::{Rule, RuleId};
    use rolecall_core::catalogue::RoleId;
    use rolecall_core::identity::Email;

    use super::*;

    /// Each user has three rules.
    fn facts(users: usize) -> Facts {
        let rule = |number: usize| Rule {
            id: RuleId::new(i32::try_from(number).unwrap()),
            subject: Subject::User(Email::parse("email", &format!("user{}@example.com", number / 3)).unwrap()),
            role: RoleId::new(7),
            scope: Scope::Project(ProjectId::new(i64::try_from(number % 50).unwrap())),
        };
        Facts { rules: (0..3 * users).map(rule).collect(), ..Facts::default() }
    }

    #[test]
    fn what_is_little_is_asked_as_a_whole() {
        let plan = Plan::draw(&facts(20), 7);
        let asked: usize = plan.subjects.iter().map(|(_, scopes)| scopes.len() * permissions().len()).sum();
        assert!(plan.is_complete() && asked == plan.decisions, "{asked} of {}", plan.decisions);
        assert!(plan.in_words().starts_with(&format!("Comparing all {asked} decisions,")), "{}", plan.in_words());
    }

    #[test]
    fn of_much_a_seed_draws_some_and_where_their_rules_are() {
        let facts = facts(20_000);
        let plan = Plan::draw(&facts, 7);
        let asked: usize = plan.subjects.iter().map(|(_, scopes)| scopes.len() * permissions().len()).sum();
        assert!(!plan.is_complete() && (DECISIONS..DECISIONS + DECISIONS / 100).contains(&asked), "{asked}");
        assert!(plan.in_words().contains(&format!("about 1000000 of {} decisions", plan.decisions)));
        assert!(plan.subjects.len() > ROUND, "more than one round");
        for (subject, scopes) in &plan.subjects {
            assert!(scopes.contains(&Scope::Account));
            let own = facts.rules.iter().filter(|rule| rule.subject == *subject);
            assert!(own.map(|rule| rule.scope).all(|scope| scopes.contains(&scope)), "{subject}");
        }
        let again = Plan::draw(&facts, 7);
        assert_eq!((&plan.subjects, &plan.holders), (&again.subjects, &again.holders));
        assert_ne!(plan.subjects, Plan::draw(&facts, 8).subjects);
    }
}
