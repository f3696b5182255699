//! The file of signed heads: JSON lines, appended and synced, never rewritten.
//! On another machine, or append-only (`chattr +a`), it shows what somebody
//! with the database took away.

use crate::Failure;
use domain::audit::heads::{Heads, SignedHeads};
use std::{
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
};
use store::{Db, audit::heads};

/// Documents written and synced at a time.
const AT_ONCE: i64 = 100;

/// After a rollback, meant or not.
pub const WHAT_TO_DO: &str = "Nothing is written to this file any more. Compare it with the database once (`vestibule \
    audit verify --heads FILE`), keep it, name a new file in audit.heads_file, and restart";

pub struct HeadsFile {
    path: PathBuf,
    /// The number of the last document in it; unknown until it was read.
    last: Option<i64>,
}

impl HeadsFile {
    pub fn at(path: PathBuf) -> Self {
        Self { path, last: None }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends what was signed since, by this node or another.
    ///
    /// # Errors
    /// When the file cannot be written or the database fails; the next call goes on from there.
    pub async fn catch_up(&mut self, db: &Db) -> Result<(), Failure> {
        loop {
            let last = match self.last {
                Some(last) => last,
                None => self.begin()?,
            };
            let in_database = heads::last(&mut db.read().await?).await?.map_or(0, |it| it.number);
            if in_database < last {
                return Err(format!(
                    "the database was rolled back or restored: its last signed document is {in_database}, the file's \
                     {last}. {WHAT_TO_DO}"
                )
                .into());
            }
            let new = heads::after(&mut db.read().await?, last, AT_ONCE).await?;
            let Some(newest) = new.last().map(|it| it.number) else { return Ok(()) };
            let path = self.path.clone();
            self.last = None; // read again, should the write be cut short
            tokio::task::spawn_blocking(move || append(&path, new.iter().map(|it| &it.signed))).await??;
            self.last = Some(newest);
        }
    }

    fn begin(&mut self) -> Result<i64, Failure> {
        let last = last(&self.path)?.map_or(0, |(number, _)| number);
        self.last = Some(last);
        Ok(last)
    }
}

/// The last document of a file, and its number; none while there is no file or nothing in it.
///
/// # Errors
/// When the file cannot be read.
pub fn last(path: &Path) -> Result<Option<(i64, SignedHeads)>, Failure> {
    if !path.try_exists().map_err(|error| unusable(path, &error))? {
        return Ok(None);
    }
    let mut last = None;
    for signed in read(path)? {
        let signed = signed?;
        last = Some((serde_json::from_str::<Heads>(&signed.document)?.number, signed));
    }
    Ok(last)
}

/// Whether documents can be appended, by whoever runs this. Nothing is changed.
///
/// # Errors
/// Names the key of the configuration.
pub fn probe(path: &Path) -> Result<(), Failure> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let done = if path.exists() {
        OpenOptions::new().append(true).open(path).map(drop) // a file may be writable where its folder is not
    } else {
        tempfile::tempfile_in(folder).map(drop)
    };
    done.map_err(|error| unusable(path, &error))
}

fn unusable(path: &Path, error: &std::io::Error) -> Failure {
    format!("audit.heads_file: {} cannot be written here ({error})", path.display()).into()
}

/// The documents of a file, line by line. A line that a crash cut short is
/// passed by: its document follows once more, or is missed by its number.
///
/// # Errors
/// When the file cannot be opened.
pub fn read(path: &Path) -> Result<impl Iterator<Item = Result<SignedHeads, String>> + use<>, Failure> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let documents = BufReader::new(file).lines().filter_map(|line| match line {
        Ok(line) => serde_json::from_str(&line).ok().map(Ok),
        Err(error) => Some(Err(error.to_string())),
    });
    Ok(documents)
}

fn append<'a>(path: &Path, documents: impl Iterator<Item = &'a SignedHeads>) -> Result<(), Failure> {
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    let mut text = String::new();
    if file.metadata()?.len() > 0 {
        text.push('\n'); // whatever a crash left unfinished is a line of its own
    }
    for document in documents {
        text.push_str(&serde_json::to_string(document)?);
        text.push('\n');
    }
    file.write_all(text.as_bytes())?;
    Ok(file.sync_data()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        Timestamp,
        audit::{Action, Actor, AuditEvent, Details, key::AuditKey},
        id::{AuditEventId, ProjectId},
        projects::Environment,
    };
    use flows::audit::signing;
    use rand::SeedableRng;
    use rand_chacha::ChaCha20Rng;

    /// A database in which something happened and was signed.
    async fn signed(folder: &Path, times: u64) -> Db {
        let db = Db::open(&folder.join("db").display().to_string().parse().unwrap()).await.unwrap();
        db.migrate().await.unwrap();
        db.prove_with(AuditKey::of(&[(1, [7; 32].into())]).unwrap());
        for time in 0..times {
            let rng = &mut ChaCha20Rng::seed_from_u64(time);
            let event = AuditEvent {
                audit_event_id: AuditEventId::random(Environment::Test, rng),
                project_id: ProjectId::random(Environment::Test, &mut ChaCha20Rng::seed_from_u64(99)),
                organization_id: None,
                member_id: None,
                action: Action::ProjectSettingChanged,
                actor: Actor::Operator,
                at: Timestamp::from_milliseconds(1),
                details: Details::default(),
            };
            let mut tx = db.write().await.unwrap();
            store::audit::append(&mut tx, &event).await.unwrap();
            let _ = tx.commit().await; // the second time it is there already
            signing::sign_moved(&db, Timestamp::from_milliseconds(2)).await.unwrap();
        }
        db
    }

    fn numbers(path: &Path) -> Vec<i64> {
        let documents = read(path).unwrap().map(|it| it.unwrap().document);
        documents.map(|it| serde_json::from_str::<Heads>(&it).unwrap().number).collect()
    }

    #[tokio::test]
    async fn a_file_goes_on_after_a_crash_in_the_middle_of_a_line() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("heads.jsonl");
        HeadsFile::at(path.clone()).catch_up(&signed(folder.path(), 2).await).await.unwrap();
        assert_eq!(numbers(&path), [1, 2]);
        std::fs::OpenOptions::new()
            .append(true)
            .open(&path)
            .unwrap()
            .write_all(b"{\"document\":\"{")
            .unwrap();
        let mut file = HeadsFile::at(path.clone());
        let db = signed(folder.path(), 4).await;
        file.catch_up(&db).await.unwrap();
        file.catch_up(&db).await.unwrap();
        assert_eq!(numbers(&path), [1, 2, 3, 4]);
    }

    #[tokio::test]
    async fn a_database_that_was_rolled_back_is_told() {
        let (folder, older) = (tempfile::TempDir::new().unwrap(), tempfile::TempDir::new().unwrap());
        let path = folder.path().join("heads.jsonl");
        let mut file = HeadsFile::at(path);
        file.catch_up(&signed(folder.path(), 3).await).await.unwrap();
        let told = file.catch_up(&signed(older.path(), 2).await).await.unwrap_err().to_string();
        assert!(told.contains("rolled back"), "{told}");
    }
}
