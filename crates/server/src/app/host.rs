//! Changes by an operator with a shell on the host: before a server runs, or beside one.

use rolecall_core::{Error, Result};
use rolecall_signin::password::hash::Hasher;
use rolecall_signin::secret::Secret;
use rolecall_store::{ChangeTx, RequestFacts, Store};

use super::call::WITHOUT_RESPONSE;
use crate::clock::Clock;
use crate::random::Random;

/// Begins a change by an operator: takes the next revision, in the world of the preceding one. `facts` stands for its request
/// when it is committed.
///
/// # Errors
/// When the database does not answer.
pub async fn begin(store: &Store, clock: &Clock, random: &Random) -> Result<ChangeTx> {
    let known = store.load_world().await?;
    let begun = store.begin(&known, random.revision_id()?, || clock.now()).await?;
    begun.map_err(|gone| {
        Error::conflict("the database was restored or failed over in this moment; try again").with_cause(gone)
    })
}

/// A command, as the audit log records it in place of a request.
pub fn facts(command: &str, random: &Random) -> Result<RequestFacts> {
    Ok(RequestFacts {
        source_ip: String::new(),
        method: String::new(),
        url: command.to_owned(),
        request_id: String::new(),
        audit_id: random.uuid()?,
        status: WITHOUT_RESPONSE,
    })
}

/// The hash of a password, for storage.
pub fn hash(password: &Secret, random: &Random) -> Result<String> {
    let hash = Hasher::new().hash(password, &random.bytes()?).map_err(|e| Error::invalid(e.to_string()))?;
    Ok(hash.to_phc())
}
