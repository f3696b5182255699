//! Where the keys of organizations are.

use super::{
    database,
    raw::{OrganizationKeys, Raw},
};
use crate::Failure;
use flows::organization_keys::Kept;
use std::{fs, path::Path};
use store::{db::DatabaseUrl, organization_keys::folder::Folder};

/// A folder of a server's own is no place for what several servers share.
///
/// # Errors
/// When another folder was named than the one that holds the keys: without them nobody's second factor opens.
pub(super) fn place(raw: &Raw, folder: &Path) -> Result<Kept, Failure> {
    let in_folder = match raw.organization_keys {
        OrganizationKeys::Folder => true,
        OrganizationKeys::Database => false,
        OrganizationKeys::Auto => matches!(database(&raw.database, folder)?, DatabaseUrl::Sqlite(_)),
    };
    if !in_folder {
        return Ok(Kept::InDatabase);
    }
    let key = folder.join(&raw.server_key_file);
    let beside = key.parent().unwrap_or(folder).join("organization-keys");
    let Some(named) = raw.organization_keys_dir.as_ref().map(|it| folder.join(it)) else {
        return Ok(Kept::InFolder(Folder::at(beside)));
    };
    if named != beside && holds_something(&beside) && !holds_something(&named) {
        let (named, beside) = (named.display(), beside.display());
        return Err(format!(
            "organization_keys_dir: {named} holds no keys, and {beside} does; stop the server and move them there, \
             or no authenticator app of theirs will be accepted"
        )
        .into());
    }
    Ok(Kept::InFolder(Folder::at(named)))
}

fn holds_something(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}
