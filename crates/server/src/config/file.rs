//! The settings file: TOML, with the names of the command line.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use clap::{Arg, CommandFactory, value_parser};
use rolecall_core::text::shortened;
use toml::{Table, Value};

use super::Settings;

/// The name of the argument that names the file.
pub const ARGUMENT: &str = "config";

/// The argument that names the file, the last one in the help.
pub fn argument() -> Arg {
    let argument = Arg::new(ARGUMENT).long(ARGUMENT).env("ROLECALL_CONFIG").value_name("FILE").display_order(900);
    argument
        .value_parser(value_parser!(PathBuf))
        .help("A TOML file with the server's settings, by the same names: listen = \"0.0.0.0:8080\"")
}

/// Reads a settings file: the values of each setting, by its name, as the command line would have them.
///
/// # Errors
/// Why the file cannot be read, is not TOML, or has an unknown setting or a value of the wrong type. The message names the
/// setting.
pub fn read(path: &Path) -> Result<BTreeMap<String, Vec<String>>, String> {
    let wrong = |what: String| format!("config: {}: {what}", path.display());
    let text = fs::read_to_string(path).map_err(|e| wrong(format!("the file cannot be read: {e}")))?;
    parse(&text).map_err(wrong)
}

// INVARIANT: no message repeats a line or a value of the file, which may be a password.
fn parse(text: &str) -> Result<BTreeMap<String, Vec<String>>, String> {
    let table: Table = toml::from_str(text).map_err(|e: toml::de::Error| {
        let before = e.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count().saturating_add(1);
        format!("line {line} is not valid TOML: {}; write a setting as name = \"value\"", e.message())
    })?;
    let settings = Settings::command();
    // A file does not name another file.
    let known = |name: &str| settings.get_arguments().find(|it| it.get_long() == Some(name) && it.get_id() != ARGUMENT);
    let one = |(name, value): (String, Value)| match (known(&name), value) {
        (Some(argument), value) => Kind::of(argument).texts(&name, value).map(|texts| (name, texts)),
        (None, Value::Table(_)) => {
            Err(format!("[{}] is not a setting; write settings without sections", shortened(&name)))
        }
        (None, _) => Err(format!(
            "{}: unknown setting; the names are those of `rolecall serve --help`, without the dashes in front",
            shortened(&name)
        )),
    };
    table.into_iter().map(one).collect()
}

/// How a setting is written in TOML.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    Texts,
    Truth,
    Number,
}

impl Kind {
    fn of(argument: &Arg) -> Self {
        let value = argument.get_value_parser().type_id();
        if argument.get_value_delimiter().is_some() {
            Self::Texts
        } else if value == TypeId::of::<bool>() {
            Self::Truth
        } else if value == TypeId::of::<NonZeroU32>() {
            Self::Number
        } else {
            Self::Text
        }
    }

    fn texts(self, name: &str, value: Value) -> Result<Vec<String>, String> {
        match (self, value) {
            (Self::Text, Value::String(text)) => Ok(vec![text]),
            (Self::Truth, Value::Boolean(value)) => Ok(vec![value.to_string()]),
            (Self::Number, Value::Integer(number)) => Ok(vec![number.to_string()]),
            (Self::Texts, Value::Array(items)) => {
                let texts =
                    items.into_iter().map(|item| Self::Text.texts(name, item)).collect::<Result<Vec<_>, _>>()?;
                Ok(texts.into_iter().flatten().collect())
            }
            (kind, other) => Err(format!("{name}: expected {}, found {}", kind.expected(), found(&other))),
        }
    }

    const fn expected(self) -> &'static str {
        match self {
            Self::Text => "text in quotes",
            Self::Texts => "a list of texts, as in [\"10.0.0.0/8\"]",
            Self::Truth => "true or false, without quotes",
            Self::Number => "a whole number, without quotes",
        }
    }
}

const fn found(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "text",
        Value::Integer(_) | Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date or time",
        Value::Array(_) => "a list",
        Value::Table(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::{ARGUMENT, parse};
    use crate::config::Settings;

    #[test]
    fn settings_have_the_names_of_the_command_line() {
        let text =
            "listen = \"0.0.0.0:80\"\ntrusted-proxies = [\"10.0.0.0/8\", \"::1\"]\ndemo = true\nmax-connections = 9";
        let read = parse(text).unwrap();
        let of = |name: &str| read[name].join(" ");
        assert_eq!([of("listen"), of("trusted-proxies")], ["0.0.0.0:80", "10.0.0.0/8 ::1"]);
        assert_eq!([of("demo"), of("max-connections")], ["true", "9"]);
    }

    #[test]
    fn every_setting_of_the_command_line_can_be_in_the_file() {
        let command = Settings::command();
        for name in command.get_arguments().filter_map(|argument| argument.get_long()).filter(|name| *name != ARGUMENT)
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
            ("help = true", "help: unknown setting; "),
            ("[serve]\nlisten = \"0.0.0.0:80\"", "[serve] is not a setting; write settings without sections"),
            ("listen = 80", "listen: expected text in quotes, found a number"),
            ("trusted-proxies = [10]", "trusted-proxies: expected text in quotes, found a number"),
            (
                "trusted-proxies = \"10.0.0.0/8\"",
                "trusted-proxies: expected a list of texts, as in [\"10.0.0.0/8\"], found text",
            ),
            ("demo = \"yes\"", "demo: expected true or false, without quotes, found text"),
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
