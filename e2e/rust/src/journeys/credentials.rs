use stytch::consumer::debug::WhoamiRequest;

use crate::Step;
use crate::checks::{check, refused};
use crate::world::{World, client_with, setting};

pub async fn walk(world: &World) -> Step {
    println!("# credentials");
    the_credentials_are_known(world).await?;
    a_wrong_secret_is_refused().await
}

async fn the_credentials_are_known(world: &World) -> Step {
    let answer = world.client.debug.whoami(WhoamiRequest {}).await?;
    check("the credentials name their project", &answer.project_id, &world.project_id);
    Ok(())
}

async fn a_wrong_secret_is_refused() -> Step {
    let mut secret = setting("VESTIBULE_SECRET")?;
    let last = secret.pop();
    secret.push(if last == Some('A') { 'B' } else { 'A' });
    let answer = client_with(&secret)?.debug.whoami(WhoamiRequest {}).await;
    refused("a secret that differs in one letter is refused", answer, "unauthorized_credentials", Some(401));
    Ok(())
}
