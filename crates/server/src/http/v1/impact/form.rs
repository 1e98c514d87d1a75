//! Which acts are previewed.

use rolecall_core::acts::{
    AnyAct, DeleteCluster, DeleteDepartment, DeleteProject, DeleteRole, DeleteRule, DeleteServiceAccount, DeleteUser,
    DisableRole, DisableServiceAccount, DisableUser, EnableRole, EnableServiceAccount, EnableUser, UpdateRole,
};
use rolecall_core::org::AccountId;
use rolecall_core::text::quoted;
use rolecall_core::{Error, Result};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::impact::Wanted;
use crate::http::extract::{List, Text};
use crate::http::limits;
use crate::http::v1::access_rules::{NewAccessRule, rule_id};
use crate::http::v1::departments::department_id;
use crate::http::v1::org::cluster_id;
use crate::http::v1::projects::project_id;
use crate::http::v1::roles::role_id;
use crate::http::v1::service_accounts::service_account_id;
use crate::http::v1::users::user_id;
use crate::http::v2::roles::RoleForm;

/// Acts, in the order in which they would be done.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ImpactForm {
    /// The acts.
    #[schema(value_type = Vec<ActForm>, min_items = 1, max_items = 500)]
    acts: List<ActForm, { limits::ITEMS }>,
}

/// One act. It takes `accessRule`, or an `id`, or for `update-role` an `id` and `role`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActForm {
    /// What would be done.
    #[schema(value_type = schema::PreviewedAct)]
    act: Text<{ limits::WORD }>,
    /// The id of what it would be done to, as text.
    #[schema(value_type = Option<String>, max_length = 36, example = "92")]
    id: Option<Text<{ limits::ID }>>,
    /// The new access rule.
    access_rule: Option<NewAccessRule>,
    /// The role as it would be.
    role: Option<RoleForm>,
}

impl ImpactForm {
    /// The acts that it means.
    ///
    /// # Errors
    /// `Invalid`, with the field and the value.
    pub fn acts(&self, account: AccountId) -> Result<Vec<Wanted>> {
        if self.acts.as_slice().is_empty() {
            return Err(Error::invalid("acts: empty; name at least one act"));
        }
        self.acts.as_slice().iter().map(|act| act.wanted(account)).collect()
    }
}

impl ActForm {
    fn wanted(&self, account: AccountId) -> Result<Wanted> {
        let word = self.act.as_str();
        let missing = |field: &str| Error::invalid(format!("{field}: missing; {word} needs it"));
        if word == "create-access-rule" {
            let rule = self.access_rule.as_ref().ok_or_else(|| missing("accessRule"))?;
            return Ok(Wanted::CreateRule(rule.parse(account)?));
        }
        let id = || self.id.as_ref().map(Text::as_str).ok_or_else(|| missing("id"));
        let act: AnyAct = match word {
            "delete-access-rule" => DeleteRule(rule_id(id()?)?).into(),
            "update-role" => {
                let form = self.role.as_ref().ok_or_else(|| missing("role"))?;
                let (role, definition) = (role_id(id()?)?, form.definition()?);
                UpdateRole { role, definition, enabled: form.enabled() }.into()
            }
            "enable-role" => EnableRole(role_id(id()?)?).into(),
            "disable-role" => DisableRole(role_id(id()?)?).into(),
            "delete-role" => DeleteRole(role_id(id()?)?).into(),
            "enable-user" => EnableUser(user_id(id()?)?).into(),
            "disable-user" => DisableUser(user_id(id()?)?).into(),
            "delete-user" => DeleteUser(user_id(id()?)?).into(),
            "enable-service-account" => EnableServiceAccount(service_account_id(id()?)?).into(),
            "disable-service-account" => DisableServiceAccount(service_account_id(id()?)?).into(),
            "delete-service-account" => DeleteServiceAccount(service_account_id(id()?)?).into(),
            "delete-cluster" => DeleteCluster(cluster_id(id()?)?).into(),
            "delete-department" => DeleteDepartment(department_id(id()?)?).into(),
            "delete-project" => DeleteProject(project_id(id()?)?).into(),
            _ => {
                return Err(Error::invalid(format!(
                    "act: {} is not one of {}",
                    quoted(word),
                    schema::PREVIEWED.join(", ")
                )));
            }
        };
        Ok(Wanted::Act(act))
    }
}

/// The words for acts in the API document.
pub mod schema {
    use utoipa::openapi::{RefOr, Schema};
    use utoipa::{PartialSchema, ToSchema};

    use crate::http::schema::words;

    /// The words, in the order of the document.
    pub const PREVIEWED: [&str; 15] = [
        "create-access-rule",
        "delete-access-rule",
        "update-role",
        "enable-role",
        "disable-role",
        "delete-role",
        "enable-user",
        "disable-user",
        "delete-user",
        "enable-service-account",
        "disable-service-account",
        "delete-service-account",
        "delete-cluster",
        "delete-department",
        "delete-project",
    ];

    /// An act that can be previewed.
    #[derive(Debug)]
    pub struct PreviewedAct;

    impl PartialSchema for PreviewedAct {
        fn schema() -> RefOr<Schema> {
            words(PREVIEWED).into()
        }
    }

    impl ToSchema for PreviewedAct {}
}
