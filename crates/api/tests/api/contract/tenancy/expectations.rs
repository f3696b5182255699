//! What must come of another's reference. A new route falls under the same rules.

use crate::contract::specification::Route;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Another member of the same organization.
    Neighbour,
    /// A member of another organization of the project.
    Organization,
    /// A member of another project's organization.
    Project,
}

pub enum Expected {
    /// The same answer as for a reference that nobody ever had.
    AsIfItNeverWas,
    /// Our member in their organization: the same answer as for nobody in it.
    AsIfNobodyThere(&'static str),
    /// Told apart from what never was, within the project, as the contract does.
    Refused(&'static str),
    /// As [`Expected::Refused`], for lack of admission.
    NotAdmitted(&'static str),
    /// Counts for nothing (MFA rule 3).
    Ignored,
    /// The project's own affair: its secret manages all organizations and
    /// members, and a credential on its own names whom it belongs to.
    OfTheProject,
}

pub fn expected(route: &Route, field: &str, whose: Whose) -> Expected {
    let names_one = route.has("organization_id") && route.has("member_id");
    let is_login = matches!(
        route.operation.as_str(),
        "passwords.authenticate"
            | "passwords.email.reset"
            | "passwords.existingPassword.reset"
            | "magicLinks.authenticate"
            | "otps.email.authenticate"
    );
    let creates = matches!(
        route.operation.as_str(),
        "organizations.members.create" | "passwords.migrate" | "magicLinks.email.invite"
    );
    match (whose, field) {
        (_, "email_address") if route.operation == "passwords.discovery.email.resetStart" => {
            Expected::OfTheProject // mailed to any address
        }
        // Gives a name, and each project gives its own.
        (_, "client_id") if route.operation == "m2m.clients.create" => Expected::OfTheProject,
        (Whose::Project, _) => Expected::AsIfItNeverWas,
        // What it is worth follows from the address it proves, wherever that was.
        (_, "intermediate_session_token") if route.operation.starts_with("discovery.organizations.") => {
            Expected::OfTheProject
        }
        (_, "intermediate_session_token") if route.operation.starts_with("discovery.intermediate") => {
            Expected::NotAdmitted("email_jit_provisioning_not_allowed")
        }
        (_, "session_token" | "session_jwt") if is_login => Expected::Ignored,
        (Whose::Organization, "session_token") if route.operation == "passwords.sessions.reset" => {
            Expected::AsIfItNeverWas
        }
        (_, "session_token" | "session_jwt") if names_one => {
            Expected::Refused("member_session_member_id_mismatch")
        }
        (_, "intermediate_session_token") => {
            Expected::Refused("invalid_intermediate_session_token_for_organization")
        }
        (Whose::Neighbour, "member_id") if route.has("intermediate_session_token") => {
            Expected::Refused("invalid_intermediate_session_token_for_organization")
        }
        (Whose::Organization, "organization_id") if !creates => {
            let members = ["member_id", "member_password_id", "email_address"];
            let member = members.into_iter().find(|it| route.has(it));
            member.map_or(Expected::OfTheProject, Expected::AsIfNobodyThere)
        }
        (Whose::Organization, "member_id" | "member_password_id" | "email_address")
            if route.has("organization_id") =>
        {
            Expected::AsIfItNeverWas
        }
        _ => Expected::OfTheProject,
    }
}
