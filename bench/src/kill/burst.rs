//! Logins without pause, until the server is gone.

use super::{
    CONNECTIONS,
    record::{Completion, Record, Session},
};
use crate::{
    Outcome,
    api::{Api, Client, Unanswered, text},
    dev::Clock,
    login,
    people::{Member, Organization, SecondFactor},
};
use std::{
    cell::{Cell, RefCell},
    path::Path,
    rc::Rc,
    time::Duration,
};
use tokio::{task::JoinSet, time::timeout};

const LONGEST: Duration = Duration::from_secs(30);

/// Prints a line when the logins begin. Succeeds only if the server goes away in the midst of them.
pub async fn burst(api: &Rc<Api>, record: &Path) -> Outcome {
    let world = Rc::new(World::new(api).await?);
    println!("logging in");
    let mut tasks = JoinSet::new();
    for _ in 0..CONNECTIONS {
        tasks.spawn_local(log_in_for_ever(Rc::clone(api), Rc::clone(&world)));
    }
    timeout(LONGEST, until_lost(tasks)).await.map_err(|_| "nobody killed the server")??;
    world.record.borrow().write(record)
}

async fn log_in_for_ever(api: Rc<Api>, world: Rc<World>) -> Result<(), Unanswered> {
    let mut client = Client::open(&api).await?;
    loop {
        world.with_two_factors(&mut client).await?;
        world.with_one_factor(&mut client).await?;
    }
}

/// Anything but a lost connection is a failure of the burst.
async fn until_lost(mut tasks: JoinSet<Result<(), Unanswered>>) -> Outcome {
    while let Some(end) = tasks.join_next().await {
        match end? {
            Ok(()) | Err(Unanswered::Lost(_)) => {}
            Err(failure) => return Err(failure.into()),
        }
    }
    Ok(())
}

struct World {
    clock: Clock,
    strict: Organization,
    open: Organization,
    /// Every login has a member of its own: a second code would have to wait for the next step.
    born: Cell<usize>,
    record: RefCell<Record>,
}

impl World {
    async fn new(api: &Rc<Api>) -> Result<Self, Unanswered> {
        let mut client = Client::open(api).await?;
        Ok(Self {
            clock: Clock::read(&mut client).await?,
            strict: Organization::create(&mut client, SecondFactor::Required).await?,
            open: Organization::create(&mut client, SecondFactor::None).await?,
            born: Cell::default(),
            record: RefCell::default(),
        })
    }

    async fn with_two_factors(&self, client: &mut Client) -> Result<(), Unanswered> {
        let member = self.strict.member(client, self.number()).await?;
        let link = login::mailed_link(client, &member).await?;
        let half = text(&login::redeem(client, &link).await?, "/intermediate_session_token")?;
        self.note(|record| record.links.push(link));

        let step = self.clock.step();
        let code = member.authenticator.code(step);
        let completion = login::completion(&member.organization_id, &member.id, &half, &code);
        let token = text(&client.post(login::COMPLETION, &completion).await?, "/session_token")?;
        self.note(|record| {
            record.sessions.push(Session { token, member_id: member.id.clone() });
            record.completions.push(completed(member, half, step));
        });
        Ok(())
    }

    async fn with_one_factor(&self, client: &mut Client) -> Result<(), Unanswered> {
        let member = self.open.member(client, self.number()).await?;
        let link = login::mailed_link(client, &member).await?;
        let token = text(&login::redeem(client, &link).await?, "/session_token")?;
        self.note(|record| {
            record.links.push(link);
            record.sessions.push(Session { token, member_id: member.id });
        });
        Ok(())
    }

    fn number(&self) -> usize {
        self.born.replace(self.born.get() + 1)
    }

    /// Only after the answer: what it says is acknowledged from then on.
    fn note(&self, what: impl FnOnce(&mut Record)) {
        what(&mut self.record.borrow_mut());
    }
}

fn completed(member: Member, half: String, step: u64) -> Completion {
    let organization_id = member.organization_id.to_string();
    Completion {
        organization_id,
        member_id: member.id,
        email: member.email,
        number: member.number,
        half,
        step,
    }
}
