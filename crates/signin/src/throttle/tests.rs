//! What the throttle does to guessing, and what it must not do to anyone else.

use proptest::prelude::*;

use super::*;

const ANA: &str = "ana@example.com";
const NOW: UnixMillis = UnixMillis(1_790_000_000_000);

fn address(number: u32) -> IpAddr {
    IpAddr::from(number.to_be_bytes())
}

fn later(seconds: i64) -> UnixMillis {
    UnixMillis(NOW.0 + seconds * 1000)
}

fn after_failures(count: u32) -> Throttle {
    let mut throttle = Throttle::new();
    for n in 0..count {
        throttle.failed(Some(ANA), address(n), NOW);
    }
    throttle
}

#[test]
fn the_first_failures_of_a_name_cost_nothing_then_the_delay_doubles_to_its_cap() {
    let delays: Vec<u128> =
        (0..16).map(|count| after_failures(count).check(Some(ANA), address(99), NOW).delay.as_millis()).collect();

    assert_eq!(delays, [0, 0, 0, 0, 0, 0, 0, 0, 0, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
}

#[test]
fn an_address_has_a_larger_allowance_over_all_names() {
    let mut throttle = Throttle::new();
    for n in 0..FREE_FAILURES_OF_ADDRESS {
        throttle.failed(Some(&format!("user{n}")), address(1), NOW);
    }
    assert_eq!(throttle.check(Some(ANA), address(1), NOW).delay, Duration::ZERO);

    throttle.failed(Some("one more"), address(1), NOW);
    assert_eq!(throttle.check(Some(ANA), address(1), NOW).delay, FIRST_DELAY);
    assert_eq!(throttle.check(None, address(1), NOW).delay, FIRST_DELAY, "a known browser too");
    assert_eq!(throttle.check(Some(ANA), address(2), NOW).delay, Duration::ZERO);
}

#[test]
fn what_strangers_do_to_a_name_counts_for_unknown_browsers_only() {
    let throttle = after_failures(30);

    assert_eq!(throttle.check(Some(ANA), address(99), NOW).delay, LONGEST_DELAY);
    assert_eq!(throttle.check(None, address(99), NOW).delay, Duration::ZERO);
}

#[test]
fn only_its_own_failures_make_an_address_failing_until_they_are_forgiven() {
    let mut throttle = after_failures(30);
    let standing = |throttle: &Throttle, from, at| throttle.check(Some(ANA), address(from), at).standing;
    assert_eq!(standing(&throttle, 99, NOW), Standing::Clean, "whatever others did to the name");
    assert_eq!(standing(&throttle, 3, NOW), Standing::Failing);

    throttle.failed(None, address(99), NOW);
    assert_eq!(standing(&throttle, 99, later(14)), Standing::Failing);
    assert_eq!(standing(&throttle, 99, later(15)), Standing::Clean);
}

#[test]
fn a_failure_without_a_name_counts_for_the_address_alone() {
    let mut throttle = Throttle::new();
    for _ in 0..60 {
        throttle.failed(None, address(1), NOW);
    }
    assert_eq!(throttle.check(Some(ANA), address(2), NOW).delay, Duration::ZERO);
    assert_eq!(throttle.check(None, address(1), NOW).delay, LONGEST_DELAY);
}

#[test]
fn failures_are_forgiven_one_by_one() {
    let throttle = after_failures(10);
    let delay = |at| throttle.check(Some(ANA), address(99), at).delay;

    assert_eq!(delay(NOW), FIRST_DELAY * 2);
    assert_eq!(delay(later(15)), FIRST_DELAY);
    assert_eq!(delay(later(30)), Duration::ZERO);
}

#[test]
fn what_was_forgiven_long_ago_is_no_credit() {
    let mut throttle = after_failures(1);
    for n in 0..=FREE_FAILURES_OF_NAME {
        throttle.failed(Some(ANA), address(n), later(3600));
    }
    assert_eq!(throttle.check(Some(ANA), address(99), later(3600)).delay, FIRST_DELAY);
}

#[test]
fn a_long_attack_is_over_75_seconds_after_its_last_attempt() {
    let mut throttle = Throttle::new();
    for second in 0..3600 {
        throttle.failed(Some(ANA), address(7), later(second));
    }
    let delay = |at| throttle.check(Some(ANA), address(99), later(at)).delay;

    assert_eq!(delay(3599), LONGEST_DELAY);
    assert_eq!(delay(3599 + 74), FIRST_DELAY);
    assert_eq!(delay(3599 + 75), Duration::ZERO);
}

#[test]
fn a_success_clears_the_name_but_not_the_address() {
    let mut throttle = Throttle::new();
    for _ in 0..50 {
        throttle.failed(Some(ANA), address(1), NOW);
    }
    throttle.succeeded("Ana@Example.com");

    assert_eq!(throttle.check(Some(ANA), address(2), NOW).delay, Duration::ZERO);
    assert_eq!(throttle.check(Some(ANA), address(1), NOW).delay, LONGEST_DELAY);
}

#[test]
fn the_clock_may_jump() {
    let mut throttle = after_failures(20);
    let years_back = UnixMillis(0);

    assert_eq!(throttle.check(Some(ANA), address(99), years_back).delay, LONGEST_DELAY);
    throttle.failed(Some(ANA), address(99), years_back);
    assert_eq!(
        throttle.check(Some(ANA), address(99), UnixMillis(75_000)).delay,
        Duration::ZERO,
        "no debt from the future"
    );

    throttle.failed(Some(ANA), address(99), UnixMillis(i64::MAX));
    throttle.failed(Some(ANA), address(99), UnixMillis(i64::MIN));
    assert!(throttle.check(Some(ANA), address(99), UnixMillis(i64::MIN)).delay <= LONGEST_DELAY);
}

#[test]
fn a_flood_of_names_takes_bounded_memory_and_does_not_hide_who_fails_all_the_time() {
    let mut throttle = Throttle::with_capacity(100);
    for n in 0..10_000_u32 {
        throttle.failed(Some(&format!("nobody{n}")), address(n), NOW);
        if n % 50 == 0 {
            throttle.failed(Some(ANA), address(1 << 30), NOW);
        }
        assert!(throttle.names.len() <= 200);
        assert!(throttle.addresses.len() <= 200);
    }
    assert_eq!(throttle.check(Some(ANA), address(1 << 31), NOW).delay, LONGEST_DELAY);
}

/// An event at the sign-in page.
#[derive(Debug, Clone)]
enum Event {
    Failed { name: String, address: u32 },
    Succeeded { name: String },
    Passes { millis: i64 },
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let name = prop_oneof![Just(ANA.to_owned()), "[a-c]".prop_map(|letter| format!("{letter}@example.com"))];
    let event = prop_oneof![
        4 => (name.clone(), 0..6_u32).prop_map(|(name, address)| Event::Failed { name, address }),
        1 => name.prop_map(|name| Event::Succeeded { name }),
        1 => (0..60_000_i64).prop_map(|millis| Event::Passes { millis }),
    ];
    prop::collection::vec(event, 0..300)
}

proptest! {
    /// With capacity 3 it drops keys all the time.
    #[test]
    fn whatever_happens_delays_and_memory_are_bounded(events in events(), forgetful: bool) {
        let mut throttle = Throttle::with_capacity(if forgetful { 3 } else { 1000 });
        let mut now = NOW;
        for event in events {
            match event {
                Event::Failed { name, address: from } => throttle.failed(Some(&name), address(from), now),
                Event::Succeeded { name } => throttle.succeeded(&name),
                Event::Passes { millis } => now = UnixMillis(now.0 + millis),
            }
            for from in 0..6 {
                prop_assert!(throttle.check(Some(ANA), address(from), now).delay <= LONGEST_DELAY);
            }
            prop_assert!(!forgetful || throttle.names.len() <= 6 && throttle.addresses.len() <= 6);
        }
    }

    #[test]
    fn four_failures_of_a_client_are_free_whatever_others_do_elsewhere(events in events(), name in "[a-z]{1,20}") {
        let mut throttle = Throttle::new();
        for event in events {
            if let Event::Failed { name, address: from } = event {
                throttle.failed(Some(&name), address(from), NOW);
            }
        }
        let client = address(1000);
        for _ in 0..4 {
            prop_assert_eq!(throttle.check(Some(&name), client, NOW).delay, Duration::ZERO);
            throttle.failed(Some(&name), client, NOW);
        }
        prop_assert_eq!(throttle.check(Some(&name), client, NOW).delay, Duration::ZERO);
    }

    /// Fast enough that an unknown browser is delayed in most of these cases.
    #[test]
    fn strangers_never_delay_a_known_browser(strangers in prop::collection::vec((0..1000_u32, 0..5_000_i64), 0..400)) {
        let mut throttle = Throttle::new();
        let home = address(5000);
        let mut now = NOW;
        for (from, millis) in strangers {
            throttle.failed(Some(ANA), address(from), now);
            now = UnixMillis(now.0 + millis);
            prop_assert_eq!(throttle.check(None, home, now).delay, Duration::ZERO);
        }
    }
}
