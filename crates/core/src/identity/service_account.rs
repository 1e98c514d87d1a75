//! What the world knows of a service account.

use serde::{Deserialize, Serialize};

use super::{ClientId, ServiceAccountId, ServiceAccountName};

/// What the world knows of a service account: a machine that signs in with a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceAccount {
    /// Its id.
    pub id: ServiceAccountId,
    /// Its subject name.
    pub client_id: ClientId,
    /// What people call it.
    pub name: ServiceAccountName,
    /// A disabled one does not sign in, and its tokens count for nothing.
    pub enabled: bool,
}
