//! Every way text messages can take, in the operator's order.

use crate::{Carrier, ConfigurationFault, Inbox, Provider, Receipt, Smpp};
use domain::{Timestamp, phone::Country};
use std::{
    collections::HashMap,
    future::{Future, poll_fn},
    sync::Arc,
    task::Poll,
};

/// The providers of text messages. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    providers: Arc<Vec<Provider>>,
    /// Where a country has an order of its own: places among the providers.
    orders: Arc<HashMap<Country, Vec<usize>>>,
}

impl Texts {
    /// No provider: nothing can be sent.
    pub fn nowhere() -> Self {
        Self::default()
    }

    /// Everything into the dev inbox, by a provider of the name `inbox`.
    pub fn inbox(inbox: Inbox) -> Self {
        let inbox = Provider::new("inbox", Vec::new(), Carrier::Inbox(inbox));
        Self { providers: Arc::new(inbox.into_iter().collect()), orders: Arc::default() }
    }

    /// Providers in the order they are tried in.
    ///
    /// # Errors
    /// `ProviderTwice` when two have one name.
    pub fn new(providers: Vec<Provider>) -> Result<Self, ConfigurationFault> {
        let mut names: Vec<&str> = providers.iter().map(Provider::name).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(ConfigurationFault::ProviderTwice);
        }
        Ok(Self { providers: Arc::new(providers), orders: Arc::default() })
    }

    /// Gives a country an order of its own: these providers and no others.
    ///
    /// # Errors
    /// `ProviderOrder` for a name that is unknown, named twice, or does not serve the country.
    pub fn ordered(self, country: Country, names: &[String]) -> Result<Self, ConfigurationFault> {
        let mut places = Vec::new();
        for name in names {
            let place = self.providers.iter().position(|it| it.name() == name && it.serves(Some(country)));
            match place {
                Some(place) if !places.contains(&place) => places.push(place),
                Some(_) | None => return Err(ConfigurationFault::ProviderOrder),
            }
        }
        let mut orders = Arc::unwrap_or_clone(self.orders);
        orders.insert(country, places);
        Ok(Self { orders: Arc::new(orders), ..self })
    }

    /// The providers for a country, in the order they should be tried: the
    /// operator's, and behind the others those that fail or whose messages do
    /// not arrive.
    pub fn route(&self, country: Option<Country>, now: Timestamp) -> Vec<&Provider> {
        let own = country.and_then(|it| self.orders.get(&it));
        let mut route: Vec<&Provider> = match own {
            Some(places) => places.iter().filter_map(|&place| self.providers.get(place)).collect(),
            None => self.providers.iter().filter(|it| it.serves(country)).collect(),
        };
        route.sort_by_key(|it| !it.is_well(now)); // stable: the operator's order within each part
        route
    }

    pub fn named(&self, name: &str) -> Option<&Provider> {
        self.providers.iter().find(|it| it.name() == name)
    }

    /// The next receipt that came on a session, and the provider's name; waits
    /// for ever without providers that keep one. Cancel-safe.
    pub async fn next_session_receipt(&self, now: impl Fn() -> Timestamp) -> (String, Receipt) {
        let next =
            |(name, smpp): (&'_ str, &'_ Smpp)| (name.to_owned(), Box::pin(smpp.clone().next_receipt()));
        let mut waiting: Vec<_> = self.sessions().map(next).collect();
        poll_fn(|context| {
            for (name, next) in &mut waiting {
                if let Poll::Ready((reference, outcome)) = next.as_mut().poll(context) {
                    let receipt = Receipt { reference, message_id: None, outcome, price: None, at: now() };
                    return Poll::Ready((name.clone(), receipt));
                }
            }
            Poll::Pending
        })
        .await
    }

    /// Opens the sessions that are not open, to send without delay and to be told receipts.
    pub async fn keep_sessions(&self) {
        for (provider, smpp) in self.sessions() {
            if let Err(fault) = smpp.keep().await {
                tracing::warn!(provider, %fault, "no session with a provider of texts");
            }
        }
    }

    fn sessions(&self) -> impl Iterator<Item = (&str, &Smpp)> {
        self.all().filter_map(|it| match it.carrier() {
            Carrier::Smpp(smpp) => Some((it.name(), smpp)),
            Carrier::Inbox(_)
            | Carrier::Webhook(_)
            | Carrier::Twilio(_)
            | Carrier::Vonage(_)
            | Carrier::Sns(_)
            | Carrier::Bird(_) => None,
        })
    }

    pub fn all(&self) -> impl Iterator<Item = &Provider> {
        self.providers.iter()
    }
}
