//! Every bound the server puts on what it is sent, each with its reason.
//!
//! A caller who passes one is told which: the answer names the limit. The bounds that a test or an
//! operator has reason to change are gathered in [`Limits`]; the others are plain constants.

use std::time::Duration;

/// Bytes of one API request body. The largest honest body, an exchange of a hundred reservations
/// for a hundred others, is about 100 KiB; ten times that is still parsed in milliseconds.
pub const BODY_BYTES_MAX: usize = 1 << 20;

/// Bytes of a request with a part of a file: 2.5 MiB of it in base64, and the JSON around it.
pub const SUPPORT_CHUNK_BYTES_MAX: usize = 4 << 20;

/// Bytes of a refused body that are read and thrown away before the refusal is sent. Clients read
/// nothing until they have sent all; what is larger than this is no mistake but an attack.
pub const DISCARD_BYTES_MAX: u64 = 256 << 20;

/// How long that is done.
pub const DISCARD_TIME: Duration = Duration::from_secs(10);

/// Bytes of all header fields. A bearer token with many groups takes about 8 KiB, cookies of a
/// neighbouring application on the same host as much again.
pub const HEADER_BYTES_MAX: usize = 32 << 10;

/// Number of header fields. Official clients send fewer than 20, a chain of proxies adds ten.
pub const HEADERS_MAX: usize = 64;

/// Bytes of path and query. Our own next links stay under 2 KiB, a typed `$filter` may be long.
pub const URI_BYTES_MAX: usize = 16 << 10;

/// Segments of a path. The deepest operation, a role assignment on a reservation, has ten.
pub const PATH_SEGMENTS_MAX: usize = 32;

/// Pairs in a query. No operation takes more than eight.
pub const QUERY_PAIRS_MAX: usize = 64;

/// Rows of a page where the caller does not say: the page size of the recorded service.
pub const PAGE_ROWS: usize = 50;

/// Rows of a page at the caller's wish. A row is about 3 KiB, so a page stays under 1 MiB.
pub const PAGE_ROWS_MAX: usize = 300;

/// Connections at once. One costs about 40 KiB with TLS; what comes beyond waits in the backlog.
pub const CONNECTIONS_MAX: usize = 4096;

/// Open files kept back for the database, its log and outgoing calls.
pub const FILES_KEPT_BACK: usize = 128;

/// From accept to a finished TLS handshake: two round trips, and patience for a slow line.
pub const HANDSHAKE_TIME: Duration = Duration::from_secs(10);

/// From the first byte of a request, or from the handshake, to the end of its header.
pub const HEADER_TIME: Duration = Duration::from_secs(10);

/// For all of a body: 1 MiB in it needs a line of 50 KiB a second.
pub const BODY_TIME: Duration = Duration::from_secs(20);

/// From the end of the header to the start of the answer, body included. Clients wait longer, and
/// none of our operations needs a tenth of it.
pub const REQUEST_TIME: Duration = Duration::from_secs(30);

/// A kept connection without a request. Longer than the 60 s after which common proxies and client
/// pools drop theirs, so that it is they who close and no request meets a closing connection.
pub const IDLE_TIME: Duration = Duration::from_secs(90);

/// A caller who takes nothing of an answer for so long is gone.
pub const WRITE_STALL_TIME: Duration = Duration::from_secs(30);

/// What running requests get to finish in when the server is told to stop. Below the 30 s after
/// which service managers kill.
pub const DRAIN_TIME: Duration = Duration::from_secs(20);

/// How long unread bytes are taken and dropped after the last answer of a connection.
pub const LINGER_TIME: Duration = Duration::from_secs(2);

/// Rest after the system refused a connection (no free file, no memory).
pub const ACCEPT_REST_TIME: Duration = Duration::from_millis(100);

/// Reads a caller may make in an hour, the figure of the recorded service.
pub const READS_PER_HOUR: u32 = 12_000;

/// Writes a caller may make in an hour, the figure of the recorded service.
pub const WRITES_PER_HOUR: u32 = 1_200;

/// Calls with a bad token, or with none where one is needed, from one address in an hour: more than
/// all clients behind one address need to find out that theirs have expired.
pub const UNKNOWN_PER_HOUR: u32 = 1_200;

/// Calls that need no token, from one address in an hour, as many as a caller's reads.
pub const OPEN_PER_HOUR: u32 = 12_000;

/// Callers and subscriptions counted at once in one shard; the longest rested go first.
pub const RATE_ROWS_PER_SHARD_MAX: usize = 4096;

/// The bounds of one server that may be set.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of all header fields.
    pub header_bytes_max: usize,
    /// Number of header fields.
    pub headers_max: usize,
    /// Bytes of path and query.
    pub uri_bytes_max: usize,
    /// Connections at once.
    pub connections_max: usize,
    /// Accept to finished handshake.
    pub handshake_time: Duration,
    /// First byte to end of header.
    pub header_time: Duration,
    /// End of header to start of answer.
    pub request_time: Duration,
    /// A kept connection without a request.
    pub idle_time: Duration,
    /// No progress in sending an answer.
    pub write_stall_time: Duration,
    /// Running requests at shutdown.
    pub drain_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_bytes_max: HEADER_BYTES_MAX,
            headers_max: HEADERS_MAX,
            uri_bytes_max: URI_BYTES_MAX,
            connections_max: CONNECTIONS_MAX,
            handshake_time: HANDSHAKE_TIME,
            header_time: HEADER_TIME,
            request_time: REQUEST_TIME,
            idle_time: IDLE_TIME,
            write_stall_time: WRITE_STALL_TIME,
            drain_time: DRAIN_TIME,
        }
    }
}
