//! What is asked of a database: everything while it is small, and else as much as a seed draws.

use std::num::NonZeroUsize;

use rolecall_core::Result;
use rolecall_core::catalogue::{Action, Permission, ResourceType, Role};
use rolecall_core::identity::{Subject, UserId};
use rolecall_core::org::{ProjectId, Scope};
use rolecall_core::verify::Facts;

use crate::random::Random;

/// Up to so many decisions everything is compared; beyond it, about so many are drawn.
const DECISIONS: usize = 1_000_000;
/// About how many scopes are drawn for somebody, beside those of his rules.
const OTHER_SCOPES: usize = 4;
/// The most scopes of his rules.
const SCOPES_OF_RULES: usize = 8;
/// How many of those lists are compared that say who can do something somewhere.
const PLACES: usize = 500;
/// How many people's and machines' lists are compared.
const READERS: usize = 60;
/// Of how many users the rules that they hold are listed.
const USERS: usize = 50;
/// How many names of a list are compared.
pub const PAGE: NonZeroUsize = match NonZeroUsize::new(1000) {
    Some(names) => names,
    None => NonZeroUsize::MIN,
};

/// What is asked.
#[derive(Debug)]
pub struct Plan {
    /// Whom, and where.
    pub subjects: Vec<(Subject, Vec<Scope>)>,
    /// Who can do what, where.
    pub places: Vec<(Permission, Scope)>,
    /// Who looks at lists.
    pub readers: Vec<Subject>,
    /// Of whom the rules that they hold are listed.
    pub users: Vec<UserId>,
}

impl Plan {
    /// Draws it.
    ///
    /// # Errors
    /// Never with a seed.
    pub fn draw(facts: &Facts, seed: u64) -> Result<Self> {
        let mut lots = Lots(Random::seeded(seed));
        let permissions = permissions();
        let mut scopes = facts.scopes();
        // One that there is not.
        let highest = facts.projects.keys().map(|id| id.number()).max().unwrap_or_default();
        scopes.push(Scope::Project(ProjectId::new(highest.saturating_add(1_000_000))));
        let named: Vec<Subject> = facts.subjects().into_iter().collect();
        let everything = named.len().saturating_mul(scopes.len()).saturating_mul(permissions.len()) <= DECISIONS;

        let mut subjects = Vec::new();
        if everything {
            subjects.extend(named.iter().map(|subject| (subject.clone(), scopes.clone())));
        } else {
            let mut drawn = 0;
            while drawn < DECISIONS {
                let of_rules = lots.below(2)? == 0;
                let by_rule = if of_rules { lots.one_of(&facts.rules)?.map(|rule| rule.subject.clone()) } else { None };
                let Some(subject) = by_rule.or(lots.one_of(&named)?.cloned()) else { break };
                let mut there = vec![Scope::Account];
                let his = facts.rules.iter().filter(|rule| rule.subject == subject);
                there.extend(his.map(|rule| rule.scope).take(SCOPES_OF_RULES));
                for _ in 0..OTHER_SCOPES {
                    there.extend(lots.one_of(&scopes)?);
                }
                there.sort_unstable();
                there.dedup();
                drawn += there.len().saturating_mul(permissions.len());
                subjects.push((subject, there));
            }
        }

        let mut places = Vec::new();
        if permissions.len().saturating_mul(scopes.len()) <= PLACES {
            places.extend(scopes.iter().flat_map(|scope| permissions.iter().map(|permission| (*permission, *scope))));
        } else {
            for _ in 0..PLACES {
                places.extend(lots.one_of(&permissions)?.copied().zip(lots.one_of(&scopes)?.copied()));
            }
        }

        let machines = facts.machines.iter().map(|machine| Subject::ServiceAccount(machine.client_id.clone()));
        let users = facts.users.iter().map(|user| Subject::User(user.email.clone()));
        let mut readers: Vec<Subject> = users.chain(machines).collect();
        lots.keep(&mut readers, READERS)?;
        // Who sees the most is always among them.
        let administrator = facts.rules.iter().find(|rule| rule.scope == Scope::Account).map(|rule| &rule.subject);
        readers.extend(administrator.filter(|subject| matches!(subject, Subject::User(_))).cloned());
        let mut users: Vec<UserId> = facts.users.iter().map(|user| user.id).collect();
        lots.keep(&mut users, USERS)?;
        Ok(Self { subjects, places, readers, users })
    }
}

/// Every permission that some role lists, and one that none does.
pub fn permissions() -> Vec<Permission> {
    let all = ResourceType::ALL.iter().flat_map(|of| Action::ALL.iter().map(|action| Permission::new(*of, *action)));
    let is_listed = |permission: &Permission| Role::all().iter().any(|role| role.permissions.contains(*permission));
    let (listed, others): (Vec<_>, Vec<_>) = all.partition(is_listed);
    listed.into_iter().chain(others.into_iter().take(1)).collect()
}

/// What the seed draws.
struct Lots(Random);

impl Lots {
    fn below(&mut self, count: usize) -> Result<usize> {
        let number = usize::try_from(u64::from_le_bytes(self.0.bytes()?) >> 1).unwrap_or_default();
        Ok(number.checked_rem(count).unwrap_or_default())
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> Result<Option<&'a T>> {
        Ok(all.get(self.below(all.len())?))
    }

    /// Keeps so many of them.
    fn keep<T>(&mut self, all: &mut Vec<T>, most: usize) -> Result<()> {
        if all.len() > most {
            for place in 0..most {
                let other = place + self.below(all.len() - place)?;
                all.swap(place, other);
            }
            all.truncate(most);
        }
        Ok(())
    }
}
