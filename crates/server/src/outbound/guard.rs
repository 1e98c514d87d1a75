//! Which addresses of other servers may be reached.
//!
//! Refused are addresses of this host and its link, where unauthenticated services listen and clouds keep the host's
//! credentials. An organization's own networks are allowed, since identity providers are there.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;

/// Networks that are reached only where the operator says so.
const REFUSED: [&str; 18] = [
    // "This host", loopback, link-local (with the metadata services of most clouds).
    "0.0.0.0/8",
    "127.0.0.0/8",
    "169.254.0.0/16",
    // Of protocols (RFC 6890), with a metadata service; another cloud's metadata service.
    "192.0.0.0/24",
    "100.100.100.200/32",
    // Platform services of a cloud's host.
    "168.63.129.16/32",
    // Documentation, benchmarks, multicast, reserved, broadcast.
    "192.0.2.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    // Unspecified and loopback, link-local, formerly site-local, multicast, documentation; a metadata service.
    "::/96",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
    "2001:db8::/32",
    "fd00:ec2::/32",
];

/// Judges addresses.
#[derive(Debug)]
pub(super) struct Guard {
    /// Networks that the operator allows.
    allowed: Vec<IpNet>,
    refused: Vec<IpNet>,
}

impl Guard {
    pub(super) fn new(allowed: &[IpNet]) -> Self {
        let refused = REFUSED.iter().filter_map(|network| network.parse().ok()).collect();
        Self { allowed: allowed.to_vec(), refused }
    }

    /// Whether the address may be reached, with TLS or without.
    pub(super) fn admits(&self, address: IpAddr, secure: bool) -> bool {
        let address = address.to_canonical();
        if self.allowed.iter().any(|network| network.contains(&address)) {
            return true;
        }
        // An IPv6 address may be a way to an IPv4 one.
        let refused = |it: &IpAddr| self.refused.iter().any(|network| network.contains(it));
        secure && !refused(&address) && !embedded(address).is_some_and(|it| refused(&it.into()))
    }
}

/// The IPv4 address to which this one is translated or tunneled: NAT64 (RFC 6052) and 6to4 (RFC 3056).
fn embedded(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(address) = address else { return None };
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => Some(v4(high, low)),
        // Of a network's own prefix.
        [0x64, 0xff9b, 1, .., high, low] => Some(v4(high, low)),
        _ => None,
    }
}

fn v4(high: u16, low: u16) -> Ipv4Addr {
    let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
    Ipv4Addr::new(a, b, c, d)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use super::*;

    #[test]
    fn all_networks_are_read() {
        assert_eq!(Guard::new(&[]).refused.len(), REFUSED.len());
    }

    #[test]
    fn an_address_of_this_host_or_link_is_refused_in_every_spelling() {
        let guard = Guard::new(&[]);
        for address in [
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",
            "169.254.169.254",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "::ffff:169.254.169.254",
            "fe80::1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::a9fe:a9fe",
            "2002:7f00:1::1",
            "fd00:ec2::254",
            "100.100.100.200",
            "192.0.0.192",
            "168.63.129.16",
            "224.0.0.1",
            "255.255.255.255",
            "ff02::1",
        ] {
            assert!(!guard.admits(address.parse().unwrap(), true), "{address}");
        }
    }

    #[test]
    fn networks_of_an_organization_and_the_internet_are_reached_with_tls() {
        let guard = Guard::new(&[]);
        for address in ["10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "8.8.8.8", "fd12::1", "2600::1"] {
            assert!(guard.admits(address.parse().unwrap(), true), "{address}");
            assert!(!guard.admits(address.parse().unwrap(), false), "{address} in the clear");
        }
    }

    #[test]
    fn what_the_operator_allows_is_reached_and_nothing_beside_it() {
        let guard = Guard::new(&["127.0.0.1/32".parse().unwrap(), "fe80::/10".parse().unwrap()]);
        for (address, admitted) in
            [("127.0.0.1", true), ("::ffff:127.0.0.1", true), ("127.0.0.2", false), ("fe80::9", true), ("::1", false)]
        {
            assert_eq!(guard.admits(address.parse().unwrap(), false), admitted, "{address}");
        }
    }

    #[test]
    fn a_v6_address_is_not_taken_for_another() {
        assert_eq!(embedded("2600::7f00:1".parse::<Ipv6Addr>().unwrap().into()), None);
    }
}
