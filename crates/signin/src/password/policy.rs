//! Which passwords a user may choose. Owns the rules and their error messages; stores nothing.

use aws_lc_rs::constant_time;
use zxcvbn::Score;
use zxcvbn::matching::Match;
use zxcvbn::matching::patterns::MatchPattern;

use super::normal::normal;
use super::{MAX_CHARACTERS, MIN_CHARACTERS, breached, guesses, is_too_long, rated};
use crate::secret::Secret;

/// The weakest accepted estimate. zxcvbn rates from 0 to 4 and calls everything below 3 weak: 3 means about 10^8
/// guesses or more, which a slow hash and throttled sign-ins make hopeless. 4 would refuse ordinary good passphrases.
const ENOUGH: Score = Score::Three;

/// Why a chosen password is refused. The message is for the user and never repeats the password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    /// Fewer than 8 characters.
    #[error("the password has {characters} characters, but needs at least {MIN_CHARACTERS}; try a few unusual words")]
    TooShort {
        /// Number of characters.
        characters: usize,
    },
    /// More than 255 characters.
    #[error("the password has more than {MAX_CHARACTERS} characters; choose a shorter one")]
    TooLong,
    /// A line break, tab, NUL or the like: probably pasted by accident, and hard to type again.
    #[error(
        "the password contains a control character, such as a tab or line break, at position {position}; remove it"
    )]
    ControlCharacter {
        /// Character position, from 1.
        position: usize,
    },
    /// The same as the current password.
    #[error("the new password is the same as the old one; choose another")]
    SameAsOld,
    /// In a list of breached passwords.
    #[error("the password is in public lists of stolen passwords, which attackers try first; choose another")]
    Breached,
    /// Too easy to guess.
    #[error("the password is too easy to guess. {advice}")]
    Weak {
        /// What makes it weak and what would help, in sentences.
        advice: String,
    },
}

/// Checks a password that the user with this email chose. `names` are widely known: those of the account, its clusters and
/// departments. `old` is the current password, where the caller has it. All are in normal form.
///
/// # Errors
/// The first rule that it breaks, in the order of [`PasswordRefused`].
pub fn check<'a>(
    password: &Secret,
    email: &'a str,
    names: impl IntoIterator<Item = &'a str>,
    old: Option<&Secret>,
) -> Result<(), PasswordRefused> {
    if is_too_long(password.expose()) {
        return Err(PasswordRefused::TooLong);
    }
    let text = normal(password.expose());
    if is_too_long(&text) {
        return Err(PasswordRefused::TooLong);
    }
    let characters = text.chars().count();
    if characters < MIN_CHARACTERS {
        return Err(PasswordRefused::TooShort { characters });
    }
    if let Some(index) = text.chars().position(char::is_control) {
        let position = index.saturating_add(1);
        return Err(PasswordRefused::ControlCharacter { position });
    }
    if old.is_some_and(|old| same(&normal(old.expose()), &text)) {
        return Err(PasswordRefused::SameAsOld);
    }
    check_strength(&text, email, names)?;
    if breached::is_breached(&text) { Err(PasswordRefused::Breached) } else { Ok(()) }
}

fn same(a: &str, b: &str) -> bool {
    constant_time::verify_slices_are_equal(a.as_bytes(), b.as_bytes()).is_ok()
}

