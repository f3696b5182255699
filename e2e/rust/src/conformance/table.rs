//! What is known of each operation: its form, from the contract; how it is arranged, from the table all clients share.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Failure;

pub struct Table {
    pub fixtures: Value,
    pub projects: Value,
    routes: Vec<Value>,
    scenarios: Vec<(String, Value)>,
}

pub struct Scenario {
    pub operation: String,
    pub route: Value,
    pub spec: Value,
}

impl Table {
    pub fn read() -> Result<Self, Failure> {
        let shared = root().join("e2e/conformance");
        let contract = json(&root().join("crates/api/tests/data/b2b.json"))?;
        let mut files = fs::read_dir(&shared)?
            .map(|file| Ok(file?.path()))
            .collect::<Result<Vec<_>, std::io::Error>>()?;
        files.retain(|path| !path.ends_with("fixtures.json") && !path.ends_with("projects.json"));
        files.sort();
        let mut scenarios = Vec::new();
        for file in files {
            scenarios.extend(json(&file)?.as_object().cloned().unwrap_or_default());
        }
        Ok(Self {
            fixtures: json(&shared.join("fixtures.json"))?,
            projects: json(&shared.join("projects.json"))?,
            routes: contract["routes"].as_array().cloned().unwrap_or_default(),
            scenarios,
        })
    }

    pub fn scenarios(&self) -> impl Iterator<Item = Scenario> {
        self.scenarios.iter().map(|(operation, spec)| Scenario {
            operation: operation.clone(),
            route: self.route(operation).clone(),
            spec: spec.clone(),
        })
    }

    pub fn route(&self, operation: &str) -> &Value {
        self.routes.iter().find(|route| route["operation"] == operation).unwrap_or(&Value::Null)
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn json(path: &Path) -> Result<Value, Failure> {
    let text = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(serde_json::from_slice(&text)?)
}
