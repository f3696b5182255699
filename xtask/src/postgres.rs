//! A PostgreSQL of our own, thrown away at the end.

use crate::{Failure, Outcome, port, process, temp::Temp};
use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// Whose it is when we are root, which PostgreSQL refuses to be.
const DEBIANS_USER: &str = "postgres";
const OUR_USER: &str = "vestibule-xtask";

/// Given the programs, the data and the port. Runs until its standard input
/// ends, which it does when whoever started it is gone, however that came
/// about; then stops the server, as `pg_ctl stop -m immediate` does, and
/// removes the data.
const KEEPER: &str = r#"
trap '' HUP INT TERM
"$1/postgres" -D "$2" </dev/null >"$2/log" 2>&1 &
until "$1/pg_isready" --quiet --host=127.0.0.1 --port="$3"; do
    kill -0 $! || exit 1
    sleep 0.05
done
echo ready
cat >/dev/null
kill -QUIT $!
wait $!
rm -rf "$2"
"#;

#[derive(Clone, Copy)]
pub enum Durability {
    /// A crash of the machine may lose everything: tests are faster so.
    None,
    /// As it comes: a commit is on the disk.
    Full,
}

/// Listens on the loopback only and trusts everyone there. Stopped when
/// dropped, and also when this process is killed.
pub struct Postgres {
    keeper: Child,
    programs: PathBuf,
    port: u16,
    home: Temp,
}

impl Postgres {
    pub fn start(durability: Durability) -> Outcome<Self> {
        let programs = programs().ok_or("there is no PostgreSQL server here (apt-get install postgresql)")?;
        let home = match durability {
            Durability::None => Temp::in_memory()?,
            Durability::Full => Temp::on_disk()?,
        };
        let user = User::for_postgres()?;
        user.owns(home.path())?;
        let data = home.path().join("data");
        initialize(&user, &programs, &data)?;
        let port = port::free()?.port();
        configure(&data, port, durability)?;
        let keeper = keeper(&user, &programs, &data, port)?;
        Ok(Self { keeper, programs, port, home })
    }

    /// The maintenance database, in which others are created.
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// An empty database, by its URL.
    pub fn create_database(&self, name: &str) -> Outcome<String> {
        let mut createdb = Command::new(self.programs.join("createdb"));
        createdb.args(["--host=127.0.0.1", "--username=postgres", "--no-password"]);
        process::output(
            createdb.arg(format!("--port={}", self.port)).arg(name).current_dir(self.home.path()),
        )?;
        Ok(self.url_of(name))
    }

    fn url_of(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // Nothing can be done about one that fails, and the directory goes in any case.
        let _ = self.keeper.wait();
    }
}

/// Where `initdb` and its companions are: on the path, or where Debian puts them.
pub fn programs() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path)
        .map(|directory| directory.join("initdb"))
        .filter_map(|initdb| Some(initdb.canonicalize().ok()?.parent()?.to_owned()));
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debians = versions.map(|version| version.path().join("bin"));
    on_path
        .chain(debians)
        .find(|directory| directory.join("initdb").exists() && directory.join("pg_isready").exists())
}

/// Who runs it: we ourselves, or an ordinary user if we are root.
struct User(Option<&'static str>);

impl User {
    fn for_postgres() -> Outcome<Self> {
        if fs::metadata("/proc/self")?.uid() != 0 {
            return Ok(Self(None));
        }
        let known =
            [DEBIANS_USER, OUR_USER].into_iter().find(|user| process::succeeds(Command::new("id").arg(user)));
        if known.is_none() {
            process::run(Command::new("useradd").args(["--system", "--no-create-home", OUR_USER]))?;
        }
        Ok(Self(known.or(Some(OUR_USER))))
    }

    fn owns(&self, directory: &Path) -> Outcome {
        match self.0 {
            None => Ok(()),
            Some(user) => process::run(Command::new("chown").arg(user).arg(directory)),
        }
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(self.0.map_or(program, |_| Path::new("runuser")));
        if let Some(user) = self.0 {
            command.args(["-u", user, "--"]).arg(program);
        }
        // Somewhere that user may be.
        command.current_dir("/");
        command
    }
}

fn initialize(user: &User, programs: &Path, data: &Path) -> Outcome {
    let mut initdb = user.command(&programs.join("initdb"));
    initdb.args([
        "--auth=trust",
        "--username=postgres",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
        "--pgdata",
    ]);
    process::output(initdb.arg(data).env("LC_ALL", "C.UTF-8")).map(|_| ())
}

fn configure(data: &Path, port: u16, durability: Durability) -> Outcome {
    let fsync = match durability {
        Durability::None => "off",
        Durability::Full => "on",
    };
    let settings = format!(
        "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\n\
         max_connections = 300\nfsync = {fsync}\n"
    );
    let mut file = fs::OpenOptions::new().append(true).open(data.join("postgresql.conf"))?;
    Ok(file.write_all(settings.as_bytes())?)
}

/// Returns once the server accepts connections.
fn keeper(user: &User, programs: &Path, data: &Path, port: u16) -> Outcome<Child> {
    let mut command = user.command(Path::new("sh"));
    command.args(["-c", KEEPER, "sh"]).arg(programs).arg(data).arg(port.to_string()).env("LC_ALL", "C.UTF-8");
    let mut keeper = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    if let Some(stdout) = keeper.stdout.take() {
        BufReader::new(stdout).read_line(&mut line)?;
    }
    if line.trim() == "ready" { Ok(keeper) } else { Err(silence(&mut keeper, data)) }
}

fn silence(keeper: &mut Child, data: &Path) -> Failure {
    let _ = keeper.wait();
    let log = fs::read_to_string(data.join("log")).unwrap_or_default();
    format!("PostgreSQL does not start; its log:\n{log}").into()
}
