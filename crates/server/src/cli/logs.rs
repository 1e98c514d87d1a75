//! The log on standard error: JSON lines, or plain text on a terminal.

use std::io::{self, IsTerminal};

use rolecall_core::{Error, Result};
use tracing_subscriber::EnvFilter;

/// Starts logging with a filter.
///
/// # Errors
/// `Invalid` when the filter is invalid.
pub fn start(filter: &str) -> Result<()> {
    // PostgreSQL's notices, such as that a table exists already, say nothing to an operator.
    let filter = EnvFilter::builder().parse(format!("tokio_postgres=warn,{filter}")).map_err(|e| {
        Error::invalid(format!("log: {filter:?} is not a filter such as info or info,rolecall::http=debug: {e}"))
    })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        // When standard error is closed, an error about a failed log line would go to standard error too, and panic, in
        // the middle of a request or during shutdown.
        .log_internal_errors(false);
    let started = if io::stderr().is_terminal() {
        log.with_target(false).try_init()
    } else {
        log.json().flatten_event(true).with_span_list(false).try_init()
    };
    started.map_err(Error::internal)
}
