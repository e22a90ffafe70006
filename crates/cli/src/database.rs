//! Opening a database from a command.

use crate::failure::{Doing, Failure};
use clap::Args;
use jiff::Timestamp;
use prorata_app::App;
use prorata_app::clock::Clock;
use prorata_domain::policy::Book;
use prorata_store::{Store, StoreError};
use std::fs;
use std::path::{Path, PathBuf};

/// The name of the database file in a data directory.
pub const FILE: &str = "prorata.db";

/// Where the database is.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
pub struct Database {
    /// The directory with the embedded database; made when it is not there.
    #[arg(long, value_name = "DIR", env = "PRORATA_DATA")]
    pub data: Option<PathBuf>,

    /// A PostgreSQL database, `postgres://user@host/name`.
    #[arg(long, value_name = "URL", env = "PRORATA_DATABASE")]
    pub database: Option<String>,
}

impl Database {
    /// Opens the application over this database with the built-in policy and the system's clock; an
    /// embedded database is made when it is not there.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(&self) -> Result<App, Failure> {
        Ok(App::open(self.store()?, Book::built_in().clone(), Clock::System)?)
    }

    /// # Errors
    /// When it cannot be opened; a file that a server uses has a hint with it.
    pub fn store(&self) -> Result<Store, Failure> {
        match (&self.data, &self.database) {
            (Some(dir), _) => open_directory(dir),
            (None, Some(url)) if is_postgres(url) => open_store(url),
            (None, Some(other)) => {
                Err(Failure::usage(format!("`{other}` is no PostgreSQL address"))
                    .with_hint("write postgres://user@host/name; a directory goes with --data"))
            }
            (None, None) => Err(Failure::usage("name a database with --data or --database")),
        }
    }

    /// The same for a command that only looks: what is not there is not made, or a mistyped
    /// directory would be told to be in order.
    ///
    /// # Errors
    /// When there is no database, or it cannot be opened.
    pub fn existing(&self) -> Result<Store, Failure> {
        match &self.data {
            Some(dir) if !dir.join(FILE).exists() => {
                Err(Failure::new(format!("there is no database in `{}`", dir.display())))
            }
            _ => self.store(),
        }
    }
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// Opens the embedded database of a directory.
///
/// # Errors
/// When the directory cannot be made or the database cannot be opened.
pub fn open_directory(dir: &Path) -> Result<Store, Failure> {
    private_directory(dir)?;
    let file = dir.join(FILE);
    let Some(path) = file.to_str() else {
        return Err(Failure::usage(format!("`{}` is not a path in UTF-8", file.display())));
    };
    private_file(&file)?;
    open_store(path)
}

/// Makes the database's file for its owner alone, where it is not there: the key that signs tokens
/// is kept in it, and the directory may be one that others can look into. What the database puts
/// beside the file takes over its mode.
fn private_file(file: &Path) -> Result<(), Failure> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(error).doing(format_args!("the database `{}` cannot be made", file.display()))
        }
        _ => Ok(()),
    }
}

fn open_store(database: &str) -> Result<Store, Failure> {
    Store::open(database).map_err(|error| {
        let failure = Failure::new(&error);
        match error {
            StoreError::InUse(_) => {
                failure.with_hint("stop the server that has it, then try again")
            }
            StoreError::Newer { .. } => failure.with_hint("use a newer prorata with this database"),
            _ => failure,
        }
    })
}

/// Makes a directory for our files alone: keys and secrets lie in it.
///
/// # Errors
/// When it cannot be made.
pub fn private_directory(dir: &Path) -> Result<(), Failure> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).doing(format_args!("the directory `{}` cannot be made", dir.display()))
}

/// The policy book: the one compiled in, with the files of a directory in place of some clauses.
///
/// # Errors
/// Every fault of every file.
pub fn policy(dir: Option<&Path>) -> Result<Book, Failure> {
    let Some(dir) = dir else { return Ok(Book::built_in().clone()) };
    let unreadable = || format!("the policy directory `{}` cannot be read", dir.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).doing(unreadable())? {
        let path = entry.doing(unreadable())?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = fs::read_to_string(&path)
                .doing(format_args!("`{}` cannot be read", path.display()))?;
            files.push((path.display().to_string(), text));
        }
    }
    files.sort();
    let texts = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    Book::built_in().with_files(texts).map_err(|faults| Failure {
        details: faults.iter().map(ToString::to_string).collect(),
        ..Failure::new(format!("the policy files in `{}` cannot be used", dir.display()))
    })
}

/// The present instant, to the second, as sandbox clocks begin.
pub fn present() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}
