//! The sample's tree: 2 clusters, 5 departments (the default ones among them), 20 projects.

use rolecall_core::Result;
use rolecall_core::org::{ClusterId, NodeName};
use rolecall_store::{BootstrapCluster, BootstrapDepartment, BootstrapProject};

use super::calendar::Calendar;

/// Names and descriptions: a line for a department, then its projects.
type Projects = &'static [(&'static str, &'static str)];
type Departments = &'static [(&'static str, &'static str, Projects)];

pub const DEFAULT: &str = "default";
pub const PERCEPTION: &str = "Perception";
pub const MOTION_PLANNING: &str = "Motion Planning";
pub const FOUNDATION_MODELS: &str = "Foundation Models";

pub const AUSTIN: &str = "austin-h100";
pub const ZURICH: &str = "zurich-a100";

const CLUSTERS: &[(&str, Departments)] = &[
    (
        AUSTIN,
        &[
            (
                DEFAULT,
                "Whatever belongs to no other department",
                &[("onboarding", "First steps for newcomers"), ("shared-notebooks", "Short experiments of all teams")],
            ),
            (
                PERCEPTION,
                "What the robots see",
                &[
                    ("lidar-segmentation", "Telling floor, shelf and person apart in point clouds"),
                    ("camera-calibration", "Keeping eight cameras in agreement"),
                    ("pedestrian-detection", "Seeing people early enough"),
                    ("depth-estimation", "Distances from a single camera"),
                    ("night-vision", "The same in the dark"),
                    ("sensor-fusion", "One picture out of all sensors"),
                ],
            ),
            (
                MOTION_PLANNING,
                "How the robots move",
                &[
                    ("trajectory-optimization", "Smooth paths that save energy"),
                    ("warehouse-navigation", "Finding the way between moving shelves"),
                    ("grasp-planning", "Picking up what was never seen before"),
                    ("fleet-simulation", "A thousand robots in one simulated hall"),
                    ("collision-avoidance", "Stopping in time"),
                ],
            ),
        ],
    ),
    (
        ZURICH,
        &[
            (DEFAULT, "Whatever belongs to no other department", &[("evaluation-sandbox", "Trying models of others")]),
            (
                FOUNDATION_MODELS,
                "What the robots understand",
                &[
                    ("robot-language-model", "From a sentence to a plan"),
                    ("vision-pretraining", "Learning from video without labels"),
                    ("policy-distillation", "Large models made small enough for a robot"),
                    ("synthetic-data", "Scenes that never happened"),
                    ("tokenizer-research", "Words for movements"),
                    ("safety-evaluation", "What a model must never do"),
                ],
            ),
        ],
    ),
];

const PROJECTS: usize = 20;

/// The clusters, with everything below them.
pub fn clusters(calendar: &mut Calendar, created_by: &str) -> Result<Vec<BootstrapCluster>> {
    let mut next_project = 0;
    let mut clusters = Vec::with_capacity(CLUSTERS.len());
    for (place, (name, departments)) in CLUSTERS.iter().enumerate() {
        let id = ClusterId::new(calendar.uuid()?);
        // The tree is created within weeks; only its projects are added over the year.
        let at = calendar.moment(place, 40)?;
        let mut made = Vec::with_capacity(departments.len());
        for (place, (name, description, projects)) in departments.iter().enumerate() {
            let is_default = *name == DEFAULT;
            let department_at = if is_default { at } else { calendar.moment(place.saturating_add(2), 40)?.max(at) };
            let projects = projects
                .iter()
                .map(|project| {
                    next_project += 1;
                    let at = calendar.moment(next_project, PROJECTS.saturating_add(1))?.max(department_at);
                    Ok(BootstrapProject {
                        name: NodeName::parse("name", project.0)?,
                        description: project.1.to_owned(),
                        at,
                        created_by: created_by.to_owned(),
                    })
                })
                .collect::<Result<_>>()?;
            made.push(BootstrapDepartment {
                name: NodeName::parse("name", name)?,
                description: (*description).to_owned(),
                at: department_at,
                created_by: created_by.to_owned(),
                is_default,
                projects,
            });
        }
        let name = NodeName::parse("name", name)?;
        clusters.push(BootstrapCluster { id, name, created_by: created_by.to_owned(), at, departments: made });
    }
    Ok(clusters)
}
