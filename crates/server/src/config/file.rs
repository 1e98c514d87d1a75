//! The settings file: TOML, with the names of the command line.

use std::fs;
use std::num::NonZeroU32;
use std::path::Path;

use rolecall_core::text::shortened;
use rolecall_core::{Error, Result};
use toml::{Table, Value};

use super::Given;

/// Reads a TOML file of settings.
///
/// # Errors
/// `Invalid` when the file cannot be read, is not TOML, or has an unknown setting or a value of the wrong type. The message
/// names the setting.
pub fn read(path: &Path) -> Result<Given> {
    let wrong = |what: String| Error::invalid(format!("config: {}: {what}", path.display()));
    let text = fs::read_to_string(path).map_err(|e| wrong(format!("the file cannot be read: {e}")))?;
    parse(&text).map_err(wrong)
}

// INVARIANT: no message repeats a line or a value of the file, which may be a password.
fn parse(text: &str) -> Result<Given, String> {
    let mut file = File(toml::from_str(text).map_err(|e: toml::de::Error| {
        let before = e.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count().saturating_add(1);
        format!("line {line} is not valid TOML: {}; write a setting as name = \"value\"", e.message())
    })?);
    let given = Given {
        demo: file.truth("demo")?,
        data_dir: file.text("data-dir")?.map(Into::into),
        database_url: file.text("database-url")?.map(Into::into),
        encryption_key_file: file.text("encryption-key-file")?.map(Into::into),
        listen: file.text("listen")?,
        public_url: file.text("public-url")?,
        trusted_proxies: file.texts("trusted-proxies")?,
        outbound_networks: file.texts("outbound-networks")?,
        outbound_ca_file: file.text("outbound-ca-file")?.map(Into::into),
        tls_cert: file.text("tls-cert")?.map(Into::into),
        tls_key: file.text("tls-key")?.map(Into::into),
        max_connections: file.count("max-connections")?,
        admin_email: file.text("admin-email")?,
        admin_password_file: file.text("admin-password-file")?.map(Into::into),
        access_token_lifetime: file.text("access-token-lifetime")?,
        session_lifetime: file.text("session-lifetime")?,
        refresh_reuse_grace: file.text("refresh-reuse-grace")?,
        session_idle_timeout: file.text("session-idle-timeout")?,
        temporary_password_lifetime: file.text("temporary-password-lifetime")?,
        groups_lifetime: file.text("groups-lifetime")?,
        max_staleness: file.text("max-staleness")?,
        log: file.text("log")?,
        // A file does not name another file.
        config: None,
    };
    match file.0.into_iter().next() {
        None => Ok(given),
        Some((name, Value::Table(_))) => {
            Err(format!("[{}] is not a setting; write settings without sections", shortened(&name)))
        }
        Some((name, _)) => Err(format!(
            "{}: unknown setting; the names are those of `rolecall serve --help`, without the dashes in front",
            shortened(&name)
        )),
    }
}

/// The settings of a file that have not been read yet.
struct File(Table);

impl File {
    fn text(&mut self, name: &str) -> Result<Option<String>, String> {
        self.0.remove(name).map(|value| text(name, value)).transpose()
    }

    fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>, String> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(Value::Array(items)) => {
                items.into_iter().map(|item| text(name, item)).collect::<Result<_, _>>().map(Some)
            }
            Some(other) => Err(expected(name, "a list of texts, as in [\"10.0.0.0/8\"]", &other)),
        }
    }

    fn truth(&mut self, name: &str) -> Result<Option<bool>, String> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(Value::Boolean(value)) => Ok(Some(value)),
            Some(other) => Err(expected(name, "true or false, without quotes", &other)),
        }
    }

    fn count(&mut self, name: &str) -> Result<Option<NonZeroU32>, String> {
        let Some(value) = self.0.remove(name) else { return Ok(None) };
        let count = value.as_integer().and_then(|number| u32::try_from(number).ok()).and_then(NonZeroU32::new);
        match (count, value) {
            (Some(count), _) => Ok(Some(count)),
            (None, Value::Integer(number)) => Err(format!("{name}: {number} is not a number from 1 to {}", u32::MAX)),
            (None, other) => Err(expected(name, "a whole number, without quotes", &other)),
        }
    }
}

fn text(name: &str, value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(expected(name, "text in quotes", &other)),
    }
}

fn expected(name: &str, what: &str, found: &Value) -> String {
    let found = match found {
        Value::String(_) => "text",
        Value::Integer(_) | Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date or time",
        Value::Array(_) => "a list",
        Value::Table(_) => "a table",
    };
    format!("{name}: expected {what}, found {found}")
}

#[cfg(test)]
mod tests {
    use clap::Args;

    use super::{Given, parse};

    #[test]
    fn settings_have_the_names_of_the_command_line() {
        let given =
            parse("listen = \"0.0.0.0:80\"\ntrusted-proxies = [\"10.0.0.0/8\"]\ndemo = true\nmax-connections = 9");
        let given = given.unwrap();
        assert_eq!(given.listen.as_deref(), Some("0.0.0.0:80"));
        assert_eq!(given.trusted_proxies, Some(vec!["10.0.0.0/8".to_owned()]));
        assert_eq!(given.demo, Some(true));
        assert_eq!(given.max_connections.unwrap().get(), 9);
    }

    #[test]
    fn every_setting_of_the_command_line_can_be_in_the_file() {
        let command = Given::augment_args(clap::Command::new("serve"));
        for name in command.get_arguments().filter_map(|argument| argument.get_long()).filter(|name| *name != "config")
        {
            let read = ["\"x\"", "true", "1", "[\"x\"]"].map(|value| parse(&format!("{name} = {value}")));
            assert_eq!(read.iter().filter(|read| read.is_ok()).count(), 1, "{name}: {read:?}");
        }
    }

    #[test]
    fn a_setting_that_is_wrong_is_named_in_plain_words() {
        for (text, message) in [
            ("lisen = \"0.0.0.0:80\"", "lisen: unknown setting; "),
            ("config = \"other.toml\"", "config: unknown setting; "),
            ("[serve]\nlisten = \"0.0.0.0:80\"", "[serve] is not a setting; write settings without sections"),
            ("listen = 80", "listen: expected text in quotes, found a number"),
            ("trusted-proxies = [10]", "trusted-proxies: expected text in quotes, found a number"),
            (
                "trusted-proxies = \"10.0.0.0/8\"",
                "trusted-proxies: expected a list of texts, as in [\"10.0.0.0/8\"], found text",
            ),
            ("demo = \"yes\"", "demo: expected true or false, without quotes, found text"),
            ("max-connections = 0", "max-connections: 0 is not a number from 1 to 4294967295"),
            ("max-connections = \"9\"", "max-connections: expected a whole number, without quotes, found text"),
            ("\nlisten = 0.0.0.0:80", "line 2 is not valid TOML: "),
            ("log = \"info\"\nlog = \"debug\"", "line 2 is not valid TOML: duplicate key"),
        ] {
            let told = parse(text).unwrap_err();
            assert!(told.starts_with(message), "{text}: {told}");
        }
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
