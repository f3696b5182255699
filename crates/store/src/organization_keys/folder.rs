//! Keys of organizations as files: `organization-keys/<two digits>/<organization id>`,
//! readable by their owner alone. A file appears and changes whole, or not at all.

use super::KeptKey;
use crate::db::Fault;
use domain::{Timestamp, id::OrganizationId};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder is made when the first key is kept.
    pub fn at(path: PathBuf) -> Self {
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// # Errors
    /// When the file cannot be read.
    pub fn find(&self, organization: &OrganizationId) -> Result<Option<KeptKey>, Fault> {
        let path = self.file(organization);
        match fs::read_to_string(&path) {
            Ok(text) => read(&text).map(Some).ok_or_else(|| fault(&path, "it cannot be read")),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(fault(&path, error)),
        }
    }

    /// Keeps a new key; `false` where there is one, or was. It is on the disk when this returns.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn add(&self, key: &KeptKey) -> Result<bool, Fault> {
        let (path, new) = (self.file(&key.organization_id), self.written(key)?);
        let linked = fs::hard_link(&new, &path); // unlike a rename, it replaces nothing
        fs::remove_file(&new).map_err(|error| fault(&new, error))?;
        match linked {
            Ok(()) => self.settle(&path).map(|()| true),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(fault(&path, error)),
        }
    }

    /// Puts the key in place of the one before.
    ///
    /// # Errors
    /// When the file cannot be written; then it is as it was.
    pub fn replace(&self, key: &KeptKey) -> Result<(), Fault> {
        let (path, new) = (self.file(&key.organization_id), self.written(key)?);
        fs::rename(&new, &path).map_err(|error| fault(&path, error))?;
        self.settle(&path)
    }

    /// The keys after one, in the order of their files.
    ///
    /// # Errors
    /// When a folder or file cannot be read.
    pub fn after(&self, last: Option<&OrganizationId>, limit: usize) -> Result<Vec<KeptKey>, Fault> {
        let last = last.map(|it| (shard(it.as_str()), it.to_string()));
        let mut found = Vec::new();
        for shard in names(&self.0)? {
            if last.as_ref().is_some_and(|(of, _)| shard < *of) {
                continue;
            }
            for name in names(&self.0.join(&shard))? {
                let is_before = last.as_ref().is_some_and(|it| (&shard, &name) <= (&it.0, &it.1));
                let Ok(id) = name.parse::<OrganizationId>() else { continue };
                if is_before {
                    continue;
                }
                found.extend(self.find(&id)?);
                if found.len() == limit {
                    return Ok(found);
                }
            }
        }
        Ok(found)
    }

    fn file(&self, organization: &OrganizationId) -> PathBuf {
        self.0.join(shard(organization.as_str())).join(organization.as_str())
    }

    /// A whole file beside the one it is going to be.
    fn written(&self, key: &KeptKey) -> Result<PathBuf, Fault> {
        let path = self.file(&key.organization_id);
        let folder = path.parent().unwrap_or(&self.0);
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| fault(folder, error))?;
        let new = folder.join(format!(".{}.{}", key.organization_id, std::process::id()));
        let write = || {
            let mut file =
                OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
            file.write_all(text(key).as_bytes())?;
            file.sync_all()
        };
        write().map_err(|error| fault(&new, error))?;
        Ok(new)
    }

    /// Names are durable when their folders are.
    fn settle(&self, path: &Path) -> Result<(), Fault> {
        let mut at = path.parent();
        while let Some(folder) = at {
            File::open(folder).and_then(|it| it.sync_all()).map_err(|error| fault(folder, error))?;
            at = if folder == self.0 { None } else { folder.parent() };
        }
        Ok(())
    }
}

/// Two digits of the random part of the id, so that no folder gets large.
fn shard(organization: &str) -> String {
    let random = organization.rsplit('-').next().unwrap_or_default();
    random.chars().take(2).collect()
}

fn names(folder: &Path) -> Result<Vec<String>, Fault> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(fault(folder, error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry.map_err(|error| fault(folder, error))?.file_name();
        names.extend(name.into_string().ok().filter(|it| !it.starts_with('.')));
    }
    names.sort();
    Ok(names)
}

/// One line: organization, project, milliseconds of creation, the sealed key or when it was destroyed.
fn text(key: &KeptKey) -> String {
    let last = match (&key.sealed_key, &key.destroyed_at) {
        (Some(sealed), _) => sealed.to_string(),
        (None, destroyed) => format!("destroyed:{}", destroyed.map_or(0, Timestamp::milliseconds)),
    };
    format!("{} {} {} {last}\n", key.organization_id, key.project_id, key.created_at.milliseconds())
}

fn read(text: &str) -> Option<KeptKey> {
    let mut words = text.split_whitespace();
    let (organization, project, created) = (words.next()?, words.next()?, words.next()?);
    let last = words.next()?;
    let (sealed_key, destroyed_at) = match last.strip_prefix("destroyed:") {
        Some(at) => (None, Some(Timestamp::from_milliseconds(at.parse().ok()?))),
        None => (Some(last.parse().ok()?), None),
    };
    Some(KeptKey {
        organization_id: organization.parse().ok()?,
        project_id: project.parse().ok()?,
        sealed_key,
        created_at: Timestamp::from_milliseconds(created.parse().ok()?),
        destroyed_at,
    })
}

fn fault(path: &Path, error: impl std::fmt::Display) -> Fault {
    Fault::Installation(format!("{}: {error}", path.display()))
}
