//! Files that go with tickets: a workspace holds them, and each comes in chunks.

use super::{name_fault, place, require_write, rights, well_named};
use crate::audit::{self, Event};
use crate::orders::Page;
use crate::{App, Call, Error, Fault};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use prorata_domain::ids::SubscriptionId;
use prorata_domain::support::file_limits;
use prorata_store::Tx;
use prorata_store::support::{self as rows, Chunk, Place};
use sha2::{Digest, Sha256};

pub use prorata_store::support::{File, Workspace};

/// How a file is going to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// In bytes.
    pub chunk_size: i64,
    /// In bytes.
    pub file_size: i64,
    pub chunks: i64,
}

fn absent(kind: &str, name: &str) -> Error {
    Error::Absent { what: format!("{kind} `{name}`"), code: "ResourceNotFound" }
}

/// Makes a workspace; one of that name that is there already stays as it is.
///
/// # Errors
/// [`Error::Denied`]; [`Error::Malformed`] for a name that cannot be.
pub fn put_workspace(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    subscription: Option<SubscriptionId>,
    name: &str,
) -> Result<Workspace, Error> {
    let place = place(tx, call, subscription)?;
    require_write(tx, call, place)?;
    well_named("fileWorkspaceName", name)?;
    match rows::workspace(tx, place, name)? {
        Some(found) if may_see(tx, call, &found)? => Ok(found),
        Some(_) => Err(Error::KeyReused {
            what: format!("file workspace name `{name}`"),
            code: "FileWorkspaceAlreadyExists",
        }),
        None => make_workspace(tx, call, place, name),
    }
}

pub(super) fn make_workspace(
    tx: &mut Tx<'_>,
    call: &Call,
    place: Place,
    name: &str,
) -> Result<Workspace, Error> {
    let life = SignedDuration::from_hours(file_limits().workspace_hours);
    let workspace = Workspace {
        place,
        name: name.to_owned(),
        id: tx.new_id(),
        principal: call.caller.principal,
        created_at: call.now,
        expires_at: call.now.saturating_add(life).unwrap_or(call.now),
    };
    rows::insert_workspace(tx, &workspace)?;
    let event = Event::new("Microsoft.Support/fileWorkspaces/write", format!("files/{name}"));
    audit::line(tx, call, &event.about(workspace.id))?;
    Ok(workspace)
}

fn may_see(tx: &mut Tx<'_>, call: &Call, workspace: &Workspace) -> Result<bool, Error> {
    let own = workspace.principal == call.caller.principal;
    Ok(own || rights(tx, call, workspace.place)?.reads)
}

/// A workspace by its name.
///
/// # Errors
/// [`Error::Absent`] for one that is not there, or that the caller may not see.
pub fn workspace(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    subscription: Option<SubscriptionId>,
    name: &str,
) -> Result<Workspace, Error> {
    let place = place(tx, call, subscription)?;
    let found = rows::workspace(tx, place, name)?;
    let found = found.ok_or_else(|| absent("file workspace", name))?;
    if may_see(tx, call, &found)? { Ok(found) } else { Err(absent("file workspace", name)) }
}

/// A workspace that the caller may still add to.
fn to_fill(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    subscription: Option<SubscriptionId>,
    name: &str,
) -> Result<Workspace, Error> {
    let found = workspace(tx, app, call, subscription, name)?;
    if found.place.subscription.is_some() {
        require_write(tx, call, found.place)?;
    } else if found.principal != call.caller.principal {
        return Err(absent("file workspace", name));
    }
    if found.expires_at <= call.now {
        let why = format!("has expired on {}; create another workspace", found.expires_at);
        return Err(Error::malformed("fileWorkspaceName", why));
    }
    Ok(found)
}

impl Sizes {
    fn faults(self) -> Vec<Fault> {
        let limits = file_limits();
        let mut faults = Vec::new();
        let mut check = |field: &str, value: i64, most: i64| {
            if !(1..=most).contains(&value) {
                let why = format!("must be from 1 to {most}");
                faults.push(Fault::new(format!("properties.{field}"), why));
            }
        };
        check("chunkSize", self.chunk_size, limits.chunk_bytes);
        check("fileSize", self.file_size, limits.file_bytes);
        check("numberOfChunks", self.chunks, limits.chunks);
        if faults.is_empty() {
            let needed = self.file_size.div_euclid(self.chunk_size)
                + i64::from(self.file_size.rem_euclid(self.chunk_size) > 0);
            if needed != self.chunks {
                let why = format!(
                    "is {} and {needed} of {} bytes hold {}",
                    self.chunks, self.chunk_size, self.file_size
                );
                faults.push(Fault::new("properties.numberOfChunks", why));
            }
        }
        faults
    }
}

/// Says that a file is going to be sent. The same again changes nothing.
///
/// # Errors
/// [`Error::Malformed`] with every fault; [`Error::KeyReused`] for a file of other sizes under the
/// same name.
pub fn put(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    subscription: Option<SubscriptionId>,
    workspace: &str,
    name: &str,
    sizes: Sizes,
) -> Result<File, Error> {
    let workspace = to_fill(tx, app, call, subscription, workspace)?;
    let mut faults = sizes.faults();
    faults.extend(name_fault(name).map(|why| Fault::new("fileName", why)));
    if !faults.is_empty() {
        return Err(Error::Malformed(faults));
    }
    make(tx, call, &workspace, name, sizes)
}

