//! The order of the sources: the command line takes precedence over the environment, the environment over the file, the file
//! over the default.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, CommandFactory, Parser, value_parser};

use super::{Settings, file};

/// Parses a command line, with the settings file that it or the environment names.
///
/// What the file has and neither the command line nor the environment is read as if the command line had it, so that clap
/// parses and checks every setting, whichever source it came from.
///
/// # Errors
/// Those of clap. A wrong setting is named, whichever source it came from.
// Defaults of the command (`Arg::default_value`) would not do: clap does not count them as given, so that `requires`
// ignores them and `default_value_if` overrides them.
pub fn parse<C: Parser>(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Result<C, clap::Error> {
    let command = C::command();
    let mut arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    // The file may add what is missing, so that errors are for the second time.
    let first = as_text(command.clone()).ignore_errors(true).try_get_matches_from(&arguments)?;
    let (mut used, mut given, mut depth) = (&command, &first, 1);
    while let Some((name, inner)) = given.subcommand() {
        let Some(subcommand) = used.find_subcommand(name) else { break };
        (used, given, depth) = (subcommand, inner, depth + 1);
    }
    if let Ok(Some(path)) = given.try_get_one::<OsString>(file::ARGUMENT) {
        let file = file::read(path.as_ref()).map_err(|message| wrong(&message))?;
        let absent = used.get_arguments().filter(|argument| !is_given(argument, given));
        // Right after the name of the command: behind a `--` they would be no options.
        let depth = depth.min(arguments.len());
        arguments.splice(depth..depth, absent.flat_map(|argument| options(argument, &file)).collect::<Vec<_>>());
    }
    C::from_arg_matches(&command.try_get_matches_from(arguments).map_err(named)?)
}

/// The command with settings of any value: a wrong one in the environment would keep clap from looking at the next ones.
fn as_text(command: Command) -> Command {
    let text = |argument: Arg| match argument.get_env() {
        Some(_) => argument.value_parser(value_parser!(OsString)),
        None => argument,
    };
    command.mut_args(text).mut_subcommands(as_text)
}

fn is_given(argument: &Arg, matches: &ArgMatches) -> bool {
    let source = matches.value_source(argument.get_id().as_str());
    matches!(source, Some(ValueSource::CommandLine | ValueSource::EnvVariable))
}

fn options(argument: &Arg, file: &BTreeMap<String, Vec<String>>) -> Vec<OsString> {
    let Some((name, values)) = argument.get_long().and_then(|name| file.get_key_value(name)) else { return Vec::new() };
    values.iter().map(|value| format!("--{name}={value}").into()).collect()
}

/// The error in the words of the setting's parser, which knows whether the value may be shown; clap would always show it.
// INVARIANT: no message has a value that may contain a secret.
fn named(error: clap::Error) -> clap::Error {
    let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg) else { return error };
    // As in `--listen <ADDRESS>`.
    let name = argument.trim_start_matches('-').split([' ', '[', '=']).next().unwrap_or_default();
    let is_setting = Settings::command().get_arguments().any(|it| it.get_long() == Some(name));
    match std::error::Error::source(&error) {
        Some(reason) if is_setting && error.kind() == ErrorKind::ValueValidation => wrong(&format!("{name}: {reason}")),
        _ => error,
    }
}

