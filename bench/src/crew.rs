//! Many connections at work on one pile.

use crate::{
    Outcome,
    api::{Api, Client, Unanswered},
};
use std::{cell::RefCell, collections::VecDeque, rc::Rc};
use tokio::task::JoinSet;

/// Does the work for each item, on so many connections at a time; the results
/// come in the order of the items. The first failure ends it all.
pub async fn each<I, O, W>(api: &Rc<Api>, connections: usize, items: Vec<I>, work: W) -> Outcome<Vec<O>>
where
    I: 'static,
    O: 'static,
    W: AsyncFn(&mut Client, I) -> Result<O, Unanswered> + 'static,
{
    let pile = Rc::new(RefCell::new(items.into_iter().enumerate().collect::<VecDeque<_>>()));
    let work = Rc::new(work);
    let mut crew = JoinSet::new();
    for _ in 0..connections {
        crew.spawn_local(take_turns(Rc::clone(api), Rc::clone(&pile), Rc::clone(&work)));
    }
    let mut results = Vec::new();
    while let Some(done) = crew.join_next().await {
        results.extend(done??);
    }
    results.sort_by_key(|(place, _)| *place);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

async fn take_turns<I, O, W>(
    api: Rc<Api>,
    pile: Rc<RefCell<VecDeque<(usize, I)>>>,
    work: Rc<W>,
) -> Result<Vec<(usize, O)>, Unanswered>
where
    W: AsyncFn(&mut Client, I) -> Result<O, Unanswered>,
{
    let mut client = Client::open(&api).await?;
    let mut results = Vec::new();
    while let Some((place, item)) = top_of(&pile) {
        results.push((place, work(&mut client, item).await?));
    }
    Ok(results)
}

/// The pile is not held while its item is worked on.
fn top_of<T>(pile: &RefCell<VecDeque<T>>) -> Option<T> {
    pile.borrow_mut().pop_front()
}
