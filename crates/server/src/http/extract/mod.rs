//! What handlers take from a request: who asks, the body, the query.

pub(super) mod body;
mod caller;
mod query;

pub use body::Body;
pub use caller::{Caller, NewcomerCaller, Request};
pub use query::Query;
