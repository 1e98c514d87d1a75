//! The only source of randomness.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rolecall_core::{Error, Result, RevisionId};
use rolecall_signin::opaque::SecretHash;
use uuid::Uuid;

/// Random bytes: the operating system's, or a repeatable sequence for tests.
#[derive(Debug, Clone)]
pub struct Random(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Seeded { seed: u64, drawn: Arc<AtomicU64> },
}

impl Random {
    /// The operating system's generator.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A sequence determined by its seed. Clones share one sequence. For tests and samples only, never for secrets.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded { seed, drawn: Arc::default() })
    }

    /// Fills a buffer.
    ///
    /// # Errors
    /// `Internal` when the operating system provides none.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks")]
    pub fn fill(&self, buffer: &mut [u8]) -> Result<()> {
        match &self.0 {
            Source::System => {
                getrandom::fill(buffer).map_err(|e| Error::internal(format!("the system gives no randomness: {e}")))
            }
            Source::Seeded { seed, drawn } => {
                for chunk in buffer.chunks_mut(32) {
                    let block = SecretHash::of(&format!("{seed}/{}", drawn.fetch_add(1, Ordering::SeqCst)));
                    for (to, from) in chunk.iter_mut().zip(block.as_bytes()) {
                        *to = *from;
                    }
                }
                Ok(())
            }
        }
    }

    /// That many random bytes.
    ///
    /// # Errors
    /// `Internal` when the operating system provides none.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// The id of a new revision.
    ///
    /// # Errors
    /// `Internal` when the operating system provides none.
    pub fn revision_id(&self) -> Result<RevisionId> {
        Ok(RevisionId::new(u64::from_ne_bytes(self.bytes()?)))
    }

    /// A random UUID (version 4).
    ///
    /// # Errors
    /// `Internal` when the operating system provides none.
    pub fn uuid(&self) -> Result<Uuid> {
        Ok(uuid::Builder::from_random_bytes(self.bytes()?).into_uuid())
    }
}
