//! `/v1/debug`: whose credentials these are.

use crate::{endpoint::Routes, error::Result};
use domain::id::ProjectId;
use flows::Call;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub fn routes() -> Routes {
    Routes::new().get("/v1/debug/whoami", whoami)
}

/// Says whose credentials these are.
#[derive(Deserialize, JsonSchema)]
struct WhoamiRequest {}

#[derive(Serialize, JsonSchema)]
struct WhoamiResponse {
    project_id: ProjectId,
    name: String,
}

async fn whoami(call: Call, _: WhoamiRequest) -> Result<WhoamiResponse> {
    Ok(WhoamiResponse { project_id: call.project.project_id, name: call.project.name })
}
