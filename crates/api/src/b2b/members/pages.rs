//! The routes of members as pages call them.

use super::{
    create, delete, delete_password, delete_phone, delete_totp, emails, get, reactivate, search, update,
};
use crate::endpoint::{Routes, Shows};
use axum::http::Method;
use domain::projects::sdk::Capability;

/// As pages call them: about oneself, or by a right about others.
pub fn of_pages() -> Routes {
    const PASSWORD: &[(&str, &str)] = &[("password_id", "member_password_id")];
    Routes::new()
        .page(Method::GET, "/sdk/v1/b2b/organizations/members/me", get)
        .shows(Shows::Member)
        .page(Method::PUT, "/sdk/v1/b2b/organizations/members/update", update)
        .shows(Shows::Member)
        .page(Method::DELETE, "/sdk/v1/b2b/organizations/members/deletePhoneNumber", delete_phone)
        .shows(Shows::Member)
        .page(Method::DELETE, "/sdk/v1/b2b/organizations/members/deleteTOTP", delete_totp)
        .shows(Shows::Member)
        .page(Method::DELETE, "/sdk/v1/b2b/organizations/members/passwords/{password_id}", delete_password)
        .shows(Shows::Member)
        .renaming(PASSWORD)
        .and(of_administrators())
        .and(emails::of_pages())
}

fn of_administrators() -> Routes {
    Routes::new()
        .page(Method::POST, "/sdk/v1/b2b/organizations/members", create)
        .shows(Shows::Member)
        .needs(Capability::Manage)
        .page(Method::POST, "/sdk/v1/b2b/organizations/me/members/search", search)
        .shows(Shows::Member)
        .needs(Capability::Manage)
        .page(Method::PUT, "/sdk/v1/b2b/organizations/members/{member_id}", update)
        .shows(Shows::Member)
        .needs(Capability::Manage)
        .page(Method::DELETE, "/sdk/v1/b2b/organizations/members/{member_id}", delete)
        .shows(Shows::Member)
        .needs(Capability::Manage)
        .page(Method::PUT, "/sdk/v1/b2b/organizations/members/{member_id}/reactivate", reactivate)
        .shows(Shows::Member)
        .needs(Capability::Manage)
        .page(Method::DELETE, "/sdk/v1/b2b/organizations/members/mfa_phone_numbers/{member_id}", delete_phone)
        .shows(Shows::Member)
        .needs(Capability::Manage)
        .page(Method::DELETE, "/sdk/v1/b2b/organizations/members/totp/{member_id}", delete_totp)
        .shows(Shows::Member)
        .needs(Capability::Manage)
}
