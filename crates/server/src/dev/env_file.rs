//! The environment file: address and credentials for scripts.

use super::seed::{ADMIN_EMAIL, ADMIN_PASSWORD, PROJECT_ID, PUBLIC_TOKEN, SECRET, Seeded};
use crate::Failure;
use std::{fs, io::ErrorKind, net::SocketAddr, path::Path};

/// Removes the file of an earlier server, which whoever waits for it would believe.
///
/// # Errors
/// When it is there and cannot be removed.
pub fn forget(path: &Path) -> Result<(), Failure> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(format!("{}: {error}", path.display()).into())
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes the file in one step, so that whoever waits for it never reads half of it.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, address: SocketAddr, seeded: &Seeded) -> Result<(), Failure> {
    let lines = [
        ("VESTIBULE_URL", format!("http://{address}")),
        ("VESTIBULE_PROJECT_ID", PROJECT_ID.to_owned()),
        ("VESTIBULE_SECRET", SECRET.to_owned()),
        ("VESTIBULE_PUBLIC_TOKEN", PUBLIC_TOKEN.to_owned()),
        ("VESTIBULE_ORGANIZATION_ID", seeded.organization_id.to_string()),
        ("VESTIBULE_ADMIN_EMAIL", ADMIN_EMAIL.to_owned()),
        ("VESTIBULE_ADMIN_PASSWORD", ADMIN_PASSWORD.to_owned()),
        ("VESTIBULE_ADMIN_MEMBER_ID", seeded.admin_member_id.to_string()),
    ];
    let lines = lines.map(|(name, value)| format!("{name}={value}\n"));
    let draft = path.with_extension("draft");
    fs::write(&draft, lines.concat())?;
    Ok(fs::rename(&draft, path)?)
}
