//! Takes the built console into the binary, as it lies in `console/dist/site`: each file with its compressed forms and
//! the hash of its content. Builds nothing itself, so that `cargo build` needs no Node; without a built console the
//! binary gets the page that says how to make one.

use std::error::Error;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Set where a binary without the console must not be built.
const REQUIRED: &str = "ROLECALL_CONSOLE_REQUIRED";

fn main() -> Result<(), Box<dyn Error>> {
    let package = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let dist = package.join("../../console/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-env-changed={REQUIRED}");
    println!("cargo::rerun-if-changed=build.rs");

    let site = dist.join("site");
    let mut files = Vec::new();
    if site.join("index.html").is_file() {
        collect(&site, &mut files)?;
    } else if env::var_os(REQUIRED).is_some() {
        return Err("the console is not built: there is no console/dist/site/index.html".into());
    }
    files.sort();

    let mut table = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&site)?.to_str().ok_or("a file of the console has no UTF-8 name")?;
        write_entry(&mut table, name, file)?;
    }
    if files.is_empty() {
        let absent = package.join("src/http/console/absent.html");
        println!("cargo::rerun-if-changed={}", absent.display());
        write_entry(&mut table, "index.html", &absent)?;
    }
    table.push(']');
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("console_files.rs"), table)?;
    Ok(())
}

/// All files under `folder` but the compressed forms of others.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if !path.extension().is_some_and(|extension| extension == "br" || extension == "gz") {
            files.push(path);
        }
    }
    Ok(())
}

fn write_entry(table: &mut String, name: &str, file: &Path) -> Result<(), Box<dyn Error>> {
    let mut hasher = DefaultHasher::new();
    fs::read(file)?.hash(&mut hasher);
    let hash = hasher.finish();
    let plain = include(file)?;
    let brotli = compressed(file, "br")?;
    let gzip = compressed(file, "gz")?;
    // Weak: the compressed forms are other bytes of the same thing.
    writeln!(
        table,
        "File {{ name: {name:?}, etag: \"W/\\\"{hash:016x}\\\"\", plain: {plain}, brotli: {brotli}, gzip: {gzip} }},"
    )?;
    Ok(())
}

fn compressed(file: &Path, extension: &str) -> Result<String, Box<dyn Error>> {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    let compressed = PathBuf::from(name);
    Ok(if compressed.is_file() { format!("Some({})", include(&compressed)?) } else { "None".to_owned() })
}

fn include(file: &Path) -> Result<String, Box<dyn Error>> {
    let path = file.canonicalize()?;
    Ok(format!("include_bytes!({:?})", path.to_str().ok_or("the checkout's path is not UTF-8")?))
}
