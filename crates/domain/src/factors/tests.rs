use super::*;
use crate::{
    members::{PhoneState, Status},
    projects::Environment::Test,
    testing,
};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

const NOW: Timestamp = Timestamp::from_milliseconds(0);

fn ada(seed: u64) -> Member {
    testing::member("ada@acme.com", Status::Active, seed)
}

fn link(address: &str) -> Factor {
    let email_id = EmailId::random(Test, &mut ChaCha20Rng::seed_from_u64(99));
    Factor::MagicLink { email_id, email_address: EmailAddress::parse(address).unwrap() }
}

fn password(address: &str) -> Factor {
    let email_id = EmailId::random(Test, &mut ChaCha20Rng::seed_from_u64(99));
    Factor::Password { email_id, email_address: EmailAddress::parse(address).unwrap(), set_by_mail: false }
}

fn totp(seed: u64) -> Factor {
    Factor::Totp {
        totp_registration_id: TotpRegistrationId::random(Test, &mut ChaCha20Rng::seed_from_u64(seed)),
    }
}

fn text(member: &Member) -> Factor {
    Factor::SmsOtp {
        phone_id: member.phone_id.clone().unwrap(),
        phone_number: member.phone_number.clone().unwrap(),
    }
}

fn with_phone(mut member: Member, number: &str, seed: u64) -> Member {
    member.phone_id = Some(PhoneId::random(Test, &mut ChaCha20Rng::seed_from_u64(seed)));
    member.phone_number = Some(PhoneNumber::parse(number).unwrap());
    member.phone_state = PhoneState::Verified;
    member
}

fn bag(proven: Proven) -> Bag {
    Bag::default().and(proven)
}

#[test]
fn proving_a_factor_again_refreshes_it() {
    let at = |ms, seed| Proven::by(&ada(1), totp(seed), Timestamp::from_milliseconds(ms));
    let bag = Bag::default().and(at(1, 1)).and(at(5, 1)).and(at(2, 2));
    let times: Vec<_> =
        bag.iter().map(|it| (it.first_at.milliseconds(), it.last_at.milliseconds())).collect();
    assert_eq!(times, [(1, 5), (2, 2)]);
}

#[test]
fn what_a_member_proved_counts_for_that_member() {
    for factor in [link("ada@acme.com"), password("ada@acme.com"), totp(1)] {
        assert!(!bag(Proven::by(&ada(1), factor, NOW)).of(&ada(1)).is_empty());
    }
}

#[test]
fn a_proved_address_counts_wherever_the_person_has_it() {
    let proved =
        [Proven::by(&ada(1), link("Ada@acme.com"), NOW), Proven::by_address(link("ada@acme.com"), NOW)];
    for proven in proved {
        let own = bag(proven).of(&ada(2));
        let [Proven { factor: Factor::MagicLink { email_id, .. }, member, .. }] = &own.0[..] else {
            panic!("{own:?}")
        };
        assert_eq!((email_id, member), (&ada(2).email_id, &Some(ada(2).membership())), "as ada's own there");
    }
    let bob = testing::member("bob@acme.com", Status::Active, 2);
    assert!(bag(Proven::by_address(link("ada@acme.com"), NOW)).of(&bob).is_empty());
}

#[test]
fn what_another_organization_could_have_arranged_counts_there_alone() {
    for factor in [password("ada@acme.com"), totp(1)] {
        assert!(bag(Proven::by(&ada(1), factor, NOW)).of(&ada(2)).is_empty());
    }
}

#[test]
fn a_password_of_the_address_counts_wherever_the_person_has_it() {
    assert!(!bag(Proven::by_address(password("ada@acme.com"), NOW)).of(&ada(2)).is_empty());
    let bob = testing::member("bob@acme.com", Status::Active, 2);
    assert!(bag(Proven::by_address(password("ada@acme.com"), NOW)).of(&bob).is_empty());
}

#[test]
fn a_text_counts_elsewhere_only_for_the_same_verified_number() {
    let here = with_phone(ada(1), "+12025550123", 1);
    let proven = bag(Proven::by(&here, text(&here), NOW));
    let there = with_phone(ada(2), "+12025550123", 2);
    assert!(there.second_factors_in(&proven, NOW).sms_otp, "the number is the same");
    let unverified = Member { phone_state: PhoneState::SetByAdmin, ..there.clone() };
    assert!(!unverified.second_factors_in(&proven, NOW).sms_otp);
    let other = with_phone(ada(2), "+12025550124", 2);
    assert!(!other.second_factors_in(&proven, NOW).sms_otp);
}

#[test]
fn only_what_came_by_mail_proves_an_address() {
    let address = EmailAddress::parse("ada@acme.com").unwrap();
    let proves = |factor| bag(Proven::by(&ada(1), factor, NOW)).proves(&address);
    assert!(proves(link("ada@acme.com")) && !proves(link("bob@acme.com")));
    assert!(!proves(password("ada@acme.com")) && !proves(totp(1)));
}

#[test]
fn a_bag_survives_storage() {
    let bag = bag(Proven::by(&ada(1), totp(1), NOW)).and(Proven::by_address(link("ada@acme.com"), NOW));
    assert_eq!(serde_json::from_str::<Bag>(&serde_json::to_string(&bag).unwrap()).unwrap(), bag);
}
