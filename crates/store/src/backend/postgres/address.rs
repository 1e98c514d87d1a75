//! The address of a PostgreSQL database: hosts, TLS and the kind of session. Read once; errors name the parameter.
//!
//! The parameters are libpq's. `tokio-postgres` does not know all of them, so those for certificates and sessions are
//! read here and the others are passed on.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::error::Error as _;

use percent_encoding::percent_decode_str;
use rolecall_core::{Error, Result};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

use super::tls::{Given, Tls};

/// Parameters passed on to `tokio-postgres`.
const HANDED_ON: [&str; 16] = [
    "application_name",
    "channel_binding",
    "connect_timeout",
    "dbname",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "options",
    "password",
    "port",
    "sslnegotiation",
    "tcp_user_timeout",
    "user",
];

/// A valid address.
#[derive(Debug)]
pub(super) struct Address {
    /// How to connect to each host, in the order of the address; never empty.
    pub(super) hosts: Vec<Config>,
    pub(super) tls: Tls,
    /// The `target_session_attrs` of the address, where it allows a session that cannot write.
    for_readers: Option<String>,
}

impl Address {
    // INVARIANT: no message repeats a part of the address that may belong to the password.
    pub(super) fn parse(url: &str) -> Result<Self> {
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Err(wrong(
                "expected postgres://user:password@host:5432/database (the value is not shown because it may contain a \
                 password)",
            ));
        }
        let (before, query) = split(url);
        let mut handed_on = Vec::new();
        let mut tls = Given::default();
        let mut for_readers = None;
        let mut names = BTreeSet::new();
        for option in query.split('&').filter(|option| !option.is_empty()) {
            let (name, value) = option.split_once('=').ok_or_else(|| unknown(option, query))?;
            let decoded = decode(value).ok_or_else(|| unknown(name, query))?;
            let parameter = decode(name).unwrap_or_default();
            match &*parameter {
                "sslmode" => tls.mode = Some(decoded.into_owned()),
                "sslrootcert" => tls.authorities = Some(decoded.into_owned()),
                "sslcert" => tls.certificate = Some(decoded.into_owned()),
                "sslkey" => tls.key = Some(decoded.into_owned()),
                "target_session_attrs" => match &*decoded {
                    // A primary that refuses changes is useless as well, so both mean `read-write`.
                    "read-write" | "primary" => for_readers = None,
                    "any" | "read-only" | "standby" | "prefer-standby" => for_readers = Some(decoded.into_owned()),
                    _ => return Err(wrong("target_session_attrs must be read-write")),
                },
                known if HANDED_ON.contains(&known) => handed_on.push(option),
                _ => return Err(unknown(name, query)),
            }
            // The last of two would count, and the first may be the one that people see.
            if !names.insert(parameter.clone()) {
                return Err(wrong(&format!("{parameter} occurs twice")));
            }
        }
        let config: Config =
            format!("{before}?{}", handed_on.join("&")).parse().map_err(|error| wrong(&told(&error)))?;
        let (mode, tls) = Tls::read(tls).map_err(|what| wrong(&what))?;
        Ok(Self { hosts: one_for_each_host(&config, mode)?, tls, for_readers })
    }

    /// Requires sessions that can write.
    pub(super) fn for_writing(mut self) -> Result<Self> {
        if let Some(attributes) = self.for_readers {
            return Err(wrong(&format!(
                "target_session_attrs={attributes} also accepts a standby, which may be out of date; remove the parameter \
                 (the default is read-write)"
            )));
        }
        for host in &mut self.hosts {
            host.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        Ok(self)
    }
}

/// The part before the options, and the options. A password may contain a question mark, so options start after the `@`.
fn split(url: &str) -> (&str, &str) {
    let host = url.find('@').unwrap_or(0);
    let mark = url.get(host..).and_then(|rest| rest.find('?')).map(|mark| host + mark);
    mark.and_then(|mark| Some((url.get(..mark)?, url.get(mark + 1..)?))).unwrap_or((url, ""))
}

fn decode(text: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(text).decode_utf8().ok()
}

fn wrong(what: &str) -> Error {
    Error::invalid(format!("database address: {what}"))
}

fn unknown(name: &str, query: &str) -> Error {
    let is_word = name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    // After an `@` that is not percent-encoded, an apparent option may be the end of a password.
    if is_word && !query.contains('@') {
        return wrong(&format!("{name:?} is an unknown parameter, or has no value"));
    }
    wrong(
        "unknown parameter after the question mark (not shown because it may be part of a password; in a password, write @ / \
         ? and % as %40 %2F %3F and %25)",
    )
}

