//! Keys of failures. Owns which submitted names and which addresses count as the same.

use std::net::{IpAddr, Ipv6Addr};

use aws_lc_rs::digest;

/// A name or an address, hashed: every entry takes the same memory, however long the submitted name, and memory holds
/// no list of submitted names (people type passwords into that field).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key([u8; 16]);

impl Key {
    /// Names are compared in lowercase, as emails are.
    pub(super) fn of_name(name: &str) -> Self {
        Self::of(name.to_lowercase().as_bytes())
    }

    /// Addresses of one [`network`] are compared as one.
    pub(super) fn of_address(address: IpAddr) -> Self {
        match network(address) {
            IpAddr::V4(address) => Self::of(&address.octets()),
            IpAddr::V6(address) => Self::of(&address.octets()),
        }
    }

    /// 128 bits of SHA-256: collisions cannot be found.
    fn of(bytes: &[u8]) -> Self {
        let hash = digest::digest(&digest::SHA256, bytes);
        let mut key = [0; 16];
        for (to, from) in key.iter_mut().zip(hash.as_ref()) {
            *to = *from;
        }
        Self(key)
    }
}

/// The addresses that count as one. An IPv6 address counts by its /64, the least that one customer has. An IPv4 address
/// counts by itself, also in its IPv6 form.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Key {
        Key::of_address(text.parse().unwrap())
    }

    #[test]
    fn a_name_is_the_same_in_any_case() {
        assert_eq!(Key::of_name("Ana@Example.COM"), Key::of_name("ana@example.com"));
        assert_ne!(Key::of_name("ana@example.com"), Key::of_name("anna@example.com"));
    }

    #[test]
    fn an_ipv6_customer_is_one_and_ipv4_customers_are_many() {
        assert_eq!(address("2001:db8:1:2::1"), address("2001:db8:1:2:ffff::9"));
        assert_ne!(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
        assert_ne!(address("192.0.2.1"), address("192.0.2.2"));
        assert_eq!(address("192.0.2.1"), address("::ffff:192.0.2.1"));
        assert_ne!(address("::ffff:192.0.2.1"), address("::ffff:192.0.2.2"));
    }
}
