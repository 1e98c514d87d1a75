//! Who gets a connection of the pool, also when PostgreSQL has no more for us than we hold already.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Object, Pool, PoolError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_postgres::error::SqlState;

/// How long a place stays taken for which PostgreSQL had no connection. It bounds how often it is asked for more.
const REFUSED_FOR: Duration = Duration::from_secs(1);

/// As many places as there may be connections. Each connection in use takes one, so that a request waits for one of ours
/// instead of failing where a new one is refused.
#[derive(Debug)]
pub(super) struct Places(Arc<Semaphore>);

/// A connection of the pool, and the place that it takes.
#[derive(Debug)]
pub(super) struct Connection {
    // INVARIANT: it comes first, and so it is back in the pool before the next in line looks there.
    object: Object,
    _place: OwnedSemaphorePermit,
}

impl Places {
    pub(super) fn new(count: usize) -> Self {
        Self(Arc::new(Semaphore::new(count)))
    }

    /// Waits for a connection, without a limit of its own.
    pub(super) async fn connection(&self, pool: &Pool) -> Result<Connection, PoolError> {
        loop {
            let place = Arc::clone(&self.0).acquire_owned().await.map_err(|_| PoolError::Closed)?;
            match pool.get().await {
                Ok(object) => return Ok(Connection { object, _place: place }),
                Err(PoolError::Backend(error)) if error.code() == Some(&SqlState::TOO_MANY_CONNECTIONS) => {
                    tokio::spawn(async move {
                        tokio::time::sleep(REFUSED_FOR).await;
                        drop(place);
                    });
                }
                Err(error) => return Err(error),
            }
        }
    }
}

impl Connection {
    /// Closes it, instead of leaving it to others.
    pub(super) fn discard(self) {
        drop(Object::take(self.object));
    }
}

impl Deref for Connection {
    type Target = Object;

    fn deref(&self) -> &Object {
        &self.object
    }
}

impl DerefMut for Connection {
    fn deref_mut(&mut self) -> &mut Object {
        &mut self.object
    }
}
