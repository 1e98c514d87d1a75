//! Networks in settings.

use std::net::IpAddr;

use ipnet::IpNet;

use super::refused;

/// Parses a network (`10.0.0.0/8`) or a single address (`10.1.2.3`).
pub fn network(text: &str) -> Result<IpNet, String> {
    let network = match text.trim() {
        text if text.contains('/') => text.parse().ok(),
        text => text.parse::<IpAddr>().ok().map(IpNet::from),
    };
    network.ok_or_else(|| refused(text, "a network or an address (10.0.0.0/8, 10.1.2.3)"))
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn networks_and_addresses() {
        assert_eq!(network("10.0.0.0/8").unwrap().to_string(), "10.0.0.0/8");
        assert_eq!(network(" 10.1.2.3").unwrap().to_string(), "10.1.2.3/32");
        assert_eq!(network("::1").unwrap().to_string(), "::1/128");
        for text in ["", "proxy", "10.0.0.0/33", "10.0.0"] {
            assert!(network(text).is_err(), "{text}");
        }
    }
}
