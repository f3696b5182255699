//! Roles as data: their names, and lists of them.

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

/// Reads a list of roles to assign directly. The default role is held anyway
/// and cannot be assigned; duplicates fold into one. Whether the project or
/// the organization has such roles is asked where they are assigned.
///
/// # Errors
/// `InvalidRbacRoleId`, `CannotAssignDefaultRbacRoleId`, `TooManyRoles`.
pub fn assignable(names: &[String]) -> Result<Vec<RoleId>, Refusal> {
    if names.len() > MOST {
        return Err(Refusal::TooManyRoles);
    }
    let mut roles: Vec<RoleId> = Vec::new();
    for name in names {
        let role: RoleId = name.parse()?;
        if role.as_str() == MEMBER {
            return Err(Refusal::CannotAssignDefaultRbacRoleId);
        }
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    Ok(roles)
}

impl FromStr for RoleId {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Self, Refusal> {
        (1..=128)
            .contains(&text.chars().count())
            .then(|| Self(text.to_owned()))
            .ok_or(Refusal::InvalidRbacRoleId)
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
    fn roles_other_than_the_default_can_be_assigned_once() {
        let roles = |names: &[&str]| assignable(&names.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(roles(&[ADMIN, ADMIN]), Ok(vec![RoleId::admin()]));
        assert_eq!(roles(&[MEMBER]), Err(Refusal::CannotAssignDefaultRbacRoleId));
        assert_eq!(roles(&["owner", ADMIN, "owner"]).unwrap().len(), 2);
        assert_eq!(roles(&[""]), Err(Refusal::InvalidRbacRoleId));
        assert_eq!(roles(&[&"x".repeat(129)]), Err(Refusal::InvalidRbacRoleId));
    }
}
