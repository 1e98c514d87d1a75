//! Addresses that a provider names and that Rolecall or a browser will visit. Owns which are accepted.

use super::form;

/// Maximum length of an address, in bytes.
const MOST_BYTES: usize = 2048;

/// Whether `http:` is accepted where the host is this machine. For tests and trials; a provider on the network needs
/// `https:` (OpenID Connect Core 1.0, section 16.17).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoopbackHttp {
    /// `http://localhost`, `http://127.…` and `http://[::1]` are accepted.
    Allowed,
    /// Only `https:`.
    Refused,
}

/// Why an address is refused, as a part of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressProblem {
    /// Neither `https:` nor an allowed `http:`.
    #[error("it does not begin with https://")]
    NotHttps,
    /// Nothing between `//` and the path.
    #[error("it has no host")]
    NoHost,
    /// `user:password@host`.
    #[error("it contains a user name or password before the host")]
    UserInfo,
    /// `#…`
    #[error("it contains a fragment (#)")]
    Fragment,
    /// A space, a control character, a character outside ASCII, or one that RFC 3986 does not allow.
    #[error("it contains a character that an address cannot have")]
    Character,
    /// Over 2048 bytes.
    #[error("it is longer than {MOST_BYTES} bytes")]
    TooLong,
}

/// Checks an absolute address. Stricter than browsers, which repair backslashes and spaces: what passes here is read the
/// same way everywhere.
pub(super) fn check(address: &str, http: LoopbackHttp) -> Result<(), AddressProblem> {
    if address.len() > MOST_BYTES {
        return Err(AddressProblem::TooLong);
    }
    if !address.bytes().all(|byte| byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte)) {
        return Err(AddressProblem::Character);
    }
    if address.contains('#') {
        return Err(AddressProblem::Fragment);
    }
    let secure = address.strip_prefix("https://");
    let rest = secure.or_else(|| address.strip_prefix("http://")).ok_or(AddressProblem::NotHttps)?;
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(AddressProblem::UserInfo);
    }
    let host = host(authority).ok_or(AddressProblem::NoHost)?;
    if secure.is_none() && !(http == LoopbackHttp::Allowed && is_loopback(host)) {
        return Err(AddressProblem::NotHttps);
    }
    Ok(())
}

/// The host of `host:port` or `[address]:port`.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':').or(port.is_empty().then_some("0"))?),
        None => authority.split_once(':').unwrap_or((authority, "0")),
    };
    (!host.is_empty() && port.parse::<u16>().is_ok()).then_some(host)
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The address with these parameters after those it already has.
pub(super) fn with_query(address: &str, parameters: &[(&str, &str)]) -> String {
    let separator = if !address.contains('?') {
        "?"
    } else if address.ends_with(['?', '&']) {
        ""
    } else {
        "&"
    };
    format!("{address}{separator}{}", form::write(parameters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_or_loopback_is_accepted() {
        for good in ["https://a", "https://a.example:8443/x?y=%20", "https://[2001:db8::1]:1/x", "https://a?b=c@d"] {
            assert_eq!(check(good, LoopbackHttp::Refused), Ok(()), "{good}");
        }
        for local in ["http://localhost:1/x", "http://127.0.0.1", "http://127.9.9.9/", "http://[::1]:8080/x"] {
            assert_eq!(check(local, LoopbackHttp::Refused), Err(AddressProblem::NotHttps), "{local}");
            assert_eq!(check(local, LoopbackHttp::Allowed), Ok(()), "{local}");
        }
        for (bad, why) in [
            ("http://a.example", AddressProblem::NotHttps),
            ("http://localhost.example", AddressProblem::NotHttps),
            ("http://127.0.0.1.example", AddressProblem::NotHttps),
            ("HTTPS://a", AddressProblem::NotHttps),
            ("//a", AddressProblem::NotHttps),
            ("javascript:alert(1)", AddressProblem::NotHttps),
            ("file:///etc/passwd", AddressProblem::NotHttps),
            ("", AddressProblem::NotHttps),
            ("https:///x", AddressProblem::NoHost),
            ("https://:443", AddressProblem::NoHost),
            ("https://a:99999", AddressProblem::NoHost),
            ("https://[::1]x", AddressProblem::NoHost),
            ("http://localhost@evil.example/", AddressProblem::UserInfo),
            ("https://a/#b", AddressProblem::Fragment),
            ("https://a\\@b", AddressProblem::Character),
            ("https://a b", AddressProblem::Character),
            ("https://a\n", AddressProblem::Character),
            ("https://ä.example", AddressProblem::Character),
        ] {
            assert_eq!(check(bad, LoopbackHttp::Allowed), Err(why), "{bad}");
        }
        assert_eq!(
            check(&format!("https://{}", "a".repeat(2048)), LoopbackHttp::Refused),
            Err(AddressProblem::TooLong)
        );
    }

    #[test]
    fn parameters_follow_those_of_the_address() {
        assert_eq!(with_query("https://a/b", &[("c", "d e&f"), ("g", "")]), "https://a/b?c=d%20e%26f&g=");
        assert_eq!(with_query("https://a?p=x", &[("c", "d")]), "https://a?p=x&c=d");
        assert_eq!(with_query("https://a?", &[("c", "d")]), "https://a?c=d");
    }
}
