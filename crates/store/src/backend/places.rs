//! Permits for pooled connections, also when PostgreSQL accepts no more connections than are open already.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Object, Pool, PoolError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_postgres::error::SqlState;

/// How long a permit stays blocked after PostgreSQL refused a connection. It limits how often another is requested.
const REFUSED_FOR: Duration = Duration::from_secs(1);

/// One permit for each possible connection. Each connection in use holds one, so that a request waits for an open
/// connection instead of failing where a new one is refused.
#[derive(Debug)]
pub(super) struct Places(Arc<Semaphore>);

/// A pooled connection with its permit.
#[derive(Debug)]
pub(super) struct Connection {
    // INVARIANT: this field comes first, so the connection is back in the pool before the next in line looks there.
    object: Object,
    _place: OwnedSemaphorePermit,
}

impl Places {
    pub(super) fn new(count: usize) -> Self {
        Self(Arc::new(Semaphore::new(count)))
    }

    /// Waits for a connection, without its own timeout.
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
    /// Closes it instead of returning it to the pool.
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
