//! Walks the journeys in order. They share one world: what an earlier one built, a later one uses.

mod authenticator;
mod checks;
mod conformance;
mod dev;
mod journeys;
mod login;
mod world;

use std::process::ExitCode;

/// What stops a walk: something went wrong that no check expected.
type Failure = Box<dyn std::error::Error>;
type Step = Result<(), Failure>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    if let Err(failure) = Box::pin(walk()).await {
        checks::fail("the journeys go through", "no failure", failure.to_string());
    }
    checks::finish()
}

async fn walk() -> Step {
    let mut world = world::World::new()?;
    journeys::credentials::walk(&world).await?;
    journeys::organization::walk(&mut world).await?;
    // Before the clock moves, which the client does not follow here.
    journeys::m2m::walk(&world).await?;
    journeys::password::walk(&mut world).await?;
    journeys::sms::walk(&world).await?;
    journeys::magic_link::walk(&world).await?;
    journeys::totp::walk(&mut world).await?;
    journeys::recovery_codes::walk(&world).await?;
    journeys::session::walk(&world).await?;
    journeys::member::walk(&mut world).await?;
    // Moves the clock by an hour, which ends every session: last.
    journeys::lock::walk(&mut world).await?;
    conformance::walk().await
}
