//! `GET /api/v1/users/access-rules`: what several users hold.

use axum::Json;
use rolecall_core::identity::{SubjectKind, UserId};
use rolecall_core::org::AccountId;
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use rolecall_store::{HeldRules, RuleRecord};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::users;
use crate::http::error::{ErrorBody, HttpResult};
use crate::http::extract::{Caller, Query};
use crate::http::parameter::Words;
use crate::http::v1::access_rules::AccessRuleView;
use crate::http::{limits, schema};

/// Users with the rules that they hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsersRules {
    /// The users, in the order in which they were asked for.
    users: Vec<UserRules>,
}

/// A user with the access rules that apply to them and that the caller sees.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserRules {
    /// The id.
    #[schema(format = Uuid)]
    id: String,
    /// The email.
    #[schema(value_type = schema::Email)]
    username: String,
    /// How many of these access rules there are.
    total_records: u64,
    /// The first of them: the widest scopes first, then those that name the user. Up to 50, and no more than 500 in an answer.
    access_rules: Vec<HeldRuleView>,
}

/// An access rule that a user holds.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeldRuleView {
    /// The rule.
    #[serde(flatten)]
    rule: AccessRuleView,
    /// The group that gives the rule to the user; null when the rule names the user.
    #[schema(required)]
    through_group: Option<String>,
}

impl UserRules {
    fn new(held: HeldRules, account: AccountId) -> Self {
        Self {
            id: held.id.to_string(),
            username: held.email.to_string(),
            total_records: held.total,
            access_rules: held.rules.into_iter().map(|rule| HeldRuleView::new(rule, account)).collect(),
        }
    }
}

impl HeldRuleView {
    fn new(rule: RuleRecord, account: AccountId) -> Self {
        let through_group = (rule.subject_type == SubjectKind::Group).then(|| rule.subject.clone());
        Self { rule: AccessRuleView::new(rule, account, false), through_group }
    }
}

/// The users whose rules are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct WantedUsers {
    /// 1 to 100 ids of users, separated by commas or repeated.
    #[param(value_type = String, max_length = 32768, required)]
    user_ids: Words<{ limits::NAMES }>,
}

impl WantedUsers {
    /// The ids, each once.
    fn ids(&self) -> Result<Vec<UserId>> {
        let most = limits::USERS;
        let mut ids = Vec::new();
        for text in self.user_ids.iter() {
            let id = UserId::parse(text).ok_or_else(|| {
                Error::invalid(format!("userIds: {} is not a user's id, which is a UUID", quoted(text)))
            })?;
            if !ids.contains(&id) {
                ids.push(id);
            }
            if ids.len() > most {
                return Err(Error::invalid(format!("userIds: a request takes at most {most} users")));
            }
        }
        if ids.is_empty() {
            return Err(Error::invalid("userIds: missing; send the ids of 1 to 100 users, separated by commas"));
        }
        Ok(ids)
    }
}

/// List the access rules of several users
///
/// Their own and those of their groups, as far as the caller sees them. Needs `users:read` in any scope. A user who does not
/// exist is left out of the answer.
#[utoipa::path(get, path = "/api/v1/users/access-rules", tag = "Users", params(WantedUsers), responses(
    (status = 200, description = "The users with their rules", body = UsersRules),
    (status = "4XX", description = "Refused", body = ErrorBody),
))]
pub async fn list_users_rules(Caller(call): Caller, Query(wanted): Query<WantedUsers>) -> HttpResult<Json<UsersRules>> {
    let account = call.world.account().id;
    let held = users::held_rules(&call, &wanted.ids()?).await?;
    Ok(Json(UsersRules { users: held.into_iter().map(|held| UserRules::new(held, account)).collect() }))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::http::extract::query;

    fn read(query: &str) -> Result<Vec<UserId>> {
        query::read::<WantedUsers>(query)?.ids()
    }

    #[test]
    fn ids_come_joined_or_repeated_and_count_once() {
        let [a, b] = [1, 2].map(|n| UserId::new(Uuid::from_u128(n)));
        assert_eq!(read(&format!("userIds={b},{a}%2C&userIds={b}")).unwrap(), [b, a]);
        let many: Vec<_> = (0..101).map(|n| Uuid::from_u128(n).to_string()).collect();
        assert_eq!(read(&format!("userIds={}", many[..100].join(","))).unwrap().len(), 100);
        assert!(
            read(&format!("userIds={}", many.join(",")))
                .unwrap_err()
                .message
                .starts_with("userIds: a request takes at most 100")
        );
    }

    #[test]
    fn none_or_something_else_is_refused() {
        for query in ["", "userIds=", "userIds=,", "userIds=ana@example.com"] {
            assert!(read(query).unwrap_err().message.starts_with("userIds: "), "{query}");
        }
    }
}