fn make(
    tx: &mut Tx<'_>,
    call: &Call,
    workspace: &Workspace,
    name: &str,
    sizes: Sizes,
) -> Result<File, Error> {
    if let Some(found) = rows::file(tx, workspace.id, name)? {
        let is = Sizes {
            chunk_size: found.chunk_size,
            file_size: found.file_size,
            chunks: found.chunks,
        };
        let what = || format!("file name `{name}`");
        return match is == sizes {
            true => Ok(found),
            false => Err(Error::KeyReused { what: what(), code: "FileAlreadyExists" }),
        };
    }
    let file = File {
        workspace: workspace.id,
        name: name.to_owned(),
        id: tx.new_id(),
        created_at: call.now,
        chunk_size: sizes.chunk_size,
        file_size: sizes.file_size,
        chunks: sizes.chunks,
    };
    rows::insert_file(tx, &file)?;
    Ok(file)
}

/// A file by its name.
///
/// # Errors
/// [`Error::Absent`].
pub fn get(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    subscription: Option<SubscriptionId>,
    in_workspace: &str,
    name: &str,
) -> Result<File, Error> {
    let workspace = workspace(tx, app, call, subscription, in_workspace)?;
    rows::file(tx, workspace.id, name)?.ok_or_else(|| absent("file", name))
}

/// A page of the files of a workspace, by name.
///
/// # Errors
/// [`Error::Absent`].
pub fn list(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    subscription: Option<SubscriptionId>,
    in_workspace: &str,
    after: Option<&str>,
    limit: usize,
) -> Result<Page<File>, Error> {
    let workspace = workspace(tx, app, call, subscription, in_workspace)?;
    let mut found = rows::files(tx, workspace.id, after, limit + 1)?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| last.name.clone());
    Ok(Page { rows: found, next })
}

/// Takes a chunk of a file. The same chunk again changes nothing; another one in its place is
/// refused.
///
/// # Errors
/// [`Error::Malformed`] when it is no base64, of another length than was said, or of no such index.
pub fn upload(
    tx: &mut Tx<'_>,
    app: &App,
    call: &Call,
    subscription: Option<SubscriptionId>,
    in_workspace: &str,
    name: &str,
    chunk: (i64, &str),
) -> Result<(), Error> {
    let workspace = to_fill(tx, app, call, subscription, in_workspace)?;
    let file = rows::file(tx, workspace.id, name)?.ok_or_else(|| absent("file", name))?;
    let (index, content) = chunk;
    if !(0..file.chunks).contains(&index) {
        let why = format!("must be from 0 to {}", file.chunks - 1);
        return Err(Error::malformed("chunkIndex", why));
    }
    let bytes = STANDARD
        .decode(content)
        .map_err(|_| Error::malformed("content", "is not in base64; encode the chunk's bytes"))?;
    let wanted = file.chunk_size.min(file.file_size - index * file.chunk_size);
    if i64::try_from(bytes.len()) != Ok(wanted) {
        let why = format!("has {} bytes, and chunk {index} has {wanted}", bytes.len());
        return Err(Error::malformed("content", why));
    }
    keep(tx, &file, index, &bytes)
}

fn keep(tx: &mut Tx<'_>, file: &File, index: i64, bytes: &[u8]) -> Result<(), Error> {
    let digest = digest(bytes);
    match rows::chunk(tx, file.id, index)? {
        Some(kept) if kept.digest == digest => Ok(()),
        Some(_) => Err(Error::KeyReused {
            what: format!("chunk {index} of file `{}`", file.name),
            code: "ChunkAlreadyExists",
        }),
        None => {
            let chunk = Chunk { index, digest, content: STANDARD.encode(bytes) };
            Ok(rows::put_chunk(tx, file.id, &chunk)?)
        }
    }
}

/// SHA-256 in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Adds a whole file to a workspace.
pub(super) fn attach(
    tx: &mut Tx<'_>,
    call: &Call,
    workspace: &Workspace,
    name: &str,
    bytes: &[u8],
) -> Result<(), Error> {
    let limits = file_limits();
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    if size > limits.file_bytes {
        return Err(Error::TooMuch(format!(
            "`{name}` has {size} bytes, more than a file may have"
        )));
    }
    let chunk_size = size.clamp(1, limits.chunk_bytes);
    let chunks = (size + chunk_size - 1) / chunk_size;
    let sizes = Sizes { chunk_size, file_size: size, chunks };
    let file = make(tx, call, workspace, name, sizes)?;
    for (index, part) in (0..).zip(bytes.chunks(usize::try_from(chunk_size).unwrap_or(usize::MAX)))
    {
        keep(tx, &file, index, part)?;
    }
    Ok(())
}

/// The bytes of a file; none while chunks are missing.
pub(super) fn content(tx: &mut Tx<'_>, file: &File) -> Result<Option<Vec<u8>>, Error> {
    let chunks = rows::chunks(tx, file.id)?;
    if i64::try_from(chunks.len()) != Ok(file.chunks) {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    for chunk in chunks {
        let part = STANDARD.decode(&chunk.content).ok().filter(|it| digest(it) == chunk.digest);
        let whole = || Error::Broken(format!("a chunk of file `{}` is not as sent", file.name));
        bytes.extend(part.ok_or_else(whole)?);
    }
    Ok(Some(bytes))
}
