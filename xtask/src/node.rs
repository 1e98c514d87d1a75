//! The JavaScript side: packages of a lock file, and their programs.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result};

use crate::step;
use crate::workspace::Workspace;

/// A directory of the checkout with a `package.json`, whose packages are installed.
#[derive(Debug)]
pub(crate) struct Packages {
    folder: PathBuf,
}

impl Packages {
    /// Installs the lock file's packages in `folder`, unless they are installed already.
    ///
    /// # Errors
    /// When npm fails; its output is above.
    pub(crate) fn install(workspace: &Workspace, folder: &str) -> Result<Self> {
        let folder = workspace.root().join(folder);
        let lock = folder.join("package-lock.json");
        let wanted = fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
        // Written last, so that an interrupted installation does not count.
        let stamp = folder.join("node_modules").join(".installed-lock");
        if !fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
            step::timed(&format!("install the packages of {}", folder.display()), || {
                // No package needs its install script, so none runs.
                let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
                step::run(Command::new("npm").args(arguments).current_dir(&folder))?;
                Ok(fs::write(&stamp, wanted)?)
            })?;
        }
        Ok(Self { folder })
    }

    /// Their directory.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A program of theirs, run in their directory.
    pub(crate) fn program(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.folder.join("node_modules").join(".bin").join(name));
        command.args(arguments).current_dir(&self.folder);
        command
    }
}

/// Whether this machine has a Node that is new enough.
pub(crate) fn is_present() -> bool {
    let program =
        "const [a, b] = process.versions.node.split('.'); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)";
    step::succeeds(Command::new("node").args(["-e", program])) && step::succeeds(Command::new("npm").arg("--version"))
}

/// The browser of the tests: the one in the environment variable, else Debian's.
pub(crate) fn chromium() -> PathBuf {
    env::var_os("ROLECALL_TEST_CHROMIUM").map_or_else(|| "/usr/bin/chromium".into(), PathBuf::from)
}
