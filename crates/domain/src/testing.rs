//! Values for the tests of this crate.

use crate::{
    Timestamp,
    email::EmailAddress,
    id::{EmailId, MemberId, OrganizationId, ProjectId},
    members::{Member, PhoneState, RetiredEmails, Roles, Status},
    metadata::Metadata,
    projects::Environment::Test,
};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;

/// A member without any factor, whose address nobody has verified. Another
/// seed is another organization.
pub(crate) fn member(address: &str, status: Status, seed: u64) -> Member {
    let rng = &mut ChaCha20Rng::seed_from_u64(seed);
    let at = Timestamp::from_milliseconds(0);
    Member {
        project_id: ProjectId::random(Test, rng),
        organization_id: OrganizationId::random(Test, rng),
        member_id: MemberId::random(Test, rng),
        email_id: EmailId::random(Test, rng),
        email_address: EmailAddress::parse(address).unwrap(),
        status,
        email_address_verified: false,
        retired_emails: RetiredEmails::default(),
        name: String::new(),
        external_id: None,
        is_breakglass: false,
        roles: Roles::default(),
        trusted_metadata: Metadata::default(),
        untrusted_metadata: Metadata::default(),
        mfa_enrolled: false,
        default_mfa_method: None,
        phone_id: None,
        phone_number: None,
        phone_state: PhoneState::NamedAtLogin,
        phone_held_until: None,
        had_second_factor: false,
        totp_registration_id: None,
        password_id: None,
        second_factor_failures: 0,
        second_factor_failures_total: 0,
        second_factor_locked_at: None,
        second_factor_locked_until: None,
        password_failures: 0,
        password_locked_at: None,
        password_locked_until: None,
        created_at: at,
        updated_at: at,
    }
}
