//! Words that no text of the project has: people are *they*, and a person has a name, a role or is "who".

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};

use crate::workspace::Workspace;

/// In any case, as whole words, also in names.
const BANNED: [&str; 15] = [
    "whoever", "he", "his", "him", "himself", "she", "her", "hers", "herself", "lineage", "ancestry", "asker",
    "askers", "founding", "somebody",
];

/// Where people wrote the text.
const ROOTS: [&str; 8] =
    ["crates", "console/src", "console/build", "e2e", "docs", "xtask/src", "bench/src", "fuzz/targets"];

/// What others wrote, what is generated, and migrations, which are never edited.
const SKIPPED: [&str; 6] = ["node_modules", "target", "dist", "migrations", "vectors", "words.rs"];

const KINDS: [&str; 8] = ["rs", "ts", "tsx", "js", "css", "py", "md", "sql"];

pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut found = Vec::new();
    for root in ROOTS {
        look(&workspace.root().join(root), &mut found)?;
    }
    for entry in fs::read_dir(workspace.root())? {
        let path = entry?.path();
        if path.is_file() {
            look(&path, &mut found)?;
        }
    }
    ensure!(found.is_empty(), "words to replace:\n{}", found.join("\n"));
    Ok(())
}

fn look(path: &Path, found: &mut Vec<String>) -> Result<()> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if SKIPPED.contains(&name) {
        return Ok(());
    }
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            look(&entry?.path(), found)?;
        }
    } else if path.extension().and_then(|it| it.to_str()).is_some_and(|it| KINDS.contains(&it)) {
        for (line, text) in (1..).zip(fs::read_to_string(path)?.lines()) {
            found.extend(banned(text).map(|word| format!("{}:{line}: {word}", path.display())));
        }
    }
    Ok(())
}

fn banned(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|char: char| !char.is_alphanumeric());
    words.filter(|word| BANNED.iter().any(|banned| word.eq_ignore_ascii_case(banned)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_and_in_any_case() {
        let found: Vec<&str> = banned("Whoever reads this, the history, and (his) hero_he").collect();
        assert_eq!(found, ["Whoever", "his", "he"]);
    }
}
