//! Service accounts: creates, reads and deletes them, and renews their secrets.

mod create;
mod list;
mod manage;

pub use create::{CreatedServiceAccount, create};
pub use list::{get, list};
pub use manage::{delete, renew_secret, set_enabled};

use rolecall_core::Result;
use rolecall_signin::opaque::{OpaqueSecret, SecretKind};

use super::App;

/// A new secret: 256 random bits.
fn secret(app: &App) -> Result<OpaqueSecret> {
    Ok(OpaqueSecret::new(SecretKind::ServiceAccount, &app.random.bytes()?))
}
