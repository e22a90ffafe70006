//! Limits of our own, each with its reason.

/// Rows of a page: what the real service gives.
pub const PAGE_ROWS: usize = 50;

/// The most rows a caller may ask for at once: keeps an answer below a megabyte or two.
pub const PAGE_ROWS_MAX: usize = 1000;

/// Jobs claimed at once: small enough that a batch ends well within its lease.
pub const JOBS_CLAIMED: usize = 256;

/// Seconds a claimed job is kept from others.
pub const JOB_LEASE_SECONDS: i64 = 60;

/// Attempts after which a failing job is parked for a person to look at.
pub const JOB_ATTEMPTS: i64 = 10;

/// Seconds a token is good for, as issuers of this kind give.
pub const TOKEN_SECONDS: i64 = 3600;

/// Rows of a price list written in one transaction with its siblings.
pub const IMPORT_ROWS_MAX: usize = 5_000_000;

/// Days from one sweep of quotes to the next: they are many and small, and none is in a hurry.
pub const SWEEP_DAYS: i64 = 7;

/// Quotes looked at in one transaction of a sweep: a few milliseconds of the one writer's time.
pub const QUOTES_SWEPT: usize = 500;

/// Deliveries taken at once: the tries of so many end well within the lease.
pub const DELIVERIES_CLAIMED: usize = 32;

/// Seconds a taken delivery is kept from others: all tries at once, one slow after another.
pub const DELIVERY_LEASE_SECONDS: i64 = 120;

/// Seconds to wait after each failed try, some three days in all; after the last one the delivery
/// is parked. Source: the retry schedule that the Standard Webhooks specification proposes.
pub const DELIVERY_WAITS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// Receivers of a tenant: each costs every deed there a row.
pub const RECEIVERS_MAX: usize = 50;

/// Seconds for which a former secret signs beside the new one: a day, to roll the new one out.
pub const FORMER_SECRET_SECONDS: i64 = 86_400;
