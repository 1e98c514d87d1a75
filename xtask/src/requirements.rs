//! System requirements, and their installation.
//!
//! A new requirement is one entry in the table below, used where it is needed.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{node, postgres, step};

/// A system requirement of a command.
#[derive(Debug)]
pub(crate) struct Requirement {
    /// What it is for, as shown to the developer.
    name: &'static str,
    /// Whether it is installed.
    present: fn() -> bool,
    /// The packages of Debian and Ubuntu with it.
    packages: &'static [&'static str],
}

pub(crate) const POSTGRES: Requirement = Requirement {
    name: "PostgreSQL 14 or newer, its server and client programs (the store is tested on it)",
    present: || postgres::find().is_some(),
    packages: &["postgresql"],
};

pub(crate) const PYTHON: Requirement = Requirement {
    name: "Python 3.11 or newer with venv and pip (the end-to-end tests)",
    present: || {
        let program = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
        step::succeeds(Command::new("python3").args(["-c", program]))
    },
    packages: &["python3", "python3-venv"],
};

pub(crate) const CPLUSPLUS: Requirement = Requirement {
    name: "a C++ compiler (libFuzzer, which runs the fuzz targets, is built from its source)",
    present: || step::succeeds(Command::new("c++").arg("--version")),
    packages: &["g++"],
};

pub(crate) const NODE: Requirement = Requirement {
    name: "Node 20.19 or newer with npm (the console)",
    present: node::is_present,
    packages: &["nodejs", "npm"],
};

pub(crate) const CHROMIUM: Requirement = Requirement {
    name: "Chromium (the console is tested in it)",
    present: || step::succeeds(Command::new(node::chromium()).arg("--version")),
    packages: &["chromium"],
};

pub(crate) const XMLSEC: Requirement = Requirement {
    name: "xmlsec1 (a SAML provider of the tests signs with it)",
    present: || on_path("xmlsec1"),
    packages: &["xmlsec1"],
};

pub(crate) const WRK: Requirement = Requirement {
    name: "wrk (the benchmark asks a server as fast as it answers)",
    // It has no option that succeeds and does nothing.
    present: || on_path("wrk"),
    packages: &["wrk"],
};

pub(crate) const TASKSET: Requirement = Requirement {
    name: "taskset (the benchmark keeps a server and who asks it apart)",
    present: || on_path("taskset"),
    packages: &["util-linux"],
};

/// Installs the missing ones of `requirements`.
///
/// # Errors
/// Where this program cannot install (not Debian or Ubuntu, or neither root nor `sudo` without a password): the message
/// lists what to install.
pub(crate) fn ensure(requirements: &[&Requirement]) -> Result<()> {
    let missing = missing(requirements);
    if missing.is_empty() {
        return Ok(());
    }
    let Some(installer) = Installer::of_this_machine() else { bail!("{}", instructions(&missing)) };
    let packages = packages_of(&missing);
    step::timed(&format!("install {}", packages.join(" ")), || installer.install(&packages))?;
    match self::missing(requirements).as_slice() {
        [] => Ok(()),
        missing => bail!("the packages were installed, and yet something is missing\n{}", instructions(missing)),
    }
}

/// Whether this process runs as root.
pub(crate) fn is_root() -> bool {
    step::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join(program).is_file())
}

fn missing<'a>(requirements: &[&'a Requirement]) -> Vec<&'a Requirement> {
    requirements.iter().copied().filter(|requirement| !(requirement.present)()).collect()
}

fn packages_of(requirements: &[&Requirement]) -> Vec<&'static str> {
    requirements.iter().flat_map(|requirement| requirement.packages).copied().collect()
}

fn instructions(missing: &[&Requirement]) -> String {
    let names: String = missing.iter().map(|requirement| format!("\n  - {}", requirement.name)).collect();
    let packages = packages_of(missing).join(" ");
    format!("please install, then run this again:{names}\non Debian and Ubuntu: apt-get install {packages}")
}

/// How this machine installs Debian packages: as root, or by `sudo` without a password.
#[derive(Debug)]
struct Installer {
    by_sudo: bool,
}

impl Installer {
    fn of_this_machine() -> Option<Self> {
        if !step::succeeds(Command::new("apt-get").arg("--version")) {
            return None;
        }
        let by_sudo = !is_root();
        if by_sudo && !step::succeeds(Command::new("sudo").args(["-n", "true"])) {
            return None;
        }
        Some(Self { by_sudo })
    }

    fn install(&self, packages: &[&str]) -> Result<()> {
        step::run(self.apt_get().arg("update"))?;
        step::run(self.apt_get().args(["install", "--yes", "--no-install-recommends"]).args(packages))
    }

    fn apt_get(&self) -> Command {
        let mut command = Command::new(if self.by_sudo { "sudo" } else { "env" });
        if self.by_sudo {
            command.args(["-n", "env"]);
        }
        // Without questions, and waiting for another installation instead of failing.
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300"]);
        command
    }
}

#[cfg(test)]
mod tests {
    use super::{Requirement, ensure, instructions, missing, packages_of};

    const HERE: Requirement = Requirement { name: "what is here", present: || true, packages: &["here"] };
    const GONE: Requirement = Requirement { name: "what is gone", present: || false, packages: &["gone", "gone-data"] };

    #[test]
    fn only_what_is_missing_is_installed() {
        assert_eq!(packages_of(&missing(&[&HERE, &GONE])), ["gone", "gone-data"]);
        assert!(missing(&[&HERE]).is_empty());
    }

    #[test]
    fn nothing_is_installed_when_all_is_there() {
        assert!(ensure(&[&HERE]).is_ok());
    }

    #[test]
    fn the_instructions_name_the_thing_and_its_packages() {
        let text = instructions(&[&GONE]);
        assert!(text.contains("\n  - what is gone\n"), "{text}");
        assert!(text.ends_with("apt-get install gone gone-data"), "{text}");
    }
}
