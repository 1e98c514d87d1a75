//! Roles: named sets of permissions, predefined or the organization's own.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::catalogue::{PermissionSet, PredefinedRole, PresetId, RoleId};
use crate::error::{Error, Result};
use crate::text::{composed, folded, key_of_new, quoted, unseen};
use crate::time::Timestamp;

/// Maximum characters of a name.
const MOST: usize = 255;

/// The creator of predefined roles.
const SYSTEM: &str = "system";

/// When the predefined roles were made: 2026-01-01, the same everywhere, since they are part of the product.
const MADE_MILLIS: i64 = 1_767_225_600_000;

/// A role at one revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// What it is called and what it permits.
    #[serde(flatten)]
    pub definition: RoleDefinition,
    /// Whether the organization made it; predefined roles come with Rolecall.
    pub custom: bool,
    /// Whether it counts: a rule with a disabled role permits nothing.
    pub enabled: bool,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What an administrator says about a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RoleDefinition {
    /// Its name.
    pub name: RoleName,
    /// Its purpose.
    pub description: String,
    /// The presets that it was made from; none when its permissions were chosen one by one.
    pub presets: Vec<PresetId>,
    /// Its permissions, those of the presets among them: a later version's presets change no role.
    pub permissions: PermissionSet,
    /// The role in Kubernetes clusters that it stands for there. Rolecall stores it for others.
    pub kubernetes: Option<String>,
}

impl From<&PredefinedRole> for Role {
    fn from(role: &PredefinedRole) -> Self {
        let made = Timestamp::from_millis(MADE_MILLIS);
        Self {
            id: role.id,
            definition: RoleDefinition {
                name: RoleName::of_catalogue(role.name),
                description: role.description.to_owned(),
                presets: Vec::new(),
                permissions: role.permissions,
                kubernetes: None,
            },
            custom: false,
            enabled: true,
            created_by: SYSTEM.to_owned(),
            created_at: made,
            updated_at: made,
        }
    }
}

impl Role {
    /// The roles that every installation begins with.
    pub fn predefined() -> impl Iterator<Item = Self> {
        PredefinedRole::all().iter().map(Self::from)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.definition.name.as_str()
    }

    /// The permissions that it lists, whether it is enabled or not.
    #[must_use]
    pub const fn permissions(&self) -> PermissionSet {
        self.definition.permissions
    }
}

/// The name of a role: 1 to 255 characters, no invisible characters, and no white space except single spaces between
/// words. In normalization form C.
///
/// Names with the same [`key`](Self::key) are the same name to people; no two roles have one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoleName {
    text: Arc<str>,
    /// Made once: lists sort by it, and every change of a role looks for it among all others.
    key: Arc<str>,
}

impl RoleName {
    /// Parses a name, in either normalization form.
    ///
    /// # Errors
    /// `Invalid`, with the field's name and what is wrong.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let refused = |what: &str| Err(Error::invalid(format!("{field}: {} {what}", quoted(text))));
        // Composing shortens a name to a quarter at most.
        let text = if text.len() > 16 * MOST { text.into() } else { composed(text) };
        let length = text.chars().count();
        if !(1..=MOST).contains(&length) {
            return Err(Error::invalid(format!("{field}: a name has 1 to {MOST} characters; this one has {length}")));
        }
        if let Some(it) = unseen(&text).or_else(|| text.chars().find(|it| it.is_whitespace() && *it != ' ')) {
            return refused(&format!("contains U+{:04X}, which is invisible; remove it", u32::from(it)));
        }
        if text.trim() != text || text.contains("  ") {
            return refused("begins or ends with a space, or contains two in a row; use single spaces between words");
        }
        let key = key_of_new(field, &text)?;
        Ok(Self { text: text.into(), key: key.into() })
    }

    /// A name of the catalogue.
    fn of_catalogue(text: &'static str) -> Self {
        Self { text: text.into(), key: folded(text).into() }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The form in which names are compared.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl From<RoleName> for String {
    fn from(name: RoleName) -> Self {
        name.as_str().to_owned()
    }
}

impl TryFrom<String> for RoleName {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        Self::parse("name", &text)
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
