//! What Cargo cannot forbid: which crate may know which, and where some words may stand.
//!
//! The picture is in ARCHITECTURE.md; a change there is a change here. Test
//! code is not looked at: modules behind `#[cfg(test)]`.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// What each of our crates may depend on of ours, and does.
const PICTURE: [(&str, &[&str]); 10] = [
    ("domain", &[]),
    ("store", &["domain"]),
    ("delivery", &["domain"]),
    ("flows", &["delivery", "domain", "store"]),
    ("api", &["delivery", "domain", "flows", "store"]),
    ("vestibule", &["api", "delivery", "domain", "flows", "store"]),
    ("testkit", &["api", "delivery", "domain", "flows", "store", "testpg"]),
    ("testpg", &[]),
    ("bench", &[]),
    ("xtask", &[]),
];

#[test]
fn each_crate_knows_the_ones_below_it_and_no_other() {
    let ours: BTreeSet<String> = members().into_keys().collect();
    assert_eq!(
        ours,
        PICTURE.map(|(name, _)| name.to_owned()).into(),
        "every crate has its place in the picture"
    );
    for (name, allowed) in PICTURE {
        let known: Vec<String> = members()[name].intersection(&ours).cloned().collect();
        assert_eq!(known, allowed, "{name}");
    }
}

#[test]
fn the_domain_knows_no_runtime_no_driver_and_no_network() {
    let known = everything_below("domain");
    for stranger in ["tokio", "axum", "rusqlite", "tokio-postgres", "reqwest", "hyper", "lettre", "tracing"] {
        assert!(!known.contains(stranger), "domain depends on {stranger}");
    }
}

#[test]
fn http_is_for_the_api_alone() {
    for name in ["domain", "store", "delivery", "flows"] {
        assert!(!everything_below(name).contains("axum"), "{name} depends on axum");
    }
}

#[test]
fn a_driver_is_named_in_the_seam_only() {
    let allowed = [
        ("crates/store/src/db.rs", "the seam"),
        ("crates/store/src/db/", "the seam"),
        ("crates/testpg/", "creates the databases that tests run on"),
    ];
    assert_only_in(&allowed, &["rusqlite", "tokio_postgres", "deadpool"]);
}

#[test]
fn sql_is_written_in_the_store_only() {
    let allowed =
        [("crates/store/src/", "where things are kept"), ("crates/testpg/", "watches over test databases")];
    assert_only_in(&allowed, &["sql!(", ".sql(", "\"SELECT ", "\"UPDATE ", "\"INSERT ", "\"DELETE "]);
}

#[test]
fn one_function_decides_and_one_place_asks_it() {
    let beyond_the_domain = |it: &Source| !it.path.starts_with("crates/domain/");
    assert_eq!(places("mfa::decide(", beyond_the_domain), ["crates/flows/src/login.rs"]);
    assert_eq!(places(" decide(", beyond_the_domain), Vec::<String>::new(), "under its whole name");
}

#[test]
fn one_place_opens_sessions() {
    assert_eq!(places("sessions::create(", |_| true), ["crates/flows/src/login/door.rs"]);
    assert_eq!(places("INSERT INTO sessions", |_| true), Vec::<String>::new(), "no statement goes round it");
}

#[test]
fn time_and_luck_are_asked_for_in_one_place() {
    let allowed = [
        ("crates/server/src/clock.rs", "the one place"),
        ("crates/flows/src/signer.rs", "RSA blinding inside aws-lc-rs takes no generator but its own"),
        ("crates/delivery/src/private_key.rs", "the same"),
        ("crates/testpg/", "names of test databases"),
    ];
    let clocks = ["SystemTime::now", "Utc::now", "now_utc", "now_local"];
    let luck =
        ["thread_rng", "rand::rng(", "rand::random", "OsRng", "from_os_rng", "SystemRandom", "getrandom"];
    assert_only_in(&allowed, &[&clocks[..], &luck].concat());
}

#[test]
fn nothing_unwraps() {
    assert_only_in(&[], &[".unwrap()"]);
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent: Vec<_> =
        sources().into_iter().filter(|it| !it.text.starts_with("//!")).map(|it| it.path).collect();
    assert!(silent.is_empty(), "without `//!`: {silent:#?}");
}

#[test]
fn a_file_is_a_concept_of_three_hundred_lines_at_most() {
    // Tables: every refusal there is, and how each is said.
    let longer = ["crates/api/src/error.rs", "crates/domain/src/refusal.rs"];
    let long: Vec<_> = sources().into_iter().filter(|it| it.lines > 300).map(|it| it.path).collect();
    assert_eq!(long, longer, "split what is too long; strike what is no longer");
}