fn check_strength<'a>(
    text: &str,
    email: &'a str,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<(), PasswordRefused> {
    let rated = rated::beginning(text);
    let joined = guesses::joined(text);
    let guesses::Known { words: mut known, is_beginning } = guesses::known(rated, &joined, email, names);
    if guesses::consists_of(&joined, &known) {
        let advice = "It consists of names that others know, such as those in your email. Use a few unusual words.";
        return Err(PasswordRefused::Weak { advice: advice.to_owned() });
    }
    if is_beginning {
        known.push(rated);
    }
    let mut estimate = zxcvbn::zxcvbn(rated, &known);
    if estimate.score() >= ENOUGH {
        // A common word is no better for a blank or dash in it. Characters at random are, so they count as they are.
        estimate = zxcvbn::zxcvbn(rated::beginning(&joined), &known);
        let at_random = |part: &Match| matches!(part.pattern, MatchPattern::BruteForce);
        if estimate.score() >= ENOUGH || estimate.sequence().iter().any(at_random) {
            return Ok(());
        }
    }

    let mut advice = Vec::new();
    if let Some(feedback) = estimate.feedback() {
        advice.extend(feedback.warning().map(|warning| warning.to_string()));
        advice.extend(feedback.suggestions().iter().map(ToString::to_string));
    }
    if advice.is_empty() {
        advice.push("Use a few unusual words.".to_owned());
    }
    Err(PasswordRefused::Weak { advice: advice.join(" ") })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ANA: &str = "ana.kowalczyk@example.com";

    fn choose(password: &str) -> Result<(), PasswordRefused> {
        check(&Secret::from(password), ANA, [], None)
    }

    #[test]
    fn good_passwords_of_every_style_are_accepted() {
        for good in [
            "tr0ub4dour-giraffe-plinth",
            "correct zebra battery moon",
            "qK7#vPz2!mWx",
            "harbour-Quince-58-tundra",
            "meadow-Lantern-31-orbit",
            "наша бабушка печёт сырники",
            "🦒🪴🧲🛶🪗🧊🦚🪁🪛🧶",
            "  spaces  around a sentence  ",
        ] {
            assert_eq!(choose(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn the_length_is_counted_in_characters_not_bytes() {
        assert_eq!(choose("🦒🪴🧲🛶🪗🧊🦚"), Err(PasswordRefused::TooShort { characters: 7 }));
        assert_eq!(choose(""), Err(PasswordRefused::TooShort { characters: 0 }));

        let long: String = "жираф за шкафом ест вафли, ".chars().cycle().take(256).collect();
        assert_eq!(choose(&long), Err(PasswordRefused::TooLong));
        let longest: String = long.chars().take(255).collect();
        assert_eq!(choose(&longest), Ok(()));
    }

    #[test]
    fn a_pasted_control_character_is_named_by_its_place() {
        for (password, position) in [
            ("giraffe\nplinth zebra", 8),
            ("\tgiraffe plinth zebra", 1),
            ("giraffe plinth zebra\0", 21),
            ("жираф\u{85}giraffe plinth", 6),
        ] {
            assert_eq!(choose(password), Err(PasswordRefused::ControlCharacter { position }));
        }
    }

    #[test]
    fn weak_passwords_are_refused_with_advice() {
        for weak in [
            "password",
            "Passw0rd!",
            "12345678",
            "qwertyuiop",
            "aaaaaaaaaaaaaaaa",
            "rolecall1",
            "Rolecall2026",
            "kowalczyk",
            "ana.kowalczyk",
            "ana.kowalczyk@example.com",
            "example.com1",
            "Kowalczyk123",
        ] {
            let refused = choose(weak).unwrap_err();
            let PasswordRefused::Weak { advice } = &refused else {
                panic!("{weak}: {refused}");
            };
            assert!(advice.ends_with('.'), "{weak}: {advice}");
            assert!(weak == "password" || !refused.to_string().contains(weak), "{refused}");
        }
        assert_eq!(
            choose("password").unwrap_err().to_string(),
            "the password is too easy to guess. This is a top-10 common password. Add another word or two. Uncommon words are better."
        );
    }

    #[test]
    fn every_part_of_the_own_address_is_an_easy_guess_but_not_of_another() {
        let zsu = "zsuzsanna.k-xqvorbnik@mail.wexplorniatech.example";
        for weak in ["xqvorbnik1", "wexplorniatech", "Zsuzsanna.k-Xqvorbnik", "mail.wexplorniatech.example", zsu] {
            let password = Secret::from(weak);
            assert!(matches!(check(&password, zsu, [], None), Err(PasswordRefused::Weak { .. })), "{weak}");
            assert_eq!(check(&password, ANA, [], None), Ok(()), "{weak}");
        }
    }

    #[test]
    fn widely_known_names_are_easy_guesses() {
        let names = ["Wexplorniatech Robotics", "Xqvorb-H100", "Perzeptronik"];
        for weak in ["wexplorniatech1", "Perzeptronik!", "P3rz3ptronik7", "kinortpezreP", "xqvorb-h100", "Xqvorbxqvorb"]
        {
            let password = Secret::from(weak);
            let answer = check(&password, ANA, names, None);
            assert!(matches!(answer, Err(PasswordRefused::Weak { .. })), "{weak}: {answer:?}");
        }
        let password = Secret::from("Perzeptronik!");
        assert_eq!(check(&password, ANA, ["Research"], None), Ok(()), "where the name is not known");
    }

    #[test]
    fn separators_digits_and_symbols_do_not_make_names_or_common_words_strong() {
        let names = ["Wexplorniatech Robotics", "Xqvorb-H100"];
        let zsu = "zsuzsanna.xqvorbnik@perzeptronik.example";
        for weak in [
            "xqvorbnik.zsuzsanna",
            "zsuzsanna_xqvorbnik",
            "zsuzsanna/xqvorbnik",
            "zsuzsanna1xqvorbnik",
            "perzeptronik.example",
            "perzeptronik-zsuzsanna",
            "wexplorniatech-robotics",
            "Wexplorniatech.Robotics",
            "Wexplorniatech-Robotics-2026",
            "WexplorniatechRobotics2026",
            "WexplorniatechRobotics!",
            "xqvorb\u{ad}xqvorb",
            "rolecall-rolecall",
            "password password",
            "password-password",
            " password ",
            "iloveyou iloveyou",
            "qwerty qwerty",
        ] {
            let password = Secret::from(weak);
            let answer = check(&password, zsu, names, None);
            assert!(matches!(answer, Err(PasswordRefused::Weak { .. })), "{weak}: {answer:?}");
        }
        for good in
            ["xK-9.vP_2-tR", "Wexplorniatech paints 7 gravel moons", "zsuzsanna-tr0ub4dour-giraffe", "qK7#vPz2!mWx"]
        {
            assert_eq!(check(&Secret::from(good), zsu, names, None), Ok(()), "{good}");
        }
    }

    #[test]
    fn a_strong_looking_password_that_was_stolen_is_refused() {
        for stolen in ["kxtca120ru", "Iulzfbyxxx6"] {
            assert_eq!(choose(stolen), Err(PasswordRefused::Breached), "{stolen}");
        }
    }

    #[test]
    fn a_password_is_judged_in_its_normal_form() {
        let old = Secret::from("tr0ub4dour-gir\u{e4}ffe-plinth");
        let typed_elsewhere = Secret::from("tr0ub4dour-gira\u{308}ffe-plinth");
        assert_eq!(check(&typed_elsewhere, ANA, [], Some(&old)), Err(PasswordRefused::SameAsOld));
        assert_eq!(choose("a\u{308}e\u{308}o\u{308}u\u{308}"), Err(PasswordRefused::TooShort { characters: 4 }));
    }

    #[test]
    fn the_old_password_is_no_new_one() {
        let old = Secret::from("tr0ub4dour-giraffe-plinth");
        assert_eq!(check(&old.clone(), ANA, [], Some(&old)), Err(PasswordRefused::SameAsOld));

        let other = Secret::from("Tr0ub4dour-giraffe-plinth");
        assert_eq!(check(&other, ANA, [], Some(&old)), Ok(()));
    }

    #[test]
    fn padding_a_weak_password_beyond_what_is_rated_does_not_pass() {
        let padded = format!("{}qK7#vPz2!mWx", "a".repeat(100));
        assert!(matches!(choose(&padded), Err(PasswordRefused::Weak { .. })));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_text_gets_an_answer(password in any::<String>(), email in any::<String>()) {
            let answer = check(&Secret::from(password.as_str()), &email, [], None);
            if answer.is_ok() {
                prop_assert!((8..=255).contains(&password.chars().count()));
            }
        }
    }
}
