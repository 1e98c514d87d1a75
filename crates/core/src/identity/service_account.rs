//! What the world knows of a service account.

use serde::{Deserialize, Serialize};

use super::{ClientId, ServiceAccountId, ServiceAccountName};

/// A service account in the world: a machine identity that signs in with a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceAccount {
    /// Its id.
    pub id: ServiceAccountId,
    /// Its client id: its name as a subject.
    pub client_id: ClientId,
    /// Its display name.
    pub name: ServiceAccountName,
    /// A disabled one cannot sign in, and its tokens are refused.
    pub enabled: bool,
}
