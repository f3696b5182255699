//! Codes sent by e-mail: what each is good for.

use super::sms_otp::Passcode;
use crate::{
    Refusal,
    digest::Digest,
    email::EmailAddress,
    id::{MemberId, OrganizationId, ProjectId},
    server_key::{Pepper, ServerKey},
    time::Span,
};

/// Minutes a code lives: least, default, most.
const MINUTES: (i64, i64, i64) = (2, 10, 15);

/// What a code proves the address for. A code sent for one purpose has another
/// digest than the same digits for another.
#[derive(Debug, Clone, Copy)]
pub enum Purpose<'a> {
    /// The login of a member who has the address.
    Login(&'a OrganizationId, &'a MemberId),
    /// The change of a member's address to this one.
    Update(&'a OrganizationId, &'a MemberId),
    /// The address alone, before an organization is chosen.
    Discovery,
}

impl Purpose<'_> {
    /// The member it is bound to; none in discovery.
    pub fn member(&self) -> Option<(&OrganizationId, &MemberId)> {
        match self {
            Self::Login(organization, member) | Self::Update(organization, member) => {
                Some((organization, member))
            }
            Self::Discovery => None,
        }
    }

    /// What is kept of a code sent to the address for this purpose now.
    pub fn digest(&self, key: &ServerKey, to: (&ProjectId, &EmailAddress), code: &Passcode) -> Digest {
        self.digest_under(key.passcode_key(), to, code)
    }

    /// What is kept of it if its digest names this version of the key.
    pub fn digest_of(
        &self,
        (key, version): (&ServerKey, u32),
        to: (&ProjectId, &EmailAddress),
        code: &Passcode,
    ) -> Digest {
        self.digest_under(key.passcode_key_of(version), to, code)
    }

    fn digest_under(
        &self,
        pepper: Pepper,
        (project, address): (&ProjectId, &EmailAddress),
        code: &Passcode,
    ) -> Digest {
        let purpose = match self {
            Self::Login(..) => "login",
            Self::Update(..) => "update",
            Self::Discovery => "discovery",
        };
        let mut parts = vec!["email_otp", purpose, project.as_str(), address.canonical()];
        if let Some((organization, member)) = self.member() {
            parts.extend([organization.as_str(), member.as_str()]);
        }
        parts.push(code.expose());
        Digest::keyed(pepper, &parts)
    }
}

/// How long a code lives.
///
/// # Errors
/// `InvalidExpirationOtp` outside of 2 to 15 minutes.
pub fn lifetime(minutes: Option<i64>) -> Result<Span, Refusal> {
    let (least, default, most) = MINUTES;
    let minutes = minutes.unwrap_or(default);
    let within = (least..=most).contains(&minutes);
    within.then(|| Span::minutes(minutes)).ok_or(Refusal::InvalidExpirationOtp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;
    use std::collections::HashSet;

    #[test]
    fn the_same_digits_for_another_purpose_have_another_digest() {
        let key = ServerKey::generate(&mut ChaCha20Rng::seed_from_u64(1));
        let key = ServerKey::parse(&key).unwrap();
        let code = Passcode::parse("123456").unwrap();
        let id = |kind: &str, last: u8| format!("{kind}-test-00000000-0000-4000-8000-00000000000{last}");
        let project = id("project", 1).parse().unwrap();
        let organizations = [1, 2].map(|it| id("organization", it).parse().unwrap());
        let members = [1, 2].map(|it| id("member", it).parse().unwrap());
        let purposes = [
            Purpose::Login(&organizations[0], &members[0]),
            Purpose::Login(&organizations[0], &members[1]),
            Purpose::Login(&organizations[1], &members[0]),
            Purpose::Update(&organizations[0], &members[0]),
            Purpose::Discovery,
        ];
        let addresses = ["ada@acme.com", "eve@acme.com"].map(|it| EmailAddress::parse(it).unwrap());
        let of = |purpose: &Purpose<'_>, to| purpose.digest(&key, (&project, to), &code);
        let all: HashSet<Digest> =
            addresses.iter().flat_map(|to| purposes.iter().map(move |it| of(it, to))).collect();
        assert_eq!(all.len(), 10);
        let shouted = EmailAddress::parse("ADA@acme.com").unwrap();
        assert_eq!(of(&purposes[0], &shouted), of(&purposes[0], &addresses[0]));
    }

    #[test]
    fn a_code_lives_two_to_fifteen_minutes_and_ten_by_default() {
        assert_eq!(lifetime(None), Ok(Span::minutes(10)));
        assert!(lifetime(Some(2)).is_ok() && lifetime(Some(15)).is_ok());
        for odd in [1, 16, 0, -1, i64::MAX] {
            assert_eq!(lifetime(Some(odd)), Err(Refusal::InvalidExpirationOtp));
        }
    }
}
