//! The doctor: whether a database is sound, and whether what this program decides on it is what its rules say.
//!
//! It reads and changes nothing, beside a running server or without one. What is right is said by
//! [`rolecall_core::verify`], from plain lists of the facts; who sees what in the lists is asked of the database as the API
//! asks it.

mod feed;
mod lists;
mod names;
mod plan;

use std::collections::BTreeSet;
use std::time::Duration;

use rolecall_core::identity::{Subject, UserId};
use rolecall_core::verify::{Facts, Tally, compare_subject, compare_who_can};
use rolecall_core::{Change, Error, Result, World};
use rolecall_store::Store;

use super::sessions::SIGNING_KEY;
use lists::Listed;
pub use names::mistakable_names;
pub use plan::Plan;

/// How often a list is compared again because somebody changed something meanwhile.
const TRIES: usize = 20;

/// Of how many subjects, and of how many places, all that concerns them is kept at a time, found by one look at all rules.
const AT_ONCE: usize = 100;

/// How many revisions are read from the feed at a time.
const BATCH: usize = 1000;

/// A database that is looked at: all its facts, as lists and as a world.
#[derive(Debug)]
pub struct Doctor {
    store: Store,
    facts: Facts,
    world: World,
}

impl Doctor {
    /// Reads all facts, at one revision. `progress` hears how many were read by then.
    ///
    /// # Errors
    /// When the database does not answer, or holds what is no fact.
    pub async fn load(store: &Store, mut progress: impl FnMut(usize)) -> Result<Self> {
        const NOTHING: [Change; 0] = [];
        let mut loading = store.load().await?;
        let mut world = World::empty(loading.account().clone())
            .apply(loading.stamp().revision, NOTHING)
            .identified(loading.stamp().id);
        let (mut facts, mut read) = (Facts::default(), 0);
        while let Some(more) = loading.more().await? {
            read += more.len();
            progress(read);
            world = world.with(&more);
            more.into_iter().for_each(|fact| facts.add(fact));
        }
        Ok(Self { store: store.clone(), facts, world })
    }

    /// What is sound, a line each, and which names people may take for one another.
    ///
    /// # Errors
    /// Conflict when something is not, which says what to do.
    pub async fn check(&self) -> Result<Vec<String>> {
        if self.facts.users.is_empty() {
            return Err(Error::conflict(
                "there are no users in this database; start `rolecall serve`, which creates an administrator",
            ));
        }
        let ways_in = self.world.ways_in().count();
        if ways_in == 0 {
            return Err(Error::conflict(
                "no enabled local user with their own password is System administrator of the account; run `rolecall admin recover`",
            ));
        }
        if self.store.key(SIGNING_KEY).await?.is_none() {
            return Err(Error::conflict(
                "the key that signs tokens is missing; start `rolecall serve`, which creates one",
            ));
        }
        let mut sound = vec![
            format!("The database is one of this version, at revision {}.", self.world.revision()),
            format!("{ways_in} local administrator(s) can sign in."),
            "The key that signs tokens is there.".to_owned(),
        ];
        // An earlier version took them, and everything works with them; but a person may choose the wrong one.
        sound.extend(mistakable_names(&self.world));
        Ok(sound)
    }

    /// What is to be compared: everything while that is at most a million decisions, otherwise as many that `seed` draws.
    ///
    /// # Errors
    /// Never with a seed.
    pub fn plan(&self, seed: u64) -> Result<Plan> {
        Plan::draw(&self.facts, seed)
    }

    /// Compares what this program decides and lists with what the rules say. `progress` hears of it now and then.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn verify(&mut self, plan: &Plan, mut progress: impl FnMut(&Tally)) -> Result<Tally> {
        let permissions = plan::permissions();
        let mut tally = Tally::default();
        feed::compare(&self.store, &self.facts, self.world.stamp(), &mut tally).await?;
        for some in plan.subjects.chunks(AT_ONCE) {
            let names: BTreeSet<Subject> = some.iter().map(|(subject, _)| subject.clone()).collect();
            let facts = self.facts.about_all(&names);
            for (subject, scopes) in some {
                compare_subject((&facts, &self.world), subject, (scopes, &permissions), &mut tally);
                progress(&tally);
            }
        }
        for some in plan.places.chunks(AT_ONCE) {
            let facts = self.facts.at(some.iter().map(|(_, scope)| *scope));
            for (permission, scope) in some {
                compare_who_can((&facts, &self.world), *permission, *scope, plan::PAGE, &mut tally);
                progress(&tally);
            }
        }
        for asker in &plan.readers {
            tally.add(self.settled(asker, &plan.users).await?);
            progress(&tally);
        }
        Ok(tally)
    }

    /// Compares what somebody sees, at a revision at which the database stood still meanwhile.
    async fn settled(&mut self, asker: &Subject, users: &[UserId]) -> Result<Tally> {
        for _ in 0..TRIES {
            self.follow().await?;
            let listed = Listed::to(&self.store, &self.world.principal_of(asker), users).await?;
            // Working out what is right takes longer than the lists do, and may: what was listed is of this revision.
            if self.store.head().await? == self.world.revision() {
                let mut tally = Tally::default();
                listed.compare(&self.facts, asker, &mut tally);
                return Ok(tally);
            }
        }
        Err(Error::overloaded(
            "the data changes all the time, so lists cannot be compared; try again when it is quieter",
            Duration::from_secs(60),
        ))
    }

    /// Follows the feed to its end.
    async fn follow(&mut self) -> Result<()> {
        loop {
            let feed = self.store.changes_after(self.world.stamp(), BATCH).await?;
            let feed = feed.map_err(|gone| Error::conflict(format!("{gone}; start again")))?;
            if feed.is_empty() {
                return Ok(());
            }
            for (at, changes) in feed {
                self.world = self.world.apply(at.revision, &changes).identified(at.id);
                changes.iter().for_each(|change| self.facts.apply(change));
            }
        }
    }
}
