//! What a backlog of messages costs in memory, and whom it keeps waiting.

use super::figures_from;
use crate::{Outcome, server::Server};
use serde_json::{Value, json};
use std::process::Command;

/// A backlog that is none: what a server holds that has sent some mail.
const FEW: u32 = 1_000;

/// Memory with few that wait, with many, and the most while their time is over
/// and they are dropped; beside that, how long a new mail waits.
pub fn measured(server: &Server, client: impl Fn() -> Command, many: u32) -> Outcome<Value> {
    let pile_up = |count: u32| {
        let mut client = client();
        client.args(["pile-up", "--messages", &count.to_string()]);
        figures_from(client.envs(server.variables()))
    };
    pile_up(FEW)?;
    let few_mb = server.resident_megabytes()?;
    let piled = pile_up(many)?;
    let many_mb = server.resident_megabytes()?;
    let gone_on = figures_from(client().arg("go-on").envs(server.variables()))?;
    Ok(json!({
        "messages": many, "piled_up_in_s": piled["seconds"], "few_mb": few_mb, "many_mb": many_mb,
        "most_mb": server.most_resident_megabytes()?, "arrived_after_ms": gone_on["arrived_after_ms"],
    }))
}
