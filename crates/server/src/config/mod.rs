//! Settings of a server, from the command line, the environment and a file.
//!
//! A setting is written once: as a field of [`Settings`], or of a part of it, with its help text, its name in the
//! environment, its default and its parser. [`parse`] fills them from all sources; their users check nothing.

mod duration;
mod file;
mod lifetimes;
mod network;
mod postgres_url;
mod public_url;
mod settings;
mod sources;
mod storage;

pub use lifetimes::Lifetimes;
pub use postgres_url::PostgresUrl;
pub use public_url::PublicUrl;
pub use settings::{FirstAdministrator, Settings, TlsFiles};
pub use sources::parse;
pub use storage::{EncryptionKey, Storage};

/// Why a value is refused, with the value. The setting's name comes before it.
fn refused(text: &str, what: &str) -> String {
    format!("{} is not {what}", rolecall_core::text::quoted(text))
}
