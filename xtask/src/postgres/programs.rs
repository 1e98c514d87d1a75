//! Finds the PostgreSQL programs of this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::step;

/// Debian and Ubuntu keep the server's programs here, per major version, and not on the PATH.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The required programs: the server, and those with which tests back up, restore and replicate.
const NEEDED: [&str; 6] = ["initdb", "pg_basebackup", "pg_ctl", "pg_dump", "pg_restore", "postgres"];

/// The directory with all of them: the newest of Debian's, else the one of `pg_config` or the PATH.
pub(crate) fn find() -> Option<PathBuf> {
    debian().or_else(by_pg_config).or_else(on_path)
}

fn debian() -> Option<PathBuf> {
    let versions = fs::read_dir(DEBIAN).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    // A version with only the client installed has a directory too.
    let installed = versions.filter(|version| has_server(&directory_of(version)));
    newest(installed).map(|version| directory_of(&version))
}

fn directory_of(version: &str) -> PathBuf {
    Path::new(DEBIAN).join(version).join("bin")
}

fn by_pg_config() -> Option<PathBuf> {
    let output = step::output(Command::new("pg_config").arg("--bindir")).ok()?;
    Some(PathBuf::from(output.trim())).filter(|directory| has_server(directory))
}

fn on_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).find(|directory| has_server(directory))
}

fn has_server(directory: &Path) -> bool {
    NEEDED.iter().all(|program| directory.join(program).is_file())
}

/// The highest version, compared as numbers (`9.6` < `15`). Names that are no version are ignored.
fn newest(versions: impl Iterator<Item = String>) -> Option<String> {
    let numbered = versions.filter_map(|version| {
        let numbers: Result<Vec<u32>, _> = version.split('.').map(str::parse).collect();
        Some((numbers.ok()?, version))
    });
    numbered.max().map(|(_, version)| version)
}

#[cfg(test)]
mod tests {
    use super::newest;

    fn newest_of(names: &[&str]) -> Option<String> {
        newest(names.iter().map(ToString::to_string))
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(newest_of(&["9.6", "15", "14"]).as_deref(), Some("15"));
        assert_eq!(newest_of(&["9.6", "10"]).as_deref(), Some("10"));
        assert_eq!(newest_of(&["9.5", "9.6"]).as_deref(), Some("9.6"));
    }

    #[test]
    fn other_directories_are_not_versions() {
        assert_eq!(newest_of(&["common", "16", "17-backup"]).as_deref(), Some("16"));
        assert_eq!(newest_of(&["common"]), None);
        assert_eq!(newest_of(&[]), None);
    }
}
