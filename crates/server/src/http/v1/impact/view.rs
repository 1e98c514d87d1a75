//! How a preview is shown.

use rolecall_core::access::{ScopeImpact, SubjectImpact};
use rolecall_core::org::Scope;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::impact::Preview;
use crate::http::v1::effective_permissions::{ScopeName, lines};
use crate::http::v1::roles::PermissionView;
use crate::http::{limits, schema};

/// How many bytes the subjects of a page have: half of an answer, so that a page is soon there.
const LONGEST_PAGE: usize = limits::ANSWER / 2;

/// Maximum scopes that are shown for a subject.
const MOST_SCOPES: usize = 20;

/// Who gains and who loses what.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImpactView {
    /// How many subjects gain or lose something.
    affected: u64,
    /// How many of them gain something.
    gaining: u64,
    /// How many of them lose something.
    losing: u64,
    /// Whether there is more where the caller may not read access rules.
    is_partial: bool,
    /// The subjects, users first, by name.
    subjects: Vec<SubjectImpactView>,
    /// The offset of the next page; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
}

/// What one subject gains and loses.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubjectImpactView {
    /// user, group or service-account.
    #[schema(value_type = schema::SubjectType)]
    subject_type: &'static str,
    /// The email, the name of the group, or the client id.
    #[schema(example = "ana@example.com")]
    subject_id: String,
    /// The scopes where what is gained or lost is not as above them, in the order of the tree: at most 20. In every other scope it
    /// is as in the nearest of these above, and nothing where there is none.
    scopes: Vec<ScopeImpactView>,
    /// How many scopes there are, those that are not shown among them.
    scopes_count: u64,
}

/// What is gained and lost in a scope, and in what is below it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScopeImpactView {
    /// The scopes from the account down to this one, itself the last.
    path: Vec<ScopeName>,
    /// What becomes possible there, a line for each type of resource.
    gained: Vec<PermissionView>,
    /// What is no longer possible there, a line for each type of resource.
    lost: Vec<PermissionView>,
}

impl ImpactView {
    /// The view of a page that begins at that offset.
    pub fn new(preview: &Preview, offset: u64) -> Self {
        let mut room = LONGEST_PAGE;
        let mut subjects = Vec::new();
        for subject in &preview.subjects {
            let view = SubjectImpactView::new(subject, preview);
            // A page may have fewer subjects than were asked for, but always one.
            room = room.saturating_sub(view.bytes());
            if room == 0 && !subjects.is_empty() {
                break;
            }
            subjects.push(view);
        }
        let next = offset.saturating_add(u64::try_from(subjects.len()).unwrap_or(u64::MAX));
        let Preview { affected, gaining, losing, is_partial, .. } = *preview;
        Self { affected, gaining, losing, is_partial, subjects, next: (next < affected).then_some(next) }
    }
}

impl SubjectImpactView {
    fn new(impact: &SubjectImpact, preview: &Preview) -> Self {
        let scopes = impact.scopes.iter().take(MOST_SCOPES).map(|scope| ScopeImpactView::new(scope, preview));
        Self {
            subject_type: impact.subject.kind().as_str(),
            subject_id: impact.subject.name().to_owned(),
            scopes: scopes.collect(),
            scopes_count: u64::try_from(impact.scopes.len()).unwrap_or(u64::MAX),
        }
    }

    /// About as many bytes as it is sent in, rather more.
    fn bytes(&self) -> usize {
        let scopes = self.scopes.iter().map(ScopeImpactView::bytes).sum::<usize>();
        200 + 2 * self.subject_id.len() + scopes
    }
}

impl ScopeImpactView {
    fn new(scope: &ScopeImpact, preview: &Preview) -> Self {
        // A scope that goes is there before, one that comes afterwards.
        let name = |of: Scope| {
            let world = if preview.before.name_of(of).is_some() { &preview.before } else { &preview.after };
            ScopeName::new(of, world)
        };
        Self { path: scope.path.scopes().map(name).collect(), gained: lines(scope.gained), lost: lines(scope.lost) }
    }

    fn bytes(&self) -> usize {
        let names: usize = self.path.iter().map(ScopeName::bytes).sum();
        names + 200 * (self.gained.len() + self.lost.len())
    }
}