fn told(error: &tokio_postgres::Error) -> String {
    // The library names parameters and never repeats their values.
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

/// `tokio-postgres` limits the time for each address of a configuration. One configuration for each host allows one limit
/// for the whole attempt.
fn one_for_each_host(config: &Config, mode: SslMode) -> Result<Vec<Config>> {
    let (hosts, addresses, ports) = (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    let count = hosts.len().max(addresses.len());
    if count == 0 {
        return Err(wrong("no host"));
    }
    let alike = |length: usize, least: usize| length <= least || length == count;
    if !alike(hosts.len(), 0) || !alike(addresses.len(), 0) || !alike(ports.len(), 1) {
        return Err(wrong("host, hostaddr and port must have the same number of parts"));
    }
    let one = |place: usize| {
        let mut one = common(config);
        if let Some(port) = ports.get(place).or(ports.first()) {
            one.port(*port);
        }
        let address = addresses.get(place);
        if let Some(address) = address {
            one.hostaddr(*address);
        }
        match (hosts.get(place), address) {
            // PostgreSQL offers no TLS on a Unix socket.
            (Some(Host::Unix(path)), _) => one.host_path(path).ssl_mode(SslMode::Disable),
            (Some(Host::Tcp(name)), _) => one.host(name).ssl_mode(mode),
            // The certificate is compared with this name.
            (None, Some(address)) => one.host(address.to_string()).ssl_mode(mode),
            (None, None) => &mut one,
        };
        one
    };
    Ok((0..count).map(one).collect())
}

/// The settings that all hosts share.
fn common(config: &Config) -> Config {
    let mut common = Config::new();
    if let Some(user) = config.get_user() {
        common.user(user);
    }
    if let Some(password) = config.get_password() {
        common.password(password);
    }
    if let Some(name) = config.get_dbname() {
        common.dbname(name);
    }
    if let Some(options) = config.get_options() {
        common.options(options);
    }
    if let Some(interval) = config.get_keepalives_interval() {
        common.keepalives_interval(interval);
    }
    if let Some(retries) = config.get_keepalives_retries() {
        common.keepalives_retries(retries);
    }
    common
        .keepalives(config.get_keepalives())
        .channel_binding(config.get_channel_binding())
        .ssl_negotiation(config.get_ssl_negotiation());
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str) -> String {
        let message = Address::parse(url).and_then(Address::for_writing).unwrap_err().to_string();
        assert!(!message.contains("hush"), "{message}");
        message
    }

    #[test]
    fn each_host_has_a_configuration_of_its_own() {
        let address = Address::parse(
            "postgres://me:hu%40sh@db-1:5433,[::1],%2Frun%2Fpostgresql/roles?sslmode=require&channel_binding=require",
        );
        let hosts = address.unwrap().for_writing().unwrap().hosts;
        let told: Vec<_> = hosts.iter().map(|host| (host.get_hosts(), host.get_ports(), host.get_ssl_mode())).collect();
        let tcp = |name: &str| Host::Tcp(name.to_owned());
        assert_eq!(told[0], ([tcp("db-1")].as_slice(), [5433].as_slice(), SslMode::Require));
        assert_eq!(told[1], ([tcp("::1")].as_slice(), [5432].as_slice(), SslMode::Require));
        let socket = [Host::Unix("/run/postgresql".into())];
        assert_eq!(told[2], (socket.as_slice(), [5432].as_slice(), SslMode::Disable));
        for host in &hosts {
            assert_eq!((host.get_user(), host.get_dbname()), (Some("me"), Some("roles")));
            assert_eq!(host.get_password(), Some(b"hu@sh".as_slice()));
            assert_eq!(host.get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
            assert_eq!(host.get_channel_binding(), tokio_postgres::config::ChannelBinding::Require);
        }
    }

    #[test]
    fn the_address_of_a_host_is_its_name_where_it_has_no_other() {
        let hosts = Address::parse("postgres://me@/roles?hostaddr=127.0.0.1,::1&port=1,2").unwrap().hosts;
        assert_eq!(hosts[1].get_hosts(), [Host::Tcp("::1".to_owned())]);
        assert_eq!((hosts[1].get_hostaddrs().len(), hosts[1].get_ports()), (1, [2].as_slice()));
        assert!(refused("postgres://me@a,b,c/roles?hostaddr=127.0.0.1,::1").contains("number of parts"));
        assert!(refused("postgres:///roles").contains("no host"));
    }

    #[test]
    fn a_server_writes_and_a_reader_need_not() {
        for value in ["any", "standby"] {
            let url = format!("postgres://me@db/roles?target_session_attrs={value}");
            assert_eq!(Address::parse(&url).unwrap().hosts[0].get_target_session_attrs(), TargetSessionAttrs::Any);
            assert!(refused(&url).contains(&format!("target_session_attrs={value}")));
        }
        Address::parse("postgres://me@db/roles?target_session_attrs=primary").unwrap().for_writing().unwrap();
        assert!(refused("postgres://me@db/roles?target_session_attrs=fast").contains("must be read-write"));
    }

    #[test]
    fn what_is_wrong_is_named_and_a_password_is_not() {
        assert!(refused("postgres://me:hush@db/roles?sslmod=require").contains("\"sslmod\""));
        assert!(refused("postgres://me:hush@db/roles?port=x").contains("port"));
        for twice in ["sslmode=verify-full&sslmode=disable", "connect_timeout=1&connect%5Ftimeout=2"] {
            assert!(refused(&format!("postgres://me@db/roles?{twice}")).contains("occurs twice"), "{twice}");
        }
        assert!(refused("postgres://me:hush@db:x/roles").contains("port"));
        // Passwords that are not percent-encoded.
        for url in
            ["postgres://me:a@?hush@db/roles", "postgres://me:@?hush=hush@db/roles", "hush", "postgres://me@db?hush"]
        {
            let message = Address::parse(url).unwrap_err().to_string();
            assert!(!message.contains("hush") || url.ends_with("db?hush"), "{message}");
        }
        assert!(!format!("{:?}", Address::parse("postgres://me:hush@db/roles").unwrap()).contains("hush"));
    }

    #[test]
    fn a_question_mark_in_a_password_begins_no_options() {
        let address = Address::parse("postgres://me:a?b@db/roles?sslmode=disable").unwrap();
        assert_eq!(address.hosts[0].get_password(), Some(b"a?b".as_slice()));
        assert_eq!(address.hosts[0].get_ssl_mode(), SslMode::Disable);
    }
}
