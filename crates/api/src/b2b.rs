//! The direct API: one file per resource, named as its path.

mod debug;
mod discovery;
pub(crate) mod fields;
mod impersonation;
mod m2m;
mod magic_links;
mod members;
mod oauth2;
pub(crate) mod objects;
mod organizations;
mod otps_email;
mod otps_sms;
mod passwords;
mod projects;
mod rbac;
mod recovery_codes;
mod search;
mod sessions;
mod totp;

use crate::endpoint::Routes;
pub(crate) use fields::truth;

pub fn routes() -> Routes {
    Routes::new()
        .and(organizations::routes())
        .and(members::routes())
        .and(magic_links::routes())
        .and(otps_email::routes())
        .and(otps_sms::routes())
        .and(totp::routes())
        .and(recovery_codes::routes())
        .and(passwords::routes())
        .and(sessions::routes())
        .and(discovery::routes())
        .and(rbac::routes())
        .and(impersonation::routes())
        .and(m2m::routes())
        .and(oauth2::routes())
        .and(projects::routes())
        .and(debug::routes())
}

/// What of it pages may call, by other paths and with less.
pub fn of_pages() -> Routes {
    Routes::new()
        .and(organizations::of_pages())
        .and(members::of_pages())
        .and(magic_links::of_pages())
        .and(otps_email::of_pages())
        .and(otps_sms::of_pages())
        .and(totp::of_pages())
        .and(recovery_codes::of_pages())
        .and(passwords::of_pages())
        .and(sessions::of_pages())
        .and(discovery::of_pages())
        .and(impersonation::of_pages())
}
