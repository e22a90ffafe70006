//! `prorata demo`: a sample partner at work, and then a server to look at it.

use super::verify;
use crate::database::{self, open_directory};
use crate::failure::{Failure, Outcome};
use crate::output::{columns, write};
use crate::sandbox::{self, SandboxFile};
use crate::server::{self, Server};
use crate::story;
use clap::Args;
use prorata_app::App;
use prorata_app::clock::Clock;
use prorata_domain::policy::Book;
use prorata_web::Options;
use prorata_web::tls::TlsMode;
use std::fs;
use std::path::{Path, PathBuf};
use uuid::Uuid;

const LISTEN: &str = "127.0.0.1:8443";

/// Watch a sample partner buy, return and exchange for three customers, then look around.
///
/// The story is told on standard output, with the proof of a refund line by line and a refusal
/// with its repair. Then the server runs until it is stopped, so that the same can be seen in the
/// portal and through the API.
#[derive(Debug, Args)]
pub struct Demo {
    /// Keep the database in this directory; without it, it is gone at the end.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// The address to listen on; without it, 127.0.0.1:8443, or any free port when that is taken.
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,

    /// Only tell the story.
    #[arg(long)]
    once: bool,
}

impl Demo {
    pub fn run(&self) -> Result<Outcome, Failure> {
        let place = match &self.data {
            Some(dir) => Place { dir: dir.clone(), temporary: false },
            None => Place::temporary()?,
        };
        let told = tell(&place.dir, self.once)?;
        let Some((app, file)) = told else { return Ok(Outcome::Done) };
        self.serve(app, &place.dir, file)
    }

    fn serve(&self, app: App, dir: &Path, mut file: SandboxFile) -> Result<Outcome, Failure> {
        server::log();
        let server = self.bind(dir)?;
        file.base_url.clone_from(&server.base_url);
        file.ca_file.clone_from(&server.ca_file);
        let path = SandboxFile::path(dir);
        file.write(&path)?;
        let options = Options { sandbox: true, secure_cookies: true };
        server.run(app, None, options, |url| write(&farewell(url, &path, &file)))?;
        Ok(Outcome::Done)
    }

    /// Binds what was asked for; where nothing was, another port does as well.
    fn bind(&self, dir: &Path) -> Result<Server, Failure> {
        let tls = TlsMode::Auto { dir: server::absolute(dir)? };
        match &self.listen {
            Some(listen) => Server::bind(listen, &tls, &[]),
            None => {
                Server::bind(LISTEN, &tls, &[]).or_else(|_| Server::bind("127.0.0.1:0", &tls, &[]))
            }
        }
    }
}

/// Tells the story in a directory, or what is left of it when it was told there before. Answers
/// nothing when that was all.
fn tell(dir: &Path, once: bool) -> Result<Option<(App, SandboxFile)>, Failure> {
    let is_new = !dir.join(database::FILE).exists();
    let store = open_directory(dir)?;
    write(&format!("The database is {}.\n", dir.join(database::FILE).display()))?;
    let app = App::open(store, Book::built_in().clone(), Clock::sandbox(story::beginning()))?;
    let path = SandboxFile::path(dir);
    let file = if is_new {
        let file = sandbox::fill(&app)?;
        file.write(&path)?;
        file
    } else {
        SandboxFile::read(&path).map_err(|failure| {
            failure.with_hint("the demo goes on only in a directory of its own; choose a new one")
        })?
    };
    let world = sandbox::sample_world()?;
    if story::was_told(&app)? {
        write("The story was told here before; this is how it ended.\n")?;
    } else {
        story::tell(&app, &world)?;
    }
    story::books(&app, &world)?;
    let report = prorata_app::verify::run(&app)?;
    let heading = story::title("Every law, checked over the database");
    write(&format!("{heading}{}", verify::table(&report)))?;
    if let Some(broken) = report.broken {
        return Err(Failure::new(format!("the law `{}` is broken", broken.law)));
    }
    if once {
        app.store.close();
        return Ok(None);
    }
    Ok(Some((app, file)))
}

fn farewell(url: &str, path: &Path, file: &SandboxFile) -> String {
    let mut text = format!(
        "\nlistening on {url}\n\nThe portal is {url}/ ; sign in as one of these with a secret \
         from {}.\n\n",
        path.display()
    );
    text.push_str(&columns(
        &["Principal", "Tenant", "Client id", "Roles"],
        file.principals.iter().map(|row| {
            vec![
                row.name.clone(),
                row.tenant_id.to_string(),
                row.client_id.to_string(),
                row.roles.join(", "),
            ]
        }),
    ));
    text.push_str(&format!(
        "\nTry: prorata list --sandbox-file {}\nCtrl-C ends it.\n",
        path.display()
    ));
    text
}

/// Where the demo keeps its files; a temporary place is gone with this.
struct Place {
    dir: PathBuf,
    temporary: bool,
}

impl Place {
    fn temporary() -> Result<Place, Failure> {
        let dir = std::env::temp_dir().join(format!("prorata-demo-{}", Uuid::new_v4().simple()));
        database::private_directory(&dir)?;
        Ok(Place { dir, temporary: true })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.temporary {
            // What cannot be removed is left to the system's own cleaning of temporary files.
            let _ = fs::remove_dir_all(&self.dir);
        }
    }
}
