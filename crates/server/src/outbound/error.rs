//! Why another server gave no usable response, in words for an administrator.

use std::net::IpAddr;

use rolecall_core::text::shortened;
use thiserror::Error;

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OutboundError {
    /// The name has no address.
    #[error("there is no host {host}; check the address and this server's name resolution")]
    NoSuchHost {
        /// The host.
        host: String,
    },
    /// The address is one that requests must not reach.
    #[error(
        "{host} is at {address}, which belongs to this server's own host or link; if that is intended, add its network to \
         --outbound-networks"
    )]
    Refused {
        /// The host.
        host: String,
        /// Its address.
        address: IpAddr,
    },
    /// It would be without TLS.
    #[error("{host} would be asked in the clear; use https, or add its network to --outbound-networks")]
    InTheClear {
        /// The host.
        host: String,
    },
    /// No connection.
    #[error("{host} cannot be reached: {cause}")]
    Unreachable {
        /// The host.
        host: String,
        /// What the system says.
        cause: String,
    },
    /// No TLS, or the wrong certificate.
    #[error("{host} cannot be trusted: {cause}; if its authority is your own, set --outbound-ca-file")]
    Tls {
        /// The host.
        host: String,
        /// What is wrong.
        cause: String,
    },
    /// Too slow.
    #[error("{host} did not answer in time")]
    TimedOut {
        /// The host.
        host: String,
    },
    /// A response of another protocol, or one that broke off.
    #[error("the answer of {host} cannot be read: {cause}")]
    Broken {
        /// The host.
        host: String,
        /// What is wrong.
        cause: String,
    },
    /// A response over the limit.
    #[error("the answer of {host} broke off, or is larger than {most} bytes")]
    TooLarge {
        /// The host.
        host: String,
        /// The limit.
        most: usize,
    },
    /// A redirect, which is not followed.
    #[error("{host} redirects to {}; enter the final address", shortened(.to))]
    Redirect {
        /// The host.
        host: String,
        /// Where to.
        to: String,
    },
    /// A secret or address that a header cannot hold.
    #[error("the request to {host} cannot be written: the client secret contains a character that is not allowed")]
    Unsendable {
        /// The host.
        host: String,
    },
}