#[test]
fn a_handler_translates_and_so_is_short() {
    let handlers = sources().into_iter().filter(|it| it.path.starts_with("crates/api/src/b2b"));
    let mut lengths: Vec<usize> = handlers.flat_map(|it| lengths_of_handlers(&it.text)).collect();
    lengths.sort_unstable();
    let (median, longest) = (lengths[lengths.len() / 2], lengths[lengths.len() - 1]);
    assert!(lengths.len() > 30 && median < 25 && longest <= 40, "median {median}, longest {longest}");
}

/// Lines of each top-level `async fn`, signature and closing brace included.
fn lengths_of_handlers(text: &str) -> Vec<usize> {
    let beginnings = text.split("\nasync fn ").skip(1);
    beginnings.filter_map(|it| it.lines().position(|line| line == "}")).map(|at| at + 1).collect()
}

/// Fails when a word stands anywhere else. Each place comes with its reason.
#[track_caller]
fn assert_only_in(allowed: &[(&str, &str)], words: &[&str]) {
    let elsewhere = |it: &Source| !allowed.iter().any(|(place, _)| it.path.starts_with(place));
    for word in words {
        let found = places(word, elsewhere);
        assert!(found.is_empty(), "`{word}` stands in {found:#?}");
    }
}

/// Where a word stands, once for each time.
fn places(word: &str, within: impl Fn(&Source) -> bool) -> Vec<String> {
    let sources = sources();
    let times = |it: &Source| vec![it.path.clone(); occurrences(&it.text, word)];
    sources.iter().filter(|it| within(it)).flat_map(times).collect()
}

/// A name that merely ends like the word is another name.
fn occurrences(text: &str, word: &str) -> usize {
    let goes_on = |c: char| c.is_alphanumeric() || c == '_';
    let inside = |at: usize| word.starts_with(goes_on) && text[..at].ends_with(goes_on);
    text.match_indices(word).filter(|(at, _)| !inside(*at)).count()
}

/// A file of a crate, without its tests.
struct Source {
    /// From the root of the workspace.
    path: String,
    text: String,
    /// Tests included.
    lines: usize,
}

fn sources() -> Vec<Source> {
    let mut files = Vec::new();
    for folder in entries(&root().join("crates")) {
        collect(&folder.join("src"), &mut files);
    }
    files.sort();
    let tests: Vec<PathBuf> = files.iter().flat_map(|it| test_modules(it)).collect();
    let is_test = |it: &PathBuf| tests.iter().any(|test| it.with_extension("").starts_with(test));
    files.iter().filter(|it| !is_test(it)).map(|it| source(it)).collect()
}

fn source(path: &Path) -> Source {
    let whole = fs::read_to_string(path).unwrap();
    let text = whole.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
    let path = path.strip_prefix(root()).unwrap().display().to_string();
    Source { path, text, lines: whole.lines().count() }
}

/// The modules that a file declares for tests only: paths without `.rs`.
fn test_modules(path: &Path) -> Vec<PathBuf> {
    let is_root = ["lib.rs", "main.rs"].iter().any(|it| path.ends_with(it));
    let folder = if is_root { path.parent().unwrap().to_owned() } else { path.with_extension("") };
    let text = fs::read_to_string(path).unwrap();
    let declared = text.split("#[cfg(test)]\n").skip(1).filter_map(|rest| {
        let (_, name) = rest.lines().next()?.trim_end_matches(';').split_once("mod ")?;
        Some(folder.join(name))
    });
    declared.collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in entries(folder) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
}

/// Our crates by name, each with what it names as a dependency, tests apart.
fn members() -> BTreeMap<String, BTreeSet<String>> {
    let folders =
        entries(&root().join("crates")).into_iter().chain([root().join("bench"), root().join("xtask")]);
    folders
        .map(|folder| {
            let manifest = read(&folder.join("Cargo.toml"));
            let named = |it: &toml::Table| it.keys().cloned().collect();
            let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table).map(named);
            (manifest["package"]["name"].as_str().unwrap().to_owned(), dependencies.unwrap_or_default())
        })
        .collect()
}

/// What a crate of ours depends on, and what that depends on, as `Cargo.lock` knows.
fn everything_below(name: &str) -> BTreeSet<String> {
    let (members, locked) = (members(), locked());
    let (mut found, mut next) = (BTreeSet::new(), vec![name.to_owned()]);
    while let Some(name) = next.pop() {
        // The lock file counts what tests of ours need; the manifest does not.
        let below = members.get(&name).or_else(|| locked.get(&name)).unwrap();
        next.extend(below.iter().filter(|it| found.insert((*it).clone())).cloned());
    }
    found
}

fn locked() -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in read(&root().join("Cargo.lock"))["package"].as_array().unwrap() {
        let listed = package.get("dependencies").and_then(toml::Value::as_array).into_iter().flatten();
        let names = listed.map(|it| it.as_str().unwrap().split(' ').next().unwrap().to_owned());
        all.entry(package["name"].as_str().unwrap().to_owned()).or_default().extend(names);
    }
    all
}

fn read(path: &Path) -> toml::Table {
    fs::read_to_string(path).unwrap().parse().unwrap()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}
