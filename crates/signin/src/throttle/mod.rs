//! Slows password guessing without a lockout that strangers can cause. Owns which attempts are delayed, for how long,
//! and how many may be in progress. It only answers; the caller waits. The time is an argument.
//!
//! The steps of a sign-in: call [`Throttle::check`]; take a [`Place`](attempts::Place) ([`attempts::Attempts::enter`];
//! if there is none, answer 429 with `Retry-After`); wait for the delay; verify the password in the lane of the place;
//! drop the place. Then report [`Throttle::failed`] or [`Throttle::succeeded`].
//!
//! The cost of a failure: each failure of a name or from an address is a debt that is forgiven after 15 seconds, one
//! after the other. Up to 8 outstanding failures of a name (40 of an address, which many people may share) cause no
//! delay. Then the delay doubles from half a second to at most five seconds. Failures beyond the longest delay are not
//! counted: 75 seconds after an attack, of any length, there is no delay.
//!
//! INVARIANT: an attempt from an address without outstanding failures is delayed at most, and never refused because of
//! other addresses. Only addresses with failures share limited places.
//!
//! It does not stop an attacker with very many addresses who tries each of them once. The password policy makes that
//! hopeless; a stricter limit would be a lockout that strangers can cause.

pub mod attempts;

mod debts;
mod key;

use std::net::IpAddr;
use std::time::Duration;

use crate::time::UnixMillis;
pub use key::network;

use debts::{Debts, Terms};
use key::Key;

/// The first delay after the free failures.
pub const FIRST_DELAY: Duration = Duration::from_millis(500);

/// The longest delay of any sign-in.
pub const LONGEST_DELAY: Duration = Duration::from_secs(5);

/// Outstanding failures of a name without a delay. The Run:ai Python client turns one wrong password into four
/// failures.
pub const FREE_FAILURES_OF_NAME: u32 = 8;

/// Outstanding failures from an address without a delay.
pub const FREE_FAILURES_OF_ADDRESS: u32 = 40;

/// Time until one failure is forgiven.
pub const FORGIVEN_EVERY: Duration = Duration::from_secs(15);

/// The recent record of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It has no outstanding failures.
    Clean,
    /// At least one of its failures is outstanding.
    Failing,
}

/// The outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// The standing of its address.
    pub standing: Standing,
    /// How long it has to wait before verification; at most [`LONGEST_DELAY`].
    pub delay: Duration,
}

/// Recent failures by name and address.
///
/// Time and memory are bounded: at most 2 × 50,000 names and as many addresses, of a fixed size each, about 7 MB in
/// all. The oldest failures are dropped first. Neither persistent nor shared between replicas: a restart forgives
/// everything.
#[derive(Debug)]
pub struct Throttle {
    names: Debts,
    addresses: Debts,
}

impl Throttle {
    /// Without any failures.
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(50_000)
    }

    fn with_capacity(keys_per_generation: usize) -> Self {
        Self {
            names: Debts::new(Terms { free: FREE_FAILURES_OF_NAME }, keys_per_generation),
            addresses: Debts::new(Terms { free: FREE_FAILURES_OF_ADDRESS }, keys_per_generation),
        }
    }

    /// The delay of an attempt: the longer of the delays of its name and its address.
    ///
    /// `name` is the submitted name, whether a user has it or not; `None` where failures of the name must not count, as
    /// for a browser with a [device proof](crate::device) or a user who is signed in. The address always counts.
    /// `address` is the client's, as far as it can be trusted.
    #[must_use]
    pub fn check(&self, name: Option<&str>, address: IpAddr, now: UnixMillis) -> Check {
        let address = Key::of_address(address);
        let of_name = name.map_or(Duration::ZERO, |name| self.names.delay(Key::of_name(name), now));
        let standing = if self.addresses.has_any(address, now) { Standing::Failing } else { Standing::Clean };
        Check { standing, delay: of_name.max(self.addresses.delay(address, now)) }
    }

    /// Records a failed attempt: a wrong password or secret, or an unknown name. `name` is `None` for client ids, whose
    /// secrets cannot be guessed.
    pub fn failed(&mut self, name: Option<&str>, address: IpAddr, now: UnixMillis) {
        if let Some(name) = name {
            self.names.add(Key::of_name(name), now);
        }
        self.addresses.add(Key::of_address(address), now);
    }

    /// Records that the owner of `name` signed in: its failures are forgiven. Those of the address are not: otherwise
    /// the owner of one account could try the passwords of all others from there without delay.
    pub fn succeeded(&mut self, name: &str) {
        self.names.forgive(Key::of_name(name));
    }
}

impl Default for Throttle {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
