//! The only source of randomness.

use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::ChaCha20Rng;
use rand::{Rng, SeedableRng};
use rolecall_core::{Error, Result, RevisionId};
use uuid::Uuid;

/// Random bytes: the operating system's, or a repeatable sequence for tests.
#[derive(Debug, Clone)]
pub struct Random(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Seeded(Arc<Mutex<ChaCha20Rng>>),
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
        Self(Source::Seeded(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))))
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
            Source::Seeded(generator) => {
                generator.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(buffer);
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
