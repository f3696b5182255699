//! Webhook endpoints, at the command line.

use super::{meant, open};
use crate::{
    Failure, clock,
    command::webhooks::{Add, One, Replay, WebhookCommand},
};
use delivery::SigningSecret;
use domain::{
    id::WebhookEventId,
    projects::Project,
    webhooks::{Endpoint, State},
};
use flows::{
    App,
    projects::document::Administrator,
    webhooks::{
        endpoints::{self, Wanted},
        queue,
    },
};
use std::{process::ExitCode, sync::Arc};

const BY: Administrator = Administrator::Operator;

/// # Errors
/// When there is no such project, endpoint or event, or the server may not call the URL.
pub async fn run(command: WebhookCommand) -> Result<ExitCode, Failure> {
    match command {
        WebhookCommand::Test(one) => return test(&one).await,
        WebhookCommand::Add(options) => add(options).await?,
        WebhookCommand::List { project, configured } => {
            let app = open(&configured).await?;
            let project = meant(&app, project.as_deref()).await?.project_id;
            endpoints::of_project(&app, &project).await?.iter().for_each(show);
        }
        WebhookCommand::Rotate(one) => {
            let (app, project) = opened(&one).await?;
            let which = (&project.project_id, &one.endpoint_id);
            let luck = (clock::machine(), &mut clock::luck());
            let (endpoint, secret) = endpoints::rotate(&app, which, BY, luck).await?;
            show_secret(&endpoint, &secret);
        }
        WebhookCommand::Remove(one) => {
            let (app, project) = opened(&one).await?;
            let which = (&project.project_id, &one.endpoint_id);
            endpoints::delete(&app, which, BY, (clock::machine(), &mut clock::luck())).await?;
            println!("The endpoint is removed.");
        }
        WebhookCommand::Deliveries { state, before, one } => {
            deliveries(&one, (state, before.as_ref())).await?;
        }
        WebhookCommand::Replay(options) => replay(options).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn opened(one: &One) -> Result<(Arc<App>, Project), Failure> {
    let app = open(&one.configured).await?;
    let project = meant(&app, one.project.as_deref()).await?;
    Ok((app, project))
}

async fn add(options: Add) -> Result<(), Failure> {
    let app = open(&options.configured).await?;
    let project = meant(&app, options.project.as_deref()).await?;
    let wanted = Wanted {
        url: Some(options.url),
        description: Some(options.description),
        events: Some(options.events),
        disabled: None,
    };
    let luck = (clock::machine(), &mut clock::luck());
    let (endpoint, secret) = endpoints::create(&app, (&project, wanted), BY, luck).await?;
    show_secret(&endpoint, &secret);
    Ok(())
}

pub(super) fn show_secret(endpoint: &Endpoint, secret: &SigningSecret) {
    println!("endpoint_id  {}", endpoint.endpoint_id);
    println!("secret       {}", secret.expose());
    println!("The secret is not shown again.");
}

fn show(it: &Endpoint) {
    let state = match (it.disabled_at, it.failing_since) {
        (Some(at), _) => format!("disabled since {at}"),
        (None, Some(at)) => format!("failing since {at}"),
        (None, None) => "well".to_owned(),
    };
    println!("{}  {}  {}  {state}", it.endpoint_id, it.url, it.filters.as_slice().join(","));
}

async fn test(one: &One) -> Result<ExitCode, Failure> {
    let (app, project) = opened(one).await?;
    let luck = (clock::machine(), &mut clock::luck());
    let (event, attempt) = queue::test(&app, (&project, &one.endpoint_id), luck).await?;
    let Some(attempt) = attempt else {
        println!("{event}  is being sent by a server; `vestibule webhook deliveries` tells what came of it");
        return Ok(ExitCode::SUCCESS);
    };
    println!("{event}  {}, after {} ms", attempt.outcome, attempt.took_ms);
    let taken = attempt.status.is_some_and(|it| (200..300).contains(&it));
    Ok(if taken { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn deliveries(one: &One, wanted: (Option<State>, Option<&WebhookEventId>)) -> Result<(), Failure> {
    let (app, project) = opened(one).await?;
    let which = (&project.project_id, &one.endpoint_id);
    for it in queue::list(&app, which, wanted, queue::PAGE).await? {
        let when = match it.state {
            State::Pending => format!("next at {}", it.next_at),
            State::Delivered | State::Dead => it.finished_at.map(|at| format!("at {at}")).unwrap_or_default(),
        };
        println!("{}  {}  {}  {} attempts  {when}", it.event_id, it.event_type, it.state, it.attempts);
    }
    Ok(())
}

async fn replay(options: Replay) -> Result<(), Failure> {
    let which = match (options.event, options.dead_since) {
        (Some(event), _) => queue::Replay::One(event),
        (None, Some(since)) => queue::Replay::DeadSince(since),
        (None, None) => return Err("either --event or --dead-since".into()),
    };
    let (app, project) = opened(&options.one).await?;
    let what = (&project.project_id, &options.one.endpoint_id, which);
    let luck = (clock::machine(), &mut clock::luck());
    let replayed = queue::replay(&app, what, BY, luck).await?;
    println!("{replayed} will be sent again, by the next server that runs.");
    Ok(())
}
