//! Requests with a revision, answered from a world that includes it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rolecall_core::{Error, Result, Revision, RevisionId, RevisionStamp, Timestamp, World};
use rolecall_store::Store;
use tokio::time::timeout;

use super::{Engine, Known};

/// Maximum wait of a request for its revision.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// A revision in a request: its number, and its id unless the client has only the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedRevision {
    revision: Revision,
    id: Option<RevisionId>,
}

impl NamedRevision {
    /// Parses `42-0123456789abcdef`, or the number alone.
    ///
    /// # Errors
    /// `Invalid` for any other text.
    pub fn parse(text: &str) -> Result<Self> {
        let (number, id) = text.split_once('-').map_or((text, None), |(number, id)| (number, Some(id)));
        let revision = number.parse().ok().filter(|number: &i64| *number >= 0).map(Revision::new);
        let id = id.map(RevisionId::parse).transpose().ok();
        revision.zip(id).map(|(revision, id)| Self { revision, id }).ok_or_else(|| {
            Error::invalid(
                "Rolecall-Revision: not a revision; send the header from the response to a change, such as 42-0123456789abcdef",
            )
        })
    }
}

impl fmt::Display for NamedRevision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.id {
            Some(id) => RevisionStamp { revision: self.revision, id }.fmt(f),
            None => self.revision.fmt(f),
        }
    }
}

impl Engine {
    /// A world at `named` or later.
    ///
    /// # Errors
    /// `Invalid` when there is no such revision, or not in this history; `Overloaded` when it does not arrive in time.
    pub async fn at_least(&self, store: &Store, named: NamedRevision, now: Timestamp) -> Result<Arc<World>> {
        let Known { history, mut world } = self.known()?;
        if world.revision() < named.revision {
            let caught_up = timeout(LONGEST_WAIT, self.catch_up(store, now)).await;
            world = caught_up.map_err(|_| not_here(named))??;
            if world.revision() < named.revision {
                // A client with an id has it from a committed change.
                return Err(if named.id.is_some() { gone(named) } else { not_yet(named, &world) });
            }
        }
        let Some(id) = named.id.filter(|_| named.revision > Revision::ZERO) else { return Ok(world) };
        let remembered = match self.ids.get(&(history, named.revision)) {
            _ if named.revision == world.revision() => Some(world.stamp().id),
            Some(remembered) => Some(remembered),
            None => {
                let stamp = timeout(LONGEST_WAIT, store.stamp_of(named.revision)).await;
                let stamp = stamp.map_err(|_| not_here(named))??;
                stamp.inspect(|stamp| self.ids.insert((history, stamp.revision), stamp.id)).map(|stamp| stamp.id)
            }
        };
        match remembered {
            Some(remembered) if remembered == id => Ok(world),
            Some(_) => Err(gone(named)),
            // The world has it, but this session is of a standby that lags.
            None => Err(not_here(named)),
        }
    }
}

fn gone(named: NamedRevision) -> Error {
    let message = format!(
        "Rolecall-Revision: {named} was lost when the database was restored or failed over; remove the header and read your \
         data again"
    );
    Error::invalid(message).with_reason("revision-gone")
}

fn not_yet(named: NamedRevision, world: &World) -> Error {
    Error::invalid(format!("Rolecall-Revision: {named} does not exist yet; the newest is {}", world.revision()))
}

fn not_here(named: NamedRevision) -> Error {
    Error::overloaded(format!("revision {named} has not reached this server yet; try again"), Duration::from_secs(1))
}

#[cfg(test)]
mod tests {
    use super::NamedRevision;

    #[test]
    fn a_revision_is_named_with_its_id_or_without() {
        for text in ["0", "42", "42-0123456789abcdef", "42-0000000000000000"] {
            assert_eq!(NamedRevision::parse(text).map(|named| named.to_string()).ok().as_deref(), Some(text));
        }
        for text in ["", "-1", "x", "42-", "42-abc", "42-0123456789abcdeg", "-0123456789abcdef", "9223372036854775808"]
        {
            assert!(NamedRevision::parse(text).is_err(), "{text:?}");
        }
    }
}
