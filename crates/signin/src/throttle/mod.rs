//! Slows password guessing without a lock that strangers can turn. Owns which attempts are delayed, for how long, and how many
//! may be under way at once. It only answers; the caller does the waiting. The time is an argument.
//!
//! How a sign-in goes: ask [`Throttle::check`], take a [`Place`](attempts::Place) ([`attempts::Attempts::enter`]; none left:
//! answer 429 with `Retry-After`), wait the delay out, verify the password in the lane of the place, give the place back.
//! Then report [`Throttle::failed`] or [`Throttle::succeeded`].
//!
//! What a failure costs: each failure of a name or from an address is a debt that is forgiven after 15 seconds, one after
//! the other. As long as no more than 8 of a name (40 of an address, where many people may sit behind one) are outstanding,
//! nobody waits. Then the delay doubles from half a second to at most five seconds. Debts beyond the longest delay are not
//! counted: 75 seconds after an attack nobody waits any more, however long it lasted.
//!
//! INVARIANT: an attempt from an address without outstanding failures is delayed at most, and never refused because of what
//! other addresses do. Only addresses with failures of their own share bounded places.
//!
//! What it does not do: keep a guesser with very many addresses from trying each of them once. The password policy makes
//! that hopeless; more would be a lock that strangers can turn.

pub mod attempts;

mod debts;
mod key;

use std::net::IpAddr;
use std::time::Duration;

use crate::time::UnixMillis;
use debts::{Debts, Terms};
use key::Key;

/// The delay of the first attempt that is delayed at all.
pub const FIRST_DELAY: Duration = Duration::from_millis(500);

/// No sign-in is ever delayed for longer.
pub const LONGEST_DELAY: Duration = Duration::from_secs(5);

/// How many outstanding failures of a name cost nothing. The Run:ai client turns one wrong password into four failures.
pub const FREE_FAILURES_OF_NAME: u32 = 8;

/// How many outstanding failures from an address cost nothing.
pub const FREE_FAILURES_OF_ADDRESS: u32 = 40;

/// How long it takes until one failure is forgiven.
pub const FORGIVEN_EVERY: Duration = Duration::from_secs(15);

/// What an address has done lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It has no outstanding failures.
    Clean,
    /// At least one of its failures is not forgiven yet.
    Failing,
}

/// What an attempt has to expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// Where its address stands.
    pub standing: Standing,
    /// How long it waits before it is looked at; at most [`LONGEST_DELAY`].
    pub delay: Duration,
}

/// Which names and addresses failed lately.
///
/// It takes the same time and a bounded memory whatever strangers do: at most 2 × 50,000 names and as many addresses, of a
/// fixed size each, some 7 MB in all. Those that failed longest ago are forgotten first. Not persistent and not shared
/// between replicas: a restart forgives everything.
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

    /// What an attempt has to expect: the longer of the delays of its name and its address.
    ///
    /// `name` is what was submitted, whether a user has it or not; `None` where failures of the name must not count, as for a
    /// browser with a [device proof](crate::device) or a user who is signed in. The address counts in any case. `address` is
    /// the client's, as far as it can be trusted.
    #[must_use]
    pub fn check(&self, name: Option<&str>, address: IpAddr, now: UnixMillis) -> Check {
        let address = Key::of_address(address);
        let of_name = name.map_or(Duration::ZERO, |name| self.names.delay(Key::of_name(name), now));
        let standing = if self.addresses.has_any(address, now) { Standing::Failing } else { Standing::Clean };
        Check { standing, delay: of_name.max(self.addresses.delay(address, now)) }
    }

    /// An attempt failed: a wrong password or secret, or a name that no user has. `name` is `None` for client ids, whose
    /// secrets cannot be guessed.
    pub fn failed(&mut self, name: Option<&str>, address: IpAddr, now: UnixMillis) {
        if let Some(name) = name {
            self.names.add(Key::of_name(name), now);
        }
        self.addresses.add(Key::of_address(address), now);
    }

    /// The owner of `name` signed in: its failures are forgiven. Those of the address are not, or else the owner of one
    /// account could try the passwords of all others from there without delay.
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
