//! Bounds on the members of a request, each with its reason.

/// Characters of a display name: what the real service allows.
pub const DISPLAY_NAME_CHARS_MAX: usize = 64;

/// Characters of a name from the catalog; the longest SKU that is sold has 67.
pub const NAME_CHARS_MAX: usize = 128;

/// Characters of the reason for a return: a sentence or two.
pub const REASON_CHARS_MAX: usize = 1024;

/// Reservations given up in one exchange, and bought in one: the portal's limit.
pub const EXCHANGE_ITEMS_MAX: usize = 100;
