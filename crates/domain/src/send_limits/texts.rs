//! What one text message counts against.

use super::{Counted, Strictness, Subject, in_force, message};
use crate::{
    id::{MemberId, OrganizationId, ProjectId},
    phone::PhoneNumber,
    time::Span,
};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv6Addr};

/// Who asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The holder of the project secret. Its address is the customer's backend, and counts nothing (decision 16).
    Backend,
    /// A browser, by the address it calls from.
    Address(IpAddr),
}

/// To whom a text goes, and on whose account.
#[derive(Debug, Clone, Copy)]
pub struct Recipient<'a> {
    pub project: &'a ProjectId,
    pub organization: &'a OrganizationId,
    pub member: &'a MemberId,
    pub phone: &'a PhoneNumber,
}

/// How many texts an organization and a project may send; the operator's to set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Caps {
    pub project_hour: u32,
    pub project_day: u32,
    /// Of each organization.
    pub organization_hour: u32,
    pub organization_day: u32,
}

impl Default for Caps {
    fn default() -> Self {
        Self { project_hour: 3_000, project_day: 10_000, organization_hour: 2_000, organization_day: 5_000 }
    }
}

/// Everything a text counts against, narrow before wide.
pub fn of_text(strictness: Strictness, caps: Caps, origin: Origin, to: Recipient<'_>) -> Vec<Counted> {
    let member = format!("sms member {}", to.member);
    let number = format!("sms number {}", to.phone);
    let block = format!("sms block {}", to.phone.block());
    let organization = format!("sms organization {}", to.organization);
    let project = format!("sms project {}", to.project);
    let mut counted = vec![
        message(Subject::Member, &member, 1, Span::seconds(30)),
        message(Subject::Member, &member, 5, Span::hours(1)),
        message(Subject::Member, &member, 10, Span::days(1)),
        message(Subject::Number, &number, 1, Span::seconds(30)),
        message(Subject::Number, &number, 5, Span::hours(1)),
        message(Subject::Number, &number, 10, Span::days(1)),
        message(Subject::Block, &block, 50, Span::hours(1)),
        message(Subject::Block, &block, 200, Span::days(1)),
    ];
    if let Origin::Address(address) = origin {
        let address = format!("sms address {}", network(address));
        counted.push(message(Subject::ClientAddress, &address, 20, Span::hours(1)));
        counted.push(message(Subject::ClientAddress, &address, 60, Span::days(1)));
    }
    counted.extend([
        message(Subject::Organization, &organization, caps.organization_hour.into(), Span::hours(1)),
        message(Subject::Organization, &organization, caps.organization_day.into(), Span::days(1)),
        message(Subject::Project, &project, caps.project_hour.into(), Span::hours(1)),
        message(Subject::Project, &project, caps.project_day.into(), Span::days(1)),
    ]);
    in_force(strictness, counted)
}

/// Whoever holds one IPv6 address holds the other 2^64 of its network.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(it) => IpAddr::V4(it),
        IpAddr::V6(it) => {
            let [a, b, c, d, ..] = it.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_is_one_address() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:0:1::1"), of("2001:db8:0:1:ffff::2"));
        assert_ne!(of("2001:db8:0:1::1"), of("2001:db8:0:2::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"), "one address, written in two ways");
    }
}
