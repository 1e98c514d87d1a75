//! The settings file.

use std::fs;
use std::path::Path;

use rolecall_core::{Error, Result};

use super::Given;

/// Reads a TOML file of settings.
///
/// # Errors
/// Invalid when it cannot be read, is no TOML, or holds something that is no setting. The message names the setting.
pub fn read(path: &Path) -> Result<Given> {
    let text = fs::read_to_string(path)
        .map_err(|e| Error::invalid(format!("config: the file {} cannot be read: {e}", path.display())))?;
    parse(&text).map_err(|what| Error::invalid(format!("config: {}: {what}", path.display())))
}

// INVARIANT: no line of the file is repeated, as the error's own `Display` would do: it may hold a password.
fn parse(text: &str) -> Result<Given, String> {
    let deserializer = toml::Deserializer::parse(text).map_err(|e| {
        let before = e.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count().saturating_add(1);
        format!("line {line} is not TOML: {}", e.message())
    })?;
    serde_path_to_error::deserialize(deserializer).map_err(|e| {
        let setting = e.path().to_string();
        let place = if setting == "." { String::new() } else { format!("{setting}: ") };
        format!("{place}{}", e.into_inner().message())
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn settings_have_the_names_of_the_command_line() {
        let given = parse("listen = \"0.0.0.0:80\"\ntrusted-proxies = [\"10.0.0.0/8\"]\ndemo = true").unwrap();
        assert_eq!(given.listen.as_deref(), Some("0.0.0.0:80"));
        assert_eq!(given.trusted_proxies, Some(vec!["10.0.0.0/8".to_owned()]));
        assert_eq!(given.demo, Some(true));
    }

    #[test]
    fn what_is_no_setting_is_refused_by_name() {
        assert!(parse("lisen = \"0.0.0.0:80\"").unwrap_err().contains("lisen"));
        assert!(parse("config = \"other.toml\"").unwrap_err().contains("config"));
        assert!(parse("listen = 80").unwrap_err().starts_with("listen: "));
    }

    #[test]
    fn a_password_in_the_file_is_not_repeated() {
        for text in
            ["demo = true\ndatabase-url = \"postgres://me:hush@db/x", "database-url = [\"postgres://me:hush@db/x\"]"]
        {
            let message = parse(text).unwrap_err();
            assert!(!message.contains("hush"), "{message}");
        }
        assert!(parse("demo = true\ndatabase-url = \"x").unwrap_err().starts_with("line 2"));
    }
}
