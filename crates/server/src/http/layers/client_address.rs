//! The client's address.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// The address of the client: the peer's, unless the peer is a trusted proxy; then the last address of
/// `X-Forwarded-For` that is not one. An untrusted peer may write anything into that header, so addresses to its left
/// do not count.
pub fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut address = peer.to_canonical();
    // Several headers form one list (RFC 9110, section 5.3).
    let forwarded = headers.get_all("x-forwarded-for");
    let hops: Vec<&str> = forwarded.iter().flat_map(|value| value.to_str().unwrap_or("?").split(',')).collect();
    for hop in hops.into_iter().rev() {
        if !is_trusted(&address) {
            break;
        }
        // An invalid address ends the chain: only the proxy that passed it on is known.
        let Some(before) = parse(hop.trim()) else { break };
        address = before;
    }
    address
}

/// An address; some proxies add a port.
fn parse(text: &str) -> Option<IpAddr> {
    let address = text.parse().or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip())).ok()?;
    Some(IpAddr::to_canonical(&address))
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use axum::http::{HeaderMap, HeaderValue};
    use ipnet::IpNet;

    use super::client_address;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        client_address(peer.parse::<IpAddr>().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_their_address() {
        assert_eq!(client("203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
    }

    #[test]
    fn a_trusted_proxy_names_the_client() {
        assert_eq!(client("10.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(client("::ffff:10.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(client("fd00::1", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(client("10.0.0.1", &["203.0.113.7:4711"]), "203.0.113.7");
    }

    #[test]
    fn what_the_client_wrote_itself_does_not_count() {
        assert_eq!(client("10.0.0.1", &["198.51.100.1, 203.0.113.7, 10.0.0.2"]), "203.0.113.7");
        assert_eq!(client("10.0.0.1", &["198.51.100.1", "203.0.113.7"]), "203.0.113.7");
    }

    #[test]
    fn the_chain_ends_where_it_makes_no_sense() {
        assert_eq!(client("10.0.0.1", &["203.0.113.7, unknown, 10.0.0.2"]), "10.0.0.2");
        assert_eq!(client("10.0.0.1", &["203.0.113.7", "\u{e9}"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &[""]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
    }
}
