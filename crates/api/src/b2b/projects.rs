//! `/v1/projects`.

use crate::{endpoint::Routes, error::Result};
use domain::id::ProjectId;
use flows::{Call, projects};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub fn routes() -> Routes {
    Routes::new().get("/v1/projects/metrics", metrics)
}

/// Counts what a project holds.
#[derive(Deserialize, JsonSchema)]
struct MetricsRequest {}

#[derive(Serialize, JsonSchema)]
struct MetricsResponse {
    project_id: ProjectId,
    metrics: [Metric; 4],
}

#[derive(Serialize, JsonSchema)]
struct Metric {
    metric_type: &'static str,
    /// Without what was deleted.
    count: u32,
}

async fn metrics(call: Call, _: MetricsRequest) -> Result<MetricsResponse> {
    let figures = projects::figures(&call).await?;
    let counted = [
        ("USER_COUNT", 0), // of another kind of project
        ("ORGANIZATION_COUNT", figures.organizations),
        ("MEMBER_COUNT", figures.members),
        ("M2M_CLIENT_COUNT", figures.m2m_clients),
    ];
    let metrics = counted.map(|(metric_type, count)| {
        let count = u32::try_from(count.max(0)).unwrap_or(u32::MAX);
        Metric { metric_type, count }
    });
    Ok(MetricsResponse { project_id: call.project.project_id, metrics })
}
