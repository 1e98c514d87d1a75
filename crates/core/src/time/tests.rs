//! Dates as people and clients write them, and as Rolecall prints them.

use std::time::Duration;

use super::{NotADate, Timestamp};

const FIRST: i64 = -62_167_219_200_000;
const LAST: i64 = 253_402_300_799_999;

fn read(text: &str) -> i64 {
    Timestamp::parse(text).unwrap_or_else(|_| panic!("{text} is a date")).millis()
}

#[test]
fn rfc_3339_is_read_with_its_offset() {
    assert_eq!(read("1970-01-01T00:00:00Z"), 0);
    assert_eq!(read("2026-01-31T09:30:00Z"), 1_769_851_800_000);
    assert_eq!(read("2026-01-31T10:30:00+01:00"), read("2026-01-31T09:30:00Z"));
    assert_eq!(read("2026-01-31T04:00:00-05:30"), read("2026-01-31T09:30:00Z"));
    assert_eq!(read("2026-01-31t09:30:00z"), read("2026-01-31T09:30:00Z"));
    assert_eq!(read("2026-01-31T09:30:00.123Z"), read("2026-01-31T09:30:00Z") + 123);
    assert_eq!(read("2024-02-29T00:00:00Z") - read("2024-02-28T00:00:00Z"), 86_400_000);
}

#[test]
fn fractions_of_a_millisecond_are_cut_off_towards_the_past() {
    assert_eq!(read("2026-01-31T09:30:00.1239Z"), read("2026-01-31T09:30:00.123Z"));
    assert_eq!(read("1969-12-31T23:59:59.9999Z"), -1);
}

#[test]
fn a_date_alone_is_its_midnight_in_utc() {
    assert_eq!(read("2026-01-31"), read("2026-01-31T00:00:00Z"));
}

#[test]
fn what_is_no_date_is_refused() {
    for text in [
        "",
        " ",
        "today",
        "2026",
        "2026-01",
        "20260131",
        "2026-13-01",
        "2026-02-29",
        "2026-00-10",
        "2026-01-31T09:30:00",
        "2026-01-31T24:00:00Z",
        "2026-01-31T09:60:00Z",
        "2026-01-31Z",
        "2026-01-31+01:00",
        " 2026-01-31",
        "2026-01-31 ",
        "2026-01-31\n",
        "2026-01-31T09:30:00Z\u{0}",
        "2026-01-31T09:30:00Z[Europe/Berlin]",
        "2026-01-31T09:30:00+01:00[Europe/Berlin]",
        "2026-01-31[UTC]",
        "-000001-12-31T00:00:00Z",
        "10000-01-01",
        "1769851800000",
        "２０２６-01-31",
    ] {
        assert_eq!(Timestamp::parse(text), Err(NotADate), "{text:?}");
    }
}

#[test]
fn the_ends_of_the_range_are_read_and_printed() {
    assert_eq!(read("0000-01-01T00:00:00Z"), FIRST);
    assert_eq!(read("9999-12-31T23:59:59.999Z"), LAST);
    assert_eq!(read("9999-12-31"), LAST - 86_399_999);
    assert_eq!(Timestamp::parse("9999-12-31T23:59:59-01:00"), Err(NotADate), "that is in the year 10000");
    assert_eq!(Timestamp::parse("0000-01-01T00:00:00+01:00"), Err(NotADate), "that is before the year 0000");
    assert_eq!(Timestamp::from_millis(FIRST).to_string(), "0000-01-01T00:00:00.000Z");
    assert_eq!(Timestamp::from_millis(LAST).to_string(), "9999-12-31T23:59:59.999Z");
}

#[test]
fn beyond_the_range_time_stands_still() {
    assert_eq!(Timestamp::from_millis(i64::MAX).millis(), LAST);
    assert_eq!(Timestamp::from_millis(i64::MIN).millis(), FIRST);
    assert_eq!(Timestamp::from_millis(0).plus(Duration::MAX).millis(), LAST);
    assert_eq!(Timestamp::from_millis(0).minus(Duration::MAX).millis(), FIRST);
}

#[test]
fn it_is_printed_with_three_decimals() {
    assert_eq!(Timestamp::from_millis(0).to_string(), "1970-01-01T00:00:00.000Z");
    assert_eq!(Timestamp::from_millis(1_769_851_800_000).to_string(), "2026-01-31T09:30:00.000Z");
    assert_eq!(Timestamp::from_millis(1_769_851_800_007).to_string(), "2026-01-31T09:30:00.007Z");
    assert_eq!(Timestamp::from_millis(-1).to_string(), "1969-12-31T23:59:59.999Z");
}

#[test]
fn what_is_printed_reads_as_itself() {
    let step = (LAST - FIRST) / 997;
    for millis in (0..=997).map(|i| FIRST + i * step) {
        assert_eq!(read(&Timestamp::from_millis(millis).to_string()), millis);
    }
}

#[test]
fn sums_and_differences() {
    let noon = Timestamp::from_millis(43_200_000);
    let later = noon.plus(Duration::from_secs(60));
    assert_eq!(later.since(noon), Duration::from_secs(60));
    assert_eq!(noon.since(later), Duration::ZERO, "what lies ahead is no time ago");
    assert_eq!(later.minus(Duration::from_secs(60)), noon);
    assert_eq!(Timestamp::from_millis(1999).seconds(), 1);
    assert_eq!(Timestamp::from_millis(-1).seconds(), -1, "seconds count down below the epoch, they do not round to it");
}
