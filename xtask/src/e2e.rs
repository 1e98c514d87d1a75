//! The Python side of the end-to-end tests: an environment for each client version, and the pytest command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::step;
use crate::workspace::Workspace;

/// The supported versions of the Run:ai Python client (`runapy`). `e2e/versions.py` lists what older ones lack or name
/// differently.
pub(crate) const CLIENTS: [&str; 2] = ["1.224.0", "1.218.0"];

/// The Python of an environment with exactly `e2e/requirements.txt` and that version of the client. Recreated when the
/// file changes.
pub(crate) fn python(workspace: &Workspace, client: &str) -> Result<PathBuf> {
    let requirements = workspace.root().join("e2e").join("requirements.txt");
    let wanted =
        fs::read_to_string(&requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
    let environment = workspace.target().join(format!("e2e-venv-{client}"));
    let python = environment.join("bin").join("python");
    // Written last, so that an interrupted installation does not count.
    let stamp = environment.join("installed-requirements.txt");

    let installed = fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted);
    // The environment refers to the Python that created it, which may have been removed since.
    if installed && step::succeeds(Command::new(&python).arg("--version")) {
        return Ok(python);
    }
    step::run(workspace.command("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
    let pip = ["-m", "pip", "install", "--no-cache-dir", "--disable-pip-version-check", "--progress-bar=off"];
    let client = format!("runapy=={client}");
    step::run(workspace.command(&python).args(pip).arg(client).arg("-r").arg(&requirements))?;
    fs::write(&stamp, wanted)?;
    Ok(python)
}

/// pytest on `e2e/` against the binary `rolecall`.
pub(crate) fn pytest(workspace: &Workspace, python: &Path, rolecall: &Path) -> Command {
    let mut command = workspace.command(python);
    command.args(["-m", "pytest", "e2e"]);
    // Nothing is written into the checkout, and progress shows at once when the output is a file.
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONUNBUFFERED", "1").args(["-p", "no:cacheprovider"]);
    command.env("ROLECALL_BIN", rolecall);
    command
}

#[cfg(test)]
mod tests {
    use super::CLIENTS;

    #[test]
    fn the_tests_know_every_client_and_install_none_beside_it() {
        for client in CLIENTS {
            assert!(include_str!("../../e2e/versions.py").contains(&format!("\"{client}\"")), "{client}");
        }
        assert!(!include_str!("../../e2e/requirements.txt").contains("\nrunapy=="));
    }
}
