//! Extractors of handlers: the caller, the path, the query, the body.

pub(super) mod body;
mod caller;
mod path;
pub mod query;
mod text;

pub use body::Body;
pub use caller::{Caller, NewcomerCaller, Refused, Request, sender};
pub use path::Path;
pub use query::Query;
pub use text::{List, SecretText, Text};
