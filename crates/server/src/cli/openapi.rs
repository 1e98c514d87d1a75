//! `rolecall openapi`.

use rolecall_core::{Error, Result};

use super::terminal;
use crate::http::router;

pub fn run() -> Result<()> {
    let document = router::document().to_pretty_json().map_err(Error::internal)?;
    terminal::show(&document);
    Ok(())
}
