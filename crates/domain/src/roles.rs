//! Roles as data: who holds which. What a role permits comes with RBAC.

use crate::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The name of a role, 1 to 128 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct RoleId(String);

/// Held by every member; cannot be assigned or taken away.
pub const MEMBER: &str = "stytch_member";
/// Assignable; makes `is_admin` true.
pub const ADMIN: &str = "stytch_admin";

const MOST: usize = 100;

impl RoleId {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The role of every member.
    pub fn member() -> Self {
        Self(MEMBER.to_owned())
    }

    /// The role of administrators.
    pub fn admin() -> Self {
        Self(ADMIN.to_owned())
    }
}

/// Checks a list of roles to assign directly. Each must be known; the default
/// role is held anyway and cannot be assigned. Duplicates fold into one.
///
/// # Errors
/// `InvalidRbacRoleId`, `CannotAssignDefaultRbacRoleId`, `TooManyRoles`.
pub fn assignable(names: &[String]) -> Result<Vec<RoleId>, Refusal> {
    if names.len() > MOST {
        return Err(Refusal::TooManyRoles);
    }
    let mut roles: Vec<RoleId> = Vec::new();
    for name in names {
        match name.as_str() {
            MEMBER => return Err(Refusal::CannotAssignDefaultRbacRoleId),
            ADMIN => roles.push(RoleId::admin()),
            _ => return Err(Refusal::InvalidRbacRoleId),
        }
    }
    roles.dedup();
    Ok(roles)
}

impl FromStr for RoleId {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        (1..=128).contains(&text.len()).then(|| Self(text.to_owned())).ok_or(Refusal::InvalidRbacRoleId)
    }
}

impl fmt::Display for RoleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_roles_other_than_the_default_can_be_assigned() {
        let roles = |names: &[&str]| assignable(&names.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(roles(&[ADMIN, ADMIN]), Ok(vec![RoleId::admin()]));
        assert_eq!(roles(&[MEMBER]), Err(Refusal::CannotAssignDefaultRbacRoleId));
        assert_eq!(roles(&["owner"]), Err(Refusal::InvalidRbacRoleId));
    }
}
