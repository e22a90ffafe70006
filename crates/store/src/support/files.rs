//! Workspaces of files that go with tickets, and the files' bytes in chunks.

use super::Place;
use crate::orders::limit_value;
use crate::{Row, StoreError, Tx, Value};
use jiff::Timestamp;
use prorata_domain::ids::PrincipalId;
use uuid::Uuid;

const INSERT_WORKSPACE: &str = "INSERT INTO support_workspaces (tenant, subscription, name_key, \
    name, id, principal, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const WORKSPACE: &str = "SELECT tenant, subscription, name, id, principal, created_at, expires_at \
    FROM support_workspaces WHERE tenant = $1 AND subscription = $2 AND name_key = $3";
const INSERT_FILE: &str = "INSERT INTO support_files (workspace, name_key, name, id, created_at, \
    chunk_size, file_size, chunks) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const FILE: &str = "SELECT workspace, name, id, created_at, chunk_size, file_size, chunks \
    FROM support_files WHERE workspace = $1 AND name_key = $2";
const FILES: &str = "SELECT workspace, name, id, created_at, chunk_size, file_size, chunks \
    FROM support_files WHERE workspace = $1 AND name_key > $2 ORDER BY name_key LIMIT $3";
const PUT_CHUNK: &str = "INSERT INTO support_chunks (file, chunk_index, digest, content) \
    VALUES ($1, $2, $3, $4)";
const CHUNK: &str = "SELECT chunk_index, digest, content FROM support_chunks \
    WHERE file = $1 AND chunk_index = $2";
const CHUNKS: &str = "SELECT chunk_index, digest, content FROM support_chunks \
    WHERE file = $1 ORDER BY chunk_index";

pub(crate) const STATEMENTS: &[&str] =
    &[INSERT_WORKSPACE, WORKSPACE, INSERT_FILE, FILE, FILES, PUT_CHUNK, CHUNK, CHUNKS];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    pub place: Place,
    pub name: String,
    pub id: Uuid,
    pub principal: PrincipalId,
    pub created_at: Timestamp,
    /// From when on nothing can be added to it.
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub workspace: Uuid,
    pub name: String,
    pub id: Uuid,
    pub created_at: Timestamp,
    /// In bytes.
    pub chunk_size: i64,
    /// In bytes.
    pub file_size: i64,
    pub chunks: i64,
}

/// A part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    pub index: i64,
    /// SHA-256 of the bytes, in hexadecimal.
    pub digest: String,
    /// In base64.
    pub content: String,
}

pub fn insert_workspace(tx: &mut Tx<'_>, row: &Workspace) -> Result<(), StoreError> {
    let [tenant, subscription] = row.place.values();
    let params = [
        tenant,
        subscription,
        row.name.to_lowercase().into(),
        (&row.name).into(),
        row.id.into(),
        row.principal.into(),
        row.created_at.into(),
        row.expires_at.into(),
    ];
    tx.execute(INSERT_WORKSPACE, &params).map(drop)
}

pub fn workspace(
    tx: &mut Tx<'_>,
    place: Place,
    name: &str,
) -> Result<Option<Workspace>, StoreError> {
    let [tenant, subscription] = place.values();
    let found = tx.one(WORKSPACE, &[tenant, subscription, name.to_lowercase().into()])?;
    let read = |row: Row| {
        Ok(Workspace {
            place: Place::read(&row)?,
            name: row.string(2)?,
            id: row.uuid(3)?,
            principal: PrincipalId(row.uuid(4)?),
            created_at: row.instant(5)?,
            expires_at: row.instant(6)?,
        })
    };
    found.map(read).transpose()
}

pub fn insert_file(tx: &mut Tx<'_>, row: &File) -> Result<(), StoreError> {
    let params = [
        row.workspace.into(),
        row.name.to_lowercase().into(),
        (&row.name).into(),
        row.id.into(),
        row.created_at.into(),
        row.chunk_size.into(),
        row.file_size.into(),
        row.chunks.into(),
    ];
    tx.execute(INSERT_FILE, &params).map(drop)
}

pub fn file(tx: &mut Tx<'_>, workspace: Uuid, name: &str) -> Result<Option<File>, StoreError> {
    let row = tx.one(FILE, &[workspace.into(), name.to_lowercase().into()])?;
    row.as_ref().map(read).transpose()
}

/// The next files of a workspace by name.
pub fn files(
    tx: &mut Tx<'_>,
    workspace: Uuid,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<File>, StoreError> {
    let after = after.map_or(Value::fixed(""), |name| name.to_lowercase().into());
    let rows = tx.query(FILES, &[workspace.into(), after, limit_value(limit)])?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<File, StoreError> {
    Ok(File {
        workspace: row.uuid(0)?,
        name: row.string(1)?,
        id: row.uuid(2)?,
        created_at: row.instant(3)?,
        chunk_size: row.int(4)?,
        file_size: row.int(5)?,
        chunks: row.int(6)?,
    })
}

/// Adds a chunk; one that is there already is not changed by anything.
pub fn put_chunk(tx: &mut Tx<'_>, file: Uuid, chunk: &Chunk) -> Result<(), StoreError> {
    let content = (&chunk.content).into();
    let params = [file.into(), chunk.index.into(), (&chunk.digest).into(), content];
    tx.execute(PUT_CHUNK, &params).map(drop)
}

pub fn chunk(tx: &mut Tx<'_>, file: Uuid, index: i64) -> Result<Option<Chunk>, StoreError> {
    tx.one(CHUNK, &[file.into(), index.into()])?.as_ref().map(read_chunk).transpose()
}

/// All chunks of a file, in order.
pub fn chunks(tx: &mut Tx<'_>, file: Uuid) -> Result<Vec<Chunk>, StoreError> {
    tx.query(CHUNKS, &[file.into()])?.iter().map(read_chunk).collect()
}

fn read_chunk(row: &Row) -> Result<Chunk, StoreError> {
    Ok(Chunk { index: row.int(0)?, digest: row.string(1)?, content: row.string(2)? })
}
