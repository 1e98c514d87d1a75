//! The log: on standard error, as lines of JSON unless a person looks on.

use std::io::{self, IsTerminal};

use rolecall_core::{Error, Result};
use tracing_subscriber::EnvFilter;

/// Starts logging what the filter lets through.
///
/// # Errors
/// Invalid when the filter is none.
pub fn start(filter: &str) -> Result<()> {
    let filter = EnvFilter::builder().parse(filter).map_err(|e| {
        Error::invalid(format!("log: {filter:?} is not a filter such as info or info,rolecall::http=debug: {e}"))
    })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        // Nobody is there to be told that nobody reads: a line that cannot be written would be complained of on standard
        // error, which panics, in the middle of a request or on the way to stop.
        .log_internal_errors(false);
    let started = if io::stderr().is_terminal() {
        log.with_target(false).try_init()
    } else {
        log.json().flatten_event(true).with_span_list(false).try_init()
    };
    started.map_err(Error::internal)
}
