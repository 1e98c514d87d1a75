//! Changing access: one transaction, one permit, one revision.
//!
//! A [`ChangeTx`] takes the next revision first, which orders all changes of all replicas; every later step sees the
//! state of the preceding revision. What is changed comes from the permit alone, so nothing can be written that was not
//! permitted. `core` computes what an act changes; this module writes it to the tables.
//! Nothing here decides who may do what; the lockout check (`ensure_way_in`) belongs to `core` and runs on commit.

mod admission;
mod bootstrap;
mod commit;
mod details;
mod identity_providers;
mod last_change;
mod node_rows;
mod nodes;
mod rebinding;
mod recovery;
mod roles;
mod rows;
mod rule_counts;
mod rules;
mod service_accounts;
mod sessions;
mod user_rows;
mod users;

use std::any::TypeId;
use std::ops::RangeInclusive;

use rolecall_core::access::{Actor, Rule};
use rolecall_core::acts::{Act, Entity, Permit};
use rolecall_core::org::Account;
use rolecall_core::{Change, Error, ErrorKind, Result, Revision, RevisionId, RevisionStamp, Timestamp, World};
use uuid::Uuid;

pub use bootstrap::{
    Bootstrap, BootstrapCluster, BootstrapDepartment, BootstrapProject, BootstrapRule, BootstrapScope,
    BootstrapServiceAccount, BootstrapUser,
};
pub use commit::RequestFacts;
pub use identity_providers::{NewProvider, ProviderChange};
pub use service_accounts::NewServiceAccount;
pub use users::{NewPassword, NewUser};

use self::details::Details;
use crate::Store;
use crate::backend::{Purpose, Transaction};
use crate::feed::{self, Proven};
use crate::sql::{Sql, Value};

/// A transaction that changes access, in the world before it and at its own time. Dropping it without a commit rolls
/// everything back, including the revision.
#[derive(Debug)]
pub struct ChangeTx {
    transaction: Transaction,
    /// The world of the preceding revision.
    world: World,
    /// The time of the change.
    now: Timestamp,
    stamp: RevisionStamp,
    changes: Vec<Change>,
    /// The act that was performed, and what it was done to.
    performed: Option<(TypeId, Entity)>,
    /// The account of the bootstrap.
    bootstrapped: Option<Account>,
    /// The id of the created entity, for the audit log.
    made: Option<String>,
    /// A rule created in addition, and the id of its own audit row.
    ruled: Option<(Rule, Uuid)>,
}

impl Store {
    /// Begins the change with that id, which follows on the history of the known world, and waits for earlier changes, here
    /// and on other replicas. `now` is called after the revision is taken.
    ///
    /// # Errors
    /// `Overloaded` when that takes too long or the database does not answer.
    // INVARIANT: every change follows on the history of `known`.
    pub async fn begin(
        &self,
        known: &World,
        id: RevisionId,
        now: impl FnOnce() -> Timestamp,
    ) -> Result<Proven<ChangeTx>> {
        let mut transaction = self.backend.begin(Purpose::Change).await?;
        let next = Sql::new("UPDATE revision SET value = value + 1 RETURNING value");
        let row = transaction.first(next).await?.ok_or_else(|| Error::internal("the table `revision` is empty"))?;
        let revision = Revision::new(row.int(0)?);
        let last = Revision::new(revision.number().saturating_sub(1));
        // Taking the revision excludes other changes: the feed now holds everything before this one.
        let feed = match feed::changes_between(&mut transaction, known.stamp(), last).await? {
            Ok(feed) => feed,
            Err(gone) => return Ok(Err(gone)),
        };
        let world = feed::replay(known, &feed);
        if world.revision() != last {
            return Err(Error::internal(format!("the change to revision {revision} follows on {}", world.stamp())));
        }
        Ok(Ok(ChangeTx {
            transaction,
            world,
            now: now(),
            stamp: RevisionStamp { revision, id },
            changes: Vec::new(),
            performed: None,
            bootstrapped: None,
            made: None,
            ruled: None,
        }))
    }
}

impl ChangeTx {
    /// The revision of this change.
    #[must_use]
    pub const fn stamp(&self) -> RevisionStamp {
        self.stamp
    }

