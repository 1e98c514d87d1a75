//! Changes by whoever has a shell on the host: made before a server runs, or beside one.

use rolecall_core::access::{Act, Actor, Permit};
use rolecall_core::{Error, Result, Timestamp, World};
use rolecall_signin::password::hash::Hasher;
use rolecall_signin::secret::Secret;
use rolecall_store::{ChangeTx, RequestFacts, Store};

use crate::clock::Clock;
use crate::engine::replay;
use crate::random::Random;

/// A change on its way, as [`super::OpenChange`] is one for a running server.
#[derive(Debug)]
pub struct HostChange {
    /// Where to write.
    pub tx: ChangeTx,
    /// The world that the change starts from.
    pub world: World,
    /// When it happens.
    pub now: Timestamp,
}

impl HostChange {
    /// Takes the next revision and loads the world of the one before it.
    pub async fn open(store: &Store, clock: &Clock, random: &Random) -> Result<Self> {
        let known = store.load_world().await?;
        // What comes with it was changed between the two.
        let begun = store.begin(known.stamp(), random.revision_id()?).await?;
        let (tx, feed) = begun.map_err(|gone| {
            Error::conflict("the database was restored or failed over in this moment; try again").with_cause(gone)
        })?;
        Ok(Self { tx, world: replay(&known, &feed), now: clock.now() })
    }

    /// Permits what the host may do.
    pub fn authorize(&self, act: Act) -> Result<Permit> {
        self.world.authorize(&Actor::Host, act)
    }

    /// Lets the guards look at the outcome and commits. `command` is what the audit log notes in place of a URL.
    pub async fn commit(self, permit: Permit, command: &str, random: &Random) -> Result<World> {
        let facts = RequestFacts {
            source_ip: String::new(),
            method: String::new(),
            url: command.to_owned(),
            request_id: String::new(),
            audit_id: random.uuid()?,
            status: 200,
        };
        self.tx.commit(permit, &self.world, &facts, self.now).await
    }
}

/// The hash of a password, for storing.
pub fn hash(password: &Secret, random: &Random) -> Result<String> {
    let hash = Hasher::new().hash(password, &random.bytes()?).map_err(|e| Error::invalid(e.to_string()))?;
    Ok(hash.to_phc())
}
