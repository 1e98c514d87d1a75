//! The paths that documents name exist: who follows one finds a room, not a wall.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::workspace::Workspace;

/// The documents that lead through the house.
const DOCUMENTS: [&str; 3] = ["ARCHITECTURE.md", "CONTRIBUTING.md", "console/README.md"];

/// Where a path may begin, and which folder that is in.
const ROOTS: [(&str, &str); 11] = [
    ("core/", "crates"),
    ("signin/", "crates"),
    ("store/", "crates"),
    ("server/", "crates"),
    ("crates/", "."),
    ("docs/", "."),
    ("console/", "."),
    ("e2e/", "."),
    ("bench/", "."),
    ("fuzz/", "."),
    ("xtask/", "."),
];

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut missing = Vec::new();
    for document in DOCUMENTS {
        let text = std::fs::read_to_string(workspace.root().join(document))?;
        for path in paths(&text) {
            if !workspace.root().join(&path).exists() {
                missing.push(format!("{document}: {path}"));
            }
        }
    }
    ensure!(missing.is_empty(), "paths that do not exist:\n{}", missing.join("\n"));
    Ok(())
}

/// The paths in a document, from the root of the workspace.
fn paths(text: &str) -> Vec<String> {
    let quoted = text.split('`').skip(1).step_by(2);
    let mut paths = Vec::new();
    for name in quoted.filter(|it| !it.contains(|char: char| char.is_whitespace() || "<*".contains(char))) {
        if let Some((_, folder)) = ROOTS.iter().find(|(root, _)| name.starts_with(root)) {
            paths.extend(alternatives(name).into_iter().map(|it| Path::new(folder).join(it).display().to_string()));
        }
    }
    paths
}

/// `a/{b,c}.rs` is `a/b.rs` and `a/c.rs`.
fn alternatives(name: &str) -> Vec<String> {
    let Some((before, rest)) = name.split_once('{') else { return vec![name.to_owned()] };
    let Some((inside, after)) = rest.split_once('}') else { return vec![name.to_owned()] };
    inside.split(',').map(|it| format!("{before}{it}{after}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_in_quotes_that_begin_in_the_house() {
        let text = "| `core/src/{access,acts}/mod.rs`, `docs/sso/` | `World::apply` in `names.rs`, `cargo xtask start`, `e2e/<noun>.js`";
        assert_eq!(paths(text), ["crates/core/src/access/mod.rs", "crates/core/src/acts/mod.rs", "./docs/sso/"]);
    }
}
