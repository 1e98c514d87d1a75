//! The doctor: checks that a database is sound, and that the program's decisions on it match its rules.
//!
//! It reads and changes nothing, beside a running server or without one. [`rolecall_core::verify`] computes the correct
//! answers from plain lists of facts. The lists come from the database, as the API reads them.

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

/// Maximum repeats of a list's comparison because of concurrent changes.
const TRIES: usize = 20;

/// Subjects or scopes handled at a time, with one pass over all rules.
const AT_ONCE: usize = 100;

/// Revisions read from the feed at a time.
const BATCH: usize = 1000;

/// An examined database: all its facts, as lists and as a world.
#[derive(Debug)]
pub struct Doctor {
    store: Store,
    facts: Facts,
    world: World,
}

impl Doctor {
    /// Reads all facts, at one revision. `progress` receives the number read so far.
    ///
    /// # Errors
    /// When the database does not answer, or holds invalid facts.
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

    /// The passed checks, a line each, and names that people may confuse.
    ///
    /// # Errors
    /// `Conflict` when a check fails; the message says what to do.
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
            format!("The database has this version's schema, at revision {}.", self.world.revision()),
            format!("{ways_in} local administrator(s) can sign in."),
            "The key that signs tokens exists.".to_owned(),
        ];
        // An earlier version accepted them, and they work; but people may choose the wrong one.
        sound.extend(mistakable_names(&self.world));
        Ok(sound)
    }

    /// The plan of the comparison: everything up to a million decisions, otherwise a sample of that size by `seed`.
    #[must_use]
    pub fn plan(&self, seed: u64) -> Plan {
        Plan::draw(&self.facts, seed)
    }

    /// Compares decisions and lists with the correct answers. `progress` is called now and then.
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
        for some in plan.holders.chunks(AT_ONCE) {
            let facts = self.facts.at(some.iter().map(|(_, scope)| *scope));
            for (permission, scope) in some {
                compare_who_can((&facts, &self.world), *permission, *scope, plan::PAGE, &mut tally);
                progress(&tally);
            }
        }
        for caller in &plan.readers {
            tally.add(self.settled(caller, &plan.users).await?);
            progress(&tally);
        }
        Ok(tally)
    }

    /// Compares what a caller sees, at a revision without concurrent changes.
    async fn settled(&mut self, caller: &Subject, users: &[UserId]) -> Result<Tally> {
        for _ in 0..TRIES {
            self.follow().await?;
            let listed = Listed::to(&self.store, &self.world.principal_of(caller), users).await?;
            // Computing the correct answers takes longer than reading the lists. It may: the lists are of this
            // revision.
            if self.store.head().await? == self.world.revision() {
                let mut tally = Tally::default();
                listed.compare(&self.facts, caller, &mut tally);
                return Ok(tally);
            }
        }
        Err(Error::overloaded(
            "the data changes too often to compare lists; try again at a quieter time",
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
