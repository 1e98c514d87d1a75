//! Slowing those who guess, without a lock that somebody else could trigger. Owns who has to wait and for how long, and how
//! many may wait at once. It only answers; the caller does the waiting. The time is an argument.
//!
//! How a sign-in goes: ask [`Throttle::delay`]. Zero: go ahead. Otherwise [`waiting::Waiting::enter`] a waiting place (none
//! left: answer 503 with `Retry-After`), sleep, give the place back, go ahead. Afterwards report [`Throttle::failed`] or
//! [`Throttle::succeeded`].
//!
//! What it costs to fail: each failure of a name or from an address is a debt that is forgiven after 15 seconds, one after
//! the other. As long as no more than 8 of a name (40 of an address, where many people may sit behind one) are outstanding,
//! nobody waits. Then the delay doubles from half a second to at most five seconds. Debts beyond the longest delay are not
//! counted: 75 seconds after an attack nobody waits any more, however long it lasted.
//!
//! What it does not do: slow attempts that arrive together before the first of them has failed (the bounded queue for
//! hashing does), or keep a guesser with many addresses from trying some 20 passwords of a name every five seconds (the
//! password policy makes that hopeless). More would be a lock that strangers can turn.

pub mod waiting;

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

/// How many outstanding failures of a name cost nothing. The official client turns one wrong secret into four failures.
pub const FREE_FAILURES_OF_NAME: u32 = 8;

/// How many outstanding failures from an address cost nothing.
pub const FREE_FAILURES_OF_ADDRESS: u32 = 40;

/// How long it takes until one failure is forgiven.
pub const FORGIVEN_EVERY: Duration = Duration::from_secs(15);

/// Who has failed lately, by submitted name and by address.
///
/// It takes the same time and a bounded memory whatever strangers do: at most 2 × 50,000 names and as many addresses, of a
/// fixed size each, some 7 MB in all. Those that failed longest ago are forgotten first. Not persistent and not shared between replicas: a restart forgives everybody.
#[derive(Debug)]
pub struct Throttle {
    names: Debts,
    addresses: Debts,
}

impl Throttle {
    /// Nobody has failed yet.
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

    /// How long to wait before this attempt is looked at: the longer of what the name and the address cost.
    ///
    /// `name` is what was submitted, whether somebody has it or not. `address` is the client's, as far as it can be trusted.
    /// `known_browser` says that the request carries a valid [device proof](crate::device) for this very name: then what
    /// strangers did to the name does not count.
    #[must_use]
    pub fn delay(&self, name: &str, address: IpAddr, known_browser: bool, now: UnixMillis) -> Duration {
        let of_address = self.addresses.delay(Key::of_address(address), now);
        if known_browser {
            return of_address;
        }
        of_address.max(self.names.delay(Key::of_name(name), now))
    }

    /// An attempt failed: a wrong password or secret, or nobody has this name.
    pub fn failed(&mut self, name: &str, address: IpAddr, now: UnixMillis) {
        self.names.add(Key::of_name(name), now);
        self.addresses.add(Key::of_address(address), now);
    }

    /// The owner of `name` has proved himself: its failures are forgiven. Those of the address are not, or else whoever has
    /// one account could try the passwords of all others from there without delay.
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
