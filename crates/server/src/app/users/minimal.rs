//! Finds users by id, email or name, with what one needs to pick them and nothing else.

use rolecall_core::Result;
use rolecall_core::filter::{Condition, Filter, Search, Test};
use rolecall_core::identity::{Email, UserId};
use rolecall_core::text::folded;
use rolecall_store::{Page, Sort, UserRecord};

use super::list::{ListFilter, ensure_may_read, list};
use crate::app::Call;

/// Which users are wanted; all conditions must hold.
#[derive(Debug, Default)]
pub struct Sought {
    /// One of these ids.
    pub ids: Option<Vec<UserId>>,
    /// One of these emails.
    pub emails: Option<Vec<Email>>,
    /// A part of the email.
    pub part: Option<String>,
    /// A part of the email or of the names.
    pub search: Option<String>,
}

/// The users that are sought, by email.
///
/// # Errors
/// `Forbidden` for a caller who may read users in no scope.
pub async fn find(call: &Call, sought: Sought, page: Page) -> Result<Vec<UserRecord>> {
    ensure_may_read(call)?;
    let Sought { ids, emails, part, search } = sought;
    let id_of = |email: &Email| call.world.user(email).map(|user| user.id);
    let of_emails = emails.map(|emails| emails.iter().filter_map(id_of).collect::<Vec<UserId>>());
    let named = match (ids, of_emails) {
        (Some(ids), Some(others)) => ids.into_iter().filter(|id| others.contains(id)).collect(),
        (Some(ids), None) | (None, Some(ids)) => ids,
        (None, None) => {
            let contains = part.map(|part| Condition {
                field: "username",
                test: Test::Search(Search::Contains, part),
                input: 0,
                span: 0..0,
            });
            let filter = Filter { conditions: contains.into_iter().collect() };
            return list(call, ListFilter { filter, search, ..ListFilter::default() }, Sort::default(), page).await;
        }
    };
    let holds = |text: &Option<String>, of: &str| text.as_ref().is_none_or(|text| folded(of).contains(&folded(text)));
    let found = call.app.store.users_with_ids(&named).await?.into_iter().filter(|user| {
        let names = [&user.first_name, &user.last_name].into_iter().flatten().map(String::as_str);
        let names = names.collect::<Vec<_>>().join(" ");
        let email_part = search.as_deref().map(|text| Email::part_as_kept(text).into_owned());
        holds(&part, user.email.as_str()) && (holds(&email_part, user.email.as_str()) || holds(&search, &names))
    });
    let first = usize::try_from(page.offset).unwrap_or(usize::MAX);
    Ok(found.skip(first).take(usize::try_from(page.limit).unwrap_or(usize::MAX)).collect())
}