fn wrong(message: &str) -> clap::Error {
    clap::Error::raw(ErrorKind::ValueValidation, format!("{message}\n"))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::fs;

    use clap::{Parser, Subcommand};

    use super::parse;
    use crate::config::{EncryptionKey, Settings, Storage};

    /// As `rolecall`: `serve`, and a command with the storage settings alone and a positional argument.
    #[derive(Debug, Parser)]
    struct Line {
        #[command(subcommand)]
        command: Command,
    }

    #[derive(Debug, Subcommand)]
    enum Command {
        Serve(Box<Settings>),
        #[command(subcommand)]
        Admin(Admin),
    }

    #[derive(Debug, Subcommand)]
    enum Admin {
        Keys {
            step: String,
            #[command(flatten)]
            storage: Storage,
            #[command(flatten)]
            encryption_key: EncryptionKey,
        },
    }

    fn with_file<T>(text: &str, work: impl FnOnce(&str) -> T) -> T {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, text).unwrap();
        work(file.path().to_str().unwrap())
    }

    fn serve(file: &str, options: &[&str]) -> Result<Settings, String> {
        with_file(file, |path| match parse([&["rolecall", "serve", "--config", path], options].concat()) {
            Ok(Line { command: Command::Serve(settings) }) => Ok(*settings),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error.to_string()),
        })
    }

    #[test]
    fn the_command_line_goes_before_the_environment_that_before_the_file_and_that_before_the_default() {
        // Tests cannot set the environment, so these arguments take what any environment has.
        #[derive(Debug, Parser)]
        struct Line {
            #[arg(long, env = "PATH", default_value = "default")]
            log: String,
            #[arg(long, default_value = "default")]
            listen: String,
            #[arg(long, default_value = "default")]
            public_url: String,
            #[arg(long, default_value = "default")]
            data_dir: String,
            #[arg(long)]
            config: OsString,
        }
        let file = "log = \"file\"\nlisten = \"file\"\npublic-url = \"file\"";
        let read: Line = with_file(file, |path| parse(["rolecall", "--config", path, "--listen=line"])).unwrap();
        assert_eq!(read.log, std::env::var("PATH").unwrap());
        assert_eq!([&*read.listen, &read.public_url, &read.data_dir], ["line", "file", "default"]);
        let read: Line = with_file(file, |path| parse(["rolecall", "--config", path, "--log=line"])).unwrap();
        assert_eq!(read.log, "line");
    }

    #[test]
    fn a_wrong_value_in_the_environment_is_not_hidden_by_the_file() {
        #[derive(Debug, Parser)]
        struct Line {
            #[arg(long, env = "PATH")]
            max_connections: u32,
            #[arg(long)]
            config: OsString,
        }
        let refused = with_file("max-connections = 9", |path| parse::<Line>(["rolecall", "--config", path]));
        assert!(refused.unwrap_err().to_string().starts_with("error: max-connections: "));
    }

    #[test]
    fn a_setting_in_the_file_counts_as_one_of_the_command_line() {
        let networks =
            |settings: &Settings| settings.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>();
        let settings =
            serve("demo = true\ntrusted-proxies = [\"10.0.0.0/8\", \"::1\"]\ntls-key = \"k\"", &["--tls-cert=c"]);
        let settings = settings.unwrap();
        assert!(settings.demo);
        assert_eq!(settings.administrator.email.as_str(), "admin@meridian.example");
        assert_eq!(networks(&settings), ["10.0.0.0/8", "::1/128"]);
        assert_eq!(settings.tls.unwrap().key.to_str(), Some("k"));

        // Not added to those of the file.
        let settings = serve("trusted-proxies = [\"10.0.0.0/8\"]\nmax-connections = 9", &["--trusted-proxies=::1,::2"]);
        let settings = settings.unwrap();
        assert_eq!(networks(&settings), ["::1/128", "::2/128"]);
        assert_eq!(settings.max_connections.unwrap().get(), 9);
        assert_eq!(settings.administrator.email.as_str(), "admin@example.com");

        let settings = serve("admin-email = \"ana@example.com\"\nlog = \"--debug\"", &["--demo"]).unwrap();
        assert_eq!((settings.administrator.email.as_str(), &*settings.log), ("ana@example.com", "--debug"));
    }

    #[test]
    fn a_command_takes_its_settings_from_the_file_of_the_server() {
        let file = "listen = \"nonsense\"\ndata-dir = \"data\"\nencryption-key-file = \"key\"";
        let line = with_file(file, |path| parse(["rolecall", "admin", "keys", "--config", path, "--", "add"]));
        let Command::Admin(Admin::Keys { step, storage, encryption_key }) =
            line.map(|line: Line| line.command).unwrap()
        else {
            panic!()
        };
        assert_eq!(step, "add");
        assert_eq!(storage, Storage::Directory("data".into()));
        assert_eq!(encryption_key.file.unwrap().to_str(), Some("key"));
        let refused =
            with_file("lisen = \"x\"", |path| parse::<Line>(["rolecall", "admin", "keys", "add", "--config", path]));
        assert!(refused.unwrap_err().to_string().contains("lisen: unknown setting; "));
    }

    #[test]
    fn a_wrong_value_gets_the_same_error_from_every_source() {
        for (name, value, message) in [
            ("listen", "80", "listen: \"80\" is not an address and a port (127.0.0.1:8080, [::]:8080)"),
            ("public-url", "x", "public-url: \"x\" is not an http:// or https:// address with a host, "),
            ("trusted-proxies", "x", "trusted-proxies: \"x\" is not a network or an address (10.0.0.0/8, 10.1.2.3)"),
            ("max-connections", "0", "max-connections: 0 is not a number from 1 to 4294967295"),
            ("admin-email", "x", "admin-email: \"x\" is not an email address such as ana@example.com"),
            ("admin-email", "a@b", "admin-email: "),
            ("session-lifetime", "1", "session-lifetime: \"1\" is not a time from 1s to 366d, "),
            ("refresh-reuse-grace", "6m", "refresh-reuse-grace: too long; use a time from 0s to 5m"),
            ("database-url", "mysql://me:hush@db/x", "database-url: not the URL of a PostgreSQL database, such as "),
        ] {
            let written = match name {
                "trusted-proxies" => format!("[\"{value}\"]"),
                "max-connections" => value.to_owned(),
                _ => format!("\"{value}\""),
            };
            let message = format!("error: {message}");
            for told in [
                serve(&format!("{name} = {written}"), &[]).unwrap_err(),
                serve("", &[&format!("--{name}={value}")]).unwrap_err(),
            ] {
                assert!(told.starts_with(&message), "{told}");
                assert!(!told.contains("hush"), "{told}");
            }
        }
    }

    #[test]
    fn a_certificate_needs_its_key() {
        let told = serve("tls-cert = \"c\"", &[]).unwrap_err();
        assert!(told.contains("--tls-key <FILE>"), "{told}");
        let told = serve("", &["--tls-key=k"]).unwrap_err();
        assert!(told.contains("--tls-cert <FILE>"), "{told}");
    }

    #[test]
    fn a_password_does_not_print() {
        let url = "postgres://me:hush@db/roles";
        let settings = serve(&format!("database-url = \"{url}\""), &[]).unwrap();
        assert!(matches!(&settings.storage, Storage::Postgres(it) if it.expose() == url));
        assert!(!format!("{settings:?}").contains("hush"));
        let url = "--database-url=mysql://me:hush@db/roles";
        let told = parse::<Line>(["rolecall", "admin", "keys", "add", url]).unwrap_err().to_string();
        assert!(told.starts_with("error: database-url: ") && !told.contains("hush"), "{told}");
    }
}
