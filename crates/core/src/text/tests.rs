//! When texts are the same, and which characters are invisible.

use proptest::prelude::*;

use super::*;

#[test]
fn texts_are_the_same_after_full_case_folding_in_either_normalization_form() {
    for (one, other) in [
        ("Lab", "lab"),
        ("örchid", "ÖRCHID"),
        ("straße", "STRASSE"),
        ("STRAẞE", "strasse"),
        ("\u{e9}quipe", "e\u{301}quipe"),
        ("É", "e\u{301}"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("ǅungla", "ǆungla"),
        ("oﬃce", "OFFICE"),
        ("\u{212a}elvin", "kelvin"),
        ("\u{212b}ngström", "ångström"),
        ("ᾳ", "ΑΙ"),
        // Compatibility forms: of width, of hyphens, of ligatures.
        ("Lab", "Ｌab"),
        ("a\u{2010}z", "a\u{2011}z"),
        ("㎏", "KG"),
        ("\u{fefb}", "\u{644}\u{627}"),
        ("ǉ", "lj"),
        ("𝐛𝐞𝐫𝐥𝐢𝐧", "Berlin"),
        // A second dot on a letter that has one.
        ("mi\u{307}lan", "milan"),
        ("İstanbul", "istanbul"),
        ("\u{456}\u{307}", "\u{456}"),
        ("i\u{328}\u{307}", "į"),
    ] {
        assert_eq!(folded(one), folded(other), "{one} {other}");
    }
}

#[test]
fn texts_that_only_look_alike_are_not_the_same() {
    for (one, other) in [
        ("Lab", "Lab\u{200b}"),
        ("Lab", "Lab\u{202e}"),
        ("Lab", "Läb"),
        ("a\u{307}", "a"),
        ("a", "а"),
        // Turkish and Azeri pair ı with I. All other languages pair i with I, and a name does not tell its language.
        ("ı", "i"),
        ("ı", "I"),
    ] {
        assert_ne!(folded(one), folded(other), "{one} {other}");
    }
}

/// The standard library has its own tables. Two texts that differ only in case by its tables must be the same here.
#[test]
fn every_character_is_the_same_in_both_cases() {
    // Their uppercase form is that of another letter, which makes them Turkish letters.
    let turkish = |it: &char| matches!(it, 'ı' | 'İ');
    for it in (char::MIN..=char::MAX).filter(|it| !turkish(it)) {
        let (text, lower, upper) = (it.to_string(), it.to_lowercase().to_string(), it.to_uppercase().to_string());
        assert_eq!(folded(&upper), folded(&text), "{it} {upper}");
        if unseen(&text).is_none() {
            assert_eq!(folded(&lower), folded(&text), "{it} {lower}");
        }
    }
}

#[test]
fn folding_what_is_folded_changes_nothing() {
    for it in char::MIN..=char::MAX {
        let once = folded(&it.to_string());
        assert_eq!(folded(&once), once, "U+{:04X}", u32::from(it));
        assert_eq!(composed(&once), once, "U+{:04X}", u32::from(it));
    }
}

#[test]
fn what_cannot_be_seen_is_found() {
    for it in "\0\n\u{7f}\u{85}\u{ad}\u{34f}\u{61c}\u{115f}\u{180e}\u{200b}\u{200d}\u{200f}\u{2028}\u{2029}\u{202e}\u{2060}\u{2066}\u{2800}\u{303f}\u{3164}\u{fe0f}\u{feff}\u{ffa0}\u{fff9}\u{e000}\u{378}\u{ffff}\u{13441}\u{13442}\u{16fe4}\u{1d159}\u{e0061}\u{10ffff}".chars() {
        assert_eq!(unseen(&format!("Ä{it}b")), Some(it), "U+{:04X}", u32::from(it));
    }
    for text in
        ["", "Lab", "a b", "Équipe IA / Paris", "e\u{301}", "日本", "نور", "ไทย", "हिन्दी", "\u{1F980}", "①", "\u{3000}"]
    {
        assert_eq!(unseen(text), None, "{text}");
    }
}

#[test]
fn a_quotation_names_what_cannot_be_seen_and_leaves_the_rest_as_it_is() {
    for (text, expected) in [
        ("Lab", "\"Lab\""),
        ("Lab\u{200b}", "\"Lab<U+200B>\""),
        ("a\nb\0", "\"a<U+000A>b<U+0000>\""),
        ("the \"A\" \\ team", "\"the \"A\" \\ team\""),
        ("हिन्दी e\u{301}", "\"हिन्दी e\u{301}\""),
    ] {
        assert_eq!(quoted(text), expected);
    }
    assert_eq!(quoted(&"a".repeat(1000)).chars().count(), 60 + 1 + 2);
}

proptest! {
    #[test]
    fn folding_agrees_with_itself_whatever_the_spelling(text in "\\PC{0,12}|[a-zßẞıİſKÅΣσςǅe\u{301}\u{308}\u{345}ᾳ]{0,8}") {
        let once = folded(&text);
        prop_assert_eq!(&folded(&once), &once);
        prop_assert_eq!(&folded(&composed(&text)), &once);
        prop_assert_eq!(&folded(&text.to_ascii_uppercase()), &once);
    }
}
