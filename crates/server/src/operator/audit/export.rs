//! `vestibule audit export`.

use super::super::{find, open};
use crate::{
    Failure,
    command::audit::Export,
    config::{self, AuditExport},
    key_file,
};
use domain::audit::chain::ChainId;
use flows::audit::{
    export::{Kept, Progress, round},
    verification::Part,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

const EVENTS: usize = 500;
const EVERY: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_mins(1);

/// How far one chain was written, a line of the cursor file.
#[derive(Serialize, Deserialize)]
struct Place {
    project_id: String,
    organization_id: Option<String>,
    sequence: i64,
}

pub(super) async fn run(options: Export) -> Result<ExitCode, Failure> {
    let app = open(&options.configured).await?;
    let project = match &options.project {
        Some(id) => Some(find(&app, id).await?.project_id),
        None => None,
    };
    let part = Part { project, organization: None };
    let mut sink = config::sink(&destination(&options)?)?;
    let mut progress = Progress::Kept(kept(options.cursor_file.as_deref())?);
    let mut pause = EVERY;
    loop {
        let to = (&mut progress, &mut sink);
        match round(&app.db, &part, to, (EVENTS, env!("CARGO_PKG_VERSION"))).await {
            Ok(events) if !options.follow => {
                eprintln!("{events} events were written.");
                return Ok(ExitCode::SUCCESS);
            }
            Ok(_) => pause = EVERY,
            Err(error) if !options.follow => {
                return Err(format!("{error}; {}", how_to_go_on(&options)).into());
            }
            Err(error) => {
                pause = (pause * 2).min(LONGEST);
                eprintln!("vestibule: {error}; again in {} s", pause.as_secs());
            }
        }
        tokio::time::sleep(pause).await;
    }
}

fn how_to_go_on(options: &Export) -> &'static str {
    if options.cursor_file.is_some() {
        "run it again to go on, or with --follow to go on by itself"
    } else {
        "another run begins anew: with --cursor-file it would go on, with --follow by itself"
    }
}

fn destination(options: &Export) -> Result<AuditExport, Failure> {
    let token = match &options.token_file {
        Some(file) => Some(SecretString::from(key_file::read_private(file)?.trim().to_owned())),
        None => None,
    };
    let (destination, authority) = (options.to.clone(), options.ca_file.clone());
    Ok(AuditExport { destination, batch: EVENTS, token, authority })
}

fn kept(file: Option<&Path>) -> Result<Kept, Failure> {
    let Some(file) = file.map(Path::to_owned) else {
        return Ok(Kept { places: BTreeMap::new(), save: Box::new(|_| Ok(())) });
    };
    let mut places = BTreeMap::new();
    if file.exists() {
        let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        for line in text.lines() {
            let Place { project_id, organization_id, sequence } =
                serde_json::from_str(line).map_err(|error| format!("{}: {error}", file.display()))?;
            places.insert(ChainId { project_id, organization_id }, sequence);
        }
    }
    let save = move |places: &BTreeMap<ChainId, i64>| {
        written(&file, places).map_err(|error| format!("{}: {error}", file.display()))
    };
    Ok(Kept { places, save: Box::new(save) })
}

/// As a whole or not at all: beside it, synced, renamed.
fn written(file: &PathBuf, places: &BTreeMap<ChainId, i64>) -> Result<(), Failure> {
    let mut beside = file.clone().into_os_string();
    beside.push(".new");
    let mut text = String::new();
    for (chain, sequence) in places {
        let ChainId { project_id, organization_id } = chain.clone();
        text.push_str(&serde_json::to_string(&Place { project_id, organization_id, sequence: *sequence })?);
        text.push('\n');
    }
    let mut new = File::create(&beside)?;
    new.write_all(text.as_bytes())?;
    new.sync_all()?;
    Ok(fs::rename(&beside, file)?)
}
