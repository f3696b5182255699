use crate::samples::{MOMENT, NOW, text};
use delivery::{CALL_LIMIT, Carrier, ConfigurationFault, Health, Inbox, Provider, Texts};
use domain::{phone::Country, time::Span};

fn country(text: &str) -> Country {
    Country::parse(text).unwrap()
}

fn provider(name: &str, countries: &[&str], inbox: &Inbox) -> Provider {
    let countries = countries.iter().map(|it| country(it)).collect();
    Provider::new(name, countries, Carrier::Inbox(inbox.clone())).unwrap()
}

fn two(inbox: &Inbox) -> Texts {
    Texts::new(vec![provider("one", &[], inbox), provider("two", &[], &Inbox::default())]).unwrap()
}

fn route(texts: &Texts, to: Option<&str>) -> Vec<String> {
    texts.route(to.map(country), NOW).iter().map(|it| it.name().to_owned()).collect()
}

#[test]
fn providers_are_tried_in_the_operators_order_per_country() {
    let inbox = Inbox::default();
    let swiss = provider("swiss", &["CH"], &inbox);
    let texts = Texts::new(vec![swiss, provider("world", &[], &inbox), provider("spare", &[], &inbox)]);
    let texts = texts.unwrap().ordered(country("DE"), &["spare".to_owned(), "world".to_owned()]).unwrap();
    assert_eq!(route(&texts, Some("CH")), ["swiss", "world", "spare"]);
    assert_eq!(route(&texts, Some("US")), ["world", "spare"]);
    assert_eq!(route(&texts, Some("DE")), ["spare", "world"]);
    assert_eq!(route(&texts, None), ["world", "spare"], "a number of no country");
    let swiss_to_germany = texts.ordered(country("DE"), &["swiss".to_owned()]);
    assert_eq!(swiss_to_germany.err(), Some(ConfigurationFault::ProviderOrder));
}

#[test]
fn names_are_plain_and_unique() {
    let inbox = Inbox::default();
    let twins = Texts::new(vec![provider("one", &[], &inbox), provider("one", &["CH"], &inbox)]);
    assert_eq!(twins.err(), Some(ConfigurationFault::ProviderTwice));
    for name in ["", "One", "a/b", "a b", &"a".repeat(33)] {
        let refused = Provider::new(name, Vec::new(), Carrier::Inbox(inbox.clone())).err();
        assert_eq!(refused, Some(ConfigurationFault::ProviderName), "{name}");
    }
}

#[tokio::test]
async fn a_provider_that_fails_goes_to_the_end_until_a_probe_succeeds() {
    let inbox = Inbox::default();
    let texts = two(&inbox);
    inbox.set_down(true);
    for _ in 0..3 {
        assert_eq!(route(&texts, None), ["one", "two"]);
        texts.named("one").unwrap().send(&text("text-1"), NOW, MOMENT).await.unwrap_err();
    }
    assert_eq!(route(&texts, None), ["two", "one"]);

    inbox.set_down(false);
    let later = NOW.plus(Span::seconds(30));
    assert_eq!(texts.route(None, later)[0].name(), "one");
    texts.named("one").unwrap().send(&text("text-2"), later, CALL_LIMIT).await.unwrap();
    assert_eq!(route(&texts, None), ["one", "two"]);
}

#[test]
fn a_provider_whose_messages_do_not_arrive_goes_to_the_end() {
    let texts = two(&Inbox::default());
    texts.named("one").unwrap().learn(Health { delivered: 3, settled: 40 });
    assert_eq!(route(&texts, None), ["two", "one"]);
    texts.named("one").unwrap().learn(Health { delivered: 39, settled: 40 });
    assert_eq!(route(&texts, None), ["one", "two"]);
}
