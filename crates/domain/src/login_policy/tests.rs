use super::*;
use crate::{
    Timestamp, email::EmailAddress, factors::Factor, id::EmailId, members::Status,
    projects::Environment::Test, testing,
};
use PrimaryMethod::{EmailOtp, MagicLink, Password};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

fn ada(status: Status, seed: u64) -> Member {
    testing::member("ada@acme.com", status, seed)
}

fn a_password(set_by_mail: bool) -> Bag {
    let email_id = EmailId::random(Test, &mut ChaCha20Rng::seed_from_u64(9));
    let email_address = EmailAddress::parse("ada@acme.com").unwrap();
    let factor = Factor::Password { email_id, email_address, set_by_mail };
    Bag::default().and(Proven::by(&ada(Status::Active, 1), factor, Timestamp::from_milliseconds(0)))
}

#[test]
fn a_proved_method_counts_only_where_it_is_accepted() {
    let (ada, her_other_self) = (ada(Status::Active, 1), ada(Status::Active, 2));
    let links_only = Accepted::Only(vec![MagicLink]);
    let bag = a_password(false);
    assert_eq!(decide(&Accepted::Every, &ada, &bag), Primary::Met);
    assert_eq!(decide(&links_only, &ada, &bag), Primary::Required(vec![MagicLink]));
    assert_eq!(
        decide(&Accepted::Every, &her_other_self, &bag),
        Primary::Required(PrimaryMethod::ALL.to_vec())
    );
    assert_eq!(decide(&Accepted::Only(vec![]), &ada, &bag), Primary::Required(vec![]));
}

#[test]
fn whoever_never_got_in_proves_the_address_first() {
    let newcomer = ada(Status::Pending, 1);
    let accepted = Accepted::Only(vec![Password, EmailOtp]);
    assert_eq!(decide(&accepted, &newcomer, &a_password(false)), Primary::Required(vec![EmailOtp]));
    assert_eq!(decide(&accepted, &newcomer, &a_password(true)), Primary::Met);
    let known = Member { email_address_verified: true, ..newcomer };
    assert_eq!(decide(&accepted, &known, &a_password(false)), Primary::Met);
}
