//! Changes by an operator with a shell on the host: before a server runs, or beside one.

use rolecall_core::access::{Act, Actor, Permit};
use rolecall_core::{Error, Result, Timestamp, World};
use rolecall_signin::password::hash::Hasher;
use rolecall_signin::secret::Secret;
use rolecall_store::{ChangeTx, RequestFacts, Store};

use crate::clock::Clock;
use crate::engine::replay;
use crate::random::Random;

/// A change in progress, like [`super::OpenChange`] for a running server.
#[derive(Debug)]
pub struct HostChange {
    /// The transaction.
    pub tx: ChangeTx,
    /// The world before the change.
    pub world: World,
    /// The time of the change.
    pub now: Timestamp,
}

impl HostChange {
    /// Takes the next revision and loads the world of the preceding one.
    pub async fn open(store: &Store, clock: &Clock, random: &Random) -> Result<Self> {
        let known = store.load_world().await?;
        // The returned feed has the changes between the two.
        let begun = store.begin(known.stamp(), random.revision_id()?).await?;
        let (tx, feed) = begun.map_err(|gone| {
            Error::conflict("the database was restored or failed over in this moment; try again").with_cause(gone)
        })?;
        Ok(Self { tx, world: replay(&known, &feed), now: clock.now() })
    }

    /// Authorizes the host.
    pub fn authorize(&self, act: Act) -> Result<Permit> {
        self.world.authorize(&Actor::Host, act)
    }

    /// Runs the lockout check and commits. `command` stands for the URL in the audit log.
    pub async fn commit(self, permit: Permit, command: &str, random: &Random) -> Result<World> {
        self.tx.commit(permit, &self.world, &facts(command, random)?, self.now).await
    }
}

/// A command, as the audit log records it in place of a request.
pub fn facts(command: &str, random: &Random) -> Result<RequestFacts> {
    Ok(RequestFacts {
        source_ip: String::new(),
        method: String::new(),
        url: command.to_owned(),
        request_id: String::new(),
        audit_id: random.uuid()?,
        status: 200,
    })
}

/// The hash of a password, for storage.
pub fn hash(password: &Secret, random: &Random) -> Result<String> {
    let hash = Hasher::new().hash(password, &random.bytes()?).map_err(|e| Error::invalid(e.to_string()))?;
    Ok(hash.to_phc())
}