    /// The world before this change.
    #[must_use]
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// The time of this change.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Permits an act in the world before this change.
    ///
    /// # Errors
    /// As [`World::authorize`].
    pub fn authorize<A: Act>(&self, actor: &Actor, act: A) -> Result<Permit<A>> {
        self.world.authorize(actor, act)
    }

    /// The act of a permit that was given for this change.
    // INVARIANT: every function that changes data gets its act from here. A permit of another world proves nothing.
    fn act_of<'p, A: Act>(&self, permit: &'p Permit<A>) -> Result<&'p A> {
        if permit.stamp() == self.world.stamp() {
            return Ok(permit.act());
        }
        Err(Error::internal(format!(
            "a permit of revision {} was used for the change to revision {}, which follows on {}",
            permit.stamp(),
            self.stamp,
            self.world.stamp()
        )))
    }

    /// Performs an act whose new rows need no details.
    async fn enact<'p, A: Act>(&mut self, permit: &'p Permit<A>, new: A::New) -> Result<&'p A> {
        self.enact_with(permit, new, Details::default()).await
    }

    /// Performs the act of a permit: its effects are recorded as the changes of this transaction and written to the tables.
    // INVARIANT: what changes for decisions comes from here, and, for sessions, from `end`.
    async fn enact_with<'p, A: Act>(&mut self, permit: &'p Permit<A>, new: A::New, details: Details) -> Result<&'p A> {
        let act = self.act_of(permit)?;
        if self.performed.is_some() {
            return Err(Error::internal(
                "a second act in one change: its effects would be those in the world before the first",
            ));
        }
        self.performed = Some((TypeId::of::<A>(), permit.entity().clone()));
        self.changes.extend(permit.effects(&self.world, new)?);
        let changes = self.changes.clone();
        self.write(&changes, permit.actor(), details).await?;
        Ok(act)
    }

    /// Refuses to commit anything but the act that was performed.
    fn ensure_performed<A: Act>(&self, permit: &Permit<A>) -> Result<()> {
        self.act_of(permit)?;
        match &self.performed {
            Some((kind, entity)) if *kind == TypeId::of::<A>() && entity == permit.entity() => Ok(()),
            _ => Err(Error::internal(format!("a permit for {:?} would commit another act", permit.act()))),
        }
    }

    /// The next numbers of a counter, in order. No number is reused, unless this is rolled back.
    async fn next_numbers(&mut self, counter: &str, count: usize) -> Result<RangeInclusive<i64>> {
        let count = i64::try_from(count).map_err(Error::internal)?;
        let mut sql = Sql::new("UPDATE counters SET value = value + ");
        sql.bind(count).push(" WHERE name = ").bind(counter).push(" RETURNING value");
        let row = self.transaction.first(sql).await?;
        let last = row.ok_or_else(|| Error::internal(format!("there is no counter {counter:?}")))?.int(0)?;
        Ok(last - count + 1..=last)
    }

    /// The start of an update of rows in a table that records last changes: `, column = …` and a condition follow.
    // INVARIANT: every update of such a row uses this, so that its ETag changes with it.
    fn update(&self, table: &str) -> Sql {
        let mut update = Sql::new("UPDATE ");
        update.push(table).push(" SET revision = ").bind(self.stamp.number());
        update.push(", revision_id = ").bind(self.stamp.id.bits().cast_signed()).push(", updated_at = ").bind(self.now);
        update
    }

    /// Inserts rows, as many in one statement as both databases accept.
    async fn insert(&mut self, into: &str, rows: Vec<Vec<Value>>) -> Result<()> {
        const ROWS_PER_STATEMENT: usize = 500;
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let mut sql = Sql::new("INSERT INTO ");
            sql.push(into).push(" VALUES ");
            let mut separator = "";
            for row in rows.by_ref().take(ROWS_PER_STATEMENT) {
                sql.push(separator).bind_all(row);
                separator = ", ";
            }
            self.transaction.execute(sql).await?;
        }
        Ok(())
    }
}

/// The permit's entity is in the world but not in the tables.
fn out_of_step(what: &str, id: impl std::fmt::Display) -> Error {
    Error::internal(format!("the world and the tables disagree about {what} {id}"))
}

/// The same error, with a message that names the value if a unique index rejected it.
fn or_conflict<T>(done: Result<T>, words: impl FnOnce() -> String) -> Result<T> {
    done.map_err(|error| if error.kind == ErrorKind::Conflict { Error::conflict(words()) } else { error })
}
