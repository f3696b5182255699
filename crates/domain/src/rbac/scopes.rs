//! What a connected app's token may be allowed.

use super::{
    RbacRefusal as R, Resource, Scope,
    checked::{described, permissions, unique},
};

const LONGEST: usize = 128;
/// Words with a meaning in `OpenID Connect`, and the one for first-party apps.
const RESERVED: [&str; 6] = ["openid", "profile", "email", "phone", "offline_access", "full_access"];

/// # Errors
/// Says what is wrong with a scope.
pub(super) fn checked(scopes: Vec<Scope>, resources: &[Resource]) -> Result<Vec<Scope>, R> {
    unique(scopes.iter().map(|it| it.scope.as_str()), R::ScopeDuplicate)?;
    scopes.into_iter().map(|it| one(it, resources)).collect()
}

fn one(it: Scope, resources: &[Resource]) -> Result<Scope, R> {
    match () {
        () if it.scope.is_empty() => return Err(R::EmptyScope),
        () if it.scope.chars().count() > LONGEST => return Err(R::ScopeTooLong),
        () if !it.scope.chars().all(is_of_a_scope) => return Err(R::InvalidScope),
        () if RESERVED.contains(&it.scope.as_str()) => return Err(R::ReservedScope),
        () if it.permissions.is_empty() => return Err(R::ScopeMissingPermissions),
        () => {}
    }
    described(&it.description)?;
    Ok(Scope { permissions: permissions(it.permissions, resources)?, ..it })
}

/// RFC 6749, section 3.3.
fn is_of_a_scope(it: char) -> bool {
    it.is_ascii_graphic() && it != '"' && it != '\\'
}
