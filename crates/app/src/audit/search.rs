//! Looking for audit lines: a tenant's own, newest first.

use super::Verdict;
use crate::access;
use crate::{App, Call, Error};
use jiff::Timestamp;
use prorata_domain::access::{Action, Scope};
use prorata_domain::ids::{OperationId, OrderId, PrincipalId, SubscriptionId, TenantId};
use prorata_store::audit::{self as lines, By, Line, Whose};
use prorata_store::operations::{self, Brief};
use prorata_store::{StoreError, Tx, orders};
use std::collections::{BTreeMap, HashSet, VecDeque};
use uuid::Uuid;

/// Rows that one page looks at; a page that found too little by then says where to look on.
const LOOKED_AT_MAX: usize = 10_000;
/// Rows read at a time, at most: first as many as the page takes, then ever more.
const CHUNK: usize = 500;
/// Operations of an order that are told from its reservations.
const CHANGES_MAX: usize = 2000;

/// Which lines.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// What the caller's agents did for customers, instead of what was done in the caller's
    /// tenant.
    pub agents: bool,
    /// The first instant, and the first that is not meant any more.
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub principal: Option<PrincipalId>,
    /// The customer in whose tenant it was done.
    pub customer: Option<TenantId>,
    /// The partner on whose behalf it was done.
    pub partner: Option<TenantId>,
    pub action: Option<String>,
    /// A part of the target, such as the identifier of an order.
    pub target: Option<String>,
    pub verdict: Option<Verdict>,
    pub correlation: Option<Uuid>,
    pub address: Option<String>,
    /// What the principal was called, or its identifier.
    pub caller: Option<String>,
    /// Which actions and verdicts are meant at all.
    pub among: Option<fn(&Entry) -> bool>,
    pub after: Option<Mark>,
    pub limit: usize,
}

/// The time and the identifier of the last line of a page.
pub type Mark = (Timestamp, Uuid);

/// A line, or an operation as its own line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: Uuid,
    pub at: Timestamp,
    pub tenant: TenantId,
    pub principal: PrincipalId,
    pub action: String,
    pub target: String,
    pub verdict: String,
    /// The protocol's code of a refused operation.
    pub code: Option<String>,
    pub by: By,
    /// The operation, quote, request or the like that it is about.
    pub decision: Option<Uuid>,
    /// JSON; of an operation, which tells them itself, nothing.
    pub details: Option<String>,
    pub is_operation: bool,
}

/// A page of what was found.
#[derive(Debug, Clone)]
pub struct Found {
    pub rows: Vec<Entry>,
    /// Where the next page begins; there may be more although this one is not full.
    pub next: Option<String>,
}

/// The lines of the caller's tenant, or of what its agents did for customers. To read them one has
/// to be somebody who says who may do what: they show everybody's doings and addresses.
///
/// # Errors
/// [`Error::Denied`] without that right at the tenant.
pub fn run(tx: &mut Tx<'_>, _app: &App, call: &Call, query: &Query) -> Result<Found, Error> {
    may_read(tx, call)?;
    super::looked_at(tx, call, &super::Event::new("audit-search", "audit"));
    let tenant = call.caller.tenant;
    find(tx, if query.agents { Whose::Partner(tenant) } else { Whose::Tenant(tenant) }, query)
}

/// Refuses whoever may not read the audit of the tenant.
///
/// # Errors
/// [`Error::Denied`].
pub fn may_read(tx: &mut Tx<'_>, call: &Call) -> Result<(), Error> {
    access::at(tx, call, Action::Assign, &Scope::root()).map(drop)
}

/// Whether the caller may read the audit of the tenant.
///
/// # Errors
/// Those of the database.
pub fn reads(tx: &mut Tx<'_>, call: &Call) -> Result<bool, Error> {
    access::may(tx, call, Action::Assign, &Scope::root())
}

/// A line, and the decision behind it where there is one to open.
#[derive(Debug, Clone)]
pub struct Opened {
    pub entry: Entry,
    /// The operation of the caller's tenant that it is about: itself, or what became of a quote.
    pub operation: Option<OperationId>,
}

/// One line by its mark: of the caller's tenant, or what its agents did elsewhere.
///
/// # Errors
/// [`Error::Denied`] as for a search; [`Error::Absent`].
pub fn open(tx: &mut Tx<'_>, _app: &App, call: &Call, at: Mark) -> Result<Opened, Error> {
    may_read(tx, call)?;
    super::looked_at(tx, call, &super::Event::new("audit-line", "audit").about(at.1));
    let tenant = call.caller.tenant;
    // Lines of one instant are few; the one that is meant is among the first from it back.
    let query = Query {
        from: Some(at.0),
        until: Timestamp::from_microsecond(at.0.as_microsecond() + 1).ok(),
        limit: CHUNK,
        ..Query::default()
    };
    for whose in [Whose::Tenant(tenant), Whose::Partner(tenant)] {
        let found = find(tx, whose, &query)?.rows.into_iter().find(|entry| entry.id == at.1);
        let Some(entry) = found else { continue };
        let operation = match entry.decision {
            Some(id) if entry.tenant == tenant => {
                operations::load(tx, tenant, OperationId(id))?.map(|row| row.id)
            }
            _ => None,
        };
        return Ok(Opened { entry, operation });
    }
    Err(Error::Absent { what: format!("audit line `{}`", at.1), code: "ResourceNotFound" })
}

/// The events of a tenant, or of what one of its subscriptions pays for, to those who may read
/// its activity log.
///
/// # Errors
/// [`Error::Denied`] and [`Error::Absent`] without that right at the tenant or the subscription.
pub fn activity(
    tx: &mut Tx<'_>,
    _app: &App,
    call: &Call,
    subscription: Option<SubscriptionId>,
    query: &Query,
) -> Result<Found, Error> {
    let scope = subscription.map_or_else(Scope::root, Scope::subscription);
    access::at(tx, call, Action::ReadActivity, &scope).map(drop)?;
    let mut found = find(tx, Whose::Tenant(call.caller.tenant), query)?;
    if let Some(subscription) = subscription {
        let mut paid: BTreeMap<OrderId, bool> = BTreeMap::new();
        let mut kept = Vec::with_capacity(found.rows.len());
        for entry in found.rows {
            if of_subscription(tx, call, &entry, subscription, &mut paid)? {
                kept.push(entry);
            }
        }
        found.rows = kept;
    }
    Ok(found)
}

/// Whether a line is about a subscription, or about an order that it pays for.
fn of_subscription(
    tx: &mut Tx<'_>,
    call: &Call,
    entry: &Entry,
    subscription: SubscriptionId,
    paid: &mut BTreeMap<OrderId, bool>,
) -> Result<bool, Error> {
    let id = subscription.to_string();
    let mut words = entry.target.trim_start_matches('/').split('/');
    while let (Some(kind), Some(value)) = (words.next(), words.next()) {
        if kind.starts_with("subscription") && value.eq_ignore_ascii_case(&id) {
            return Ok(true);
        }
        if let (true, Some(order)) = (kind == "order", OrderId::parse(value)) {
            let known = match paid.get(&order) {
                Some(known) => *known,
                None => {
                    let row = orders::load(tx, call.caller.tenant, order)?;
                    let pays = row.is_some_and(|row| row.billing_subscription == subscription);
                    *paid.entry(order).or_insert(pays)
                }
            };
            return Ok(known);
        }
    }
    Ok(false)
}

/// The lines of a tenant or a partner, for those who asked for the right elsewhere, and for the
/// operator.
///
/// # Errors
/// Those of the database.
pub fn find(tx: &mut Tx<'_>, whose: Whose, query: &Query) -> Result<Found, Error> {
    let changes = changes(tx, whose, query)?;
    let from = query.from.unwrap_or(Timestamp::MIN);
    let mut walk = Walk::new(whose, query, from);
    let (mut rows, mut last) = (Vec::new(), None);
    for _ in 0..LOOKED_AT_MAX {
        let Some(entry) = walk.next(tx)? else { return Ok(Found { rows, next: None }) };
        if rows.len() == query.limit {
            break;
        }
        last = Some((entry.at, entry.id));
        if query.takes(&entry, &changes) {
            rows.push(entry);
        }
    }
    Ok(Found { rows, next: last.map(mark) })
}

impl Query {
    fn takes(&self, entry: &Entry, changes: &HashSet<Uuid>) -> bool {
        let has = |text: &str, part: &str| text.to_ascii_lowercase().contains(part);
        let is = |wanted: &Option<String>, text: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(text))
        };
        self.principal.is_none_or(|wanted| entry.principal == wanted)
            && self.customer.is_none_or(|wanted| entry.tenant == wanted)
            && self.partner.is_none_or(|wanted| entry.by.partner == Some(wanted))
            && is(&self.action, &entry.action)
            && self.verdict.is_none_or(|wanted| entry.verdict == wanted.as_str())
            && self.correlation.is_none_or(|wanted| entry.by.correlation == Some(wanted))
            && self.among.is_none_or(|among| among(entry))
            && self.caller.as_ref().is_none_or(|wanted| {
                let name = entry.by.name.as_deref().unwrap_or_default();
                wanted.eq_ignore_ascii_case(name)
                    || wanted.eq_ignore_ascii_case(&entry.principal.to_string())
            })
            && is(&self.address, entry.by.address.as_deref().unwrap_or_default())
            && self.target.as_ref().is_none_or(|wanted| {
                let wanted = wanted.to_ascii_lowercase();
                has(&entry.target, &wanted)
                    || entry.decision.is_some_and(|id| changes.contains(&id))
                    || entry.details.as_deref().is_some_and(|details| has(details, &wanted))
            })
    }
}

/// The operations that changed the order that a target names.
fn changes(tx: &mut Tx<'_>, whose: Whose, query: &Query) -> Result<HashSet<Uuid>, Error> {
    let (Whose::Tenant(tenant), Some(target)) = (whose, &query.target) else {
        return Ok(HashSet::new());
    };
    let named = target.split('/').find_map(|part| Uuid::try_parse(part).ok());
    let Some(order) = named else { return Ok(HashSet::new()) };
    Ok(lines::changes_of_order(tx, tenant, order, CHANGES_MAX)?.into_iter().collect())
}

/// Lines and operations by time, from the newest on.
struct Walk {
    whose: Whose,
    from: Timestamp,
    lines: Source<Line>,
    operations: Source<Brief>,
}

/// What is to be read on from one table.
struct Source<T> {
    waiting: VecDeque<T>,
    before: Mark,
    /// How many rows are read next.
    chunk: usize,
    ended: bool,
}

impl<T> Source<T> {
    fn new(before: Mark, limit: usize) -> Source<T> {
        let chunk = limit.saturating_add(1).min(CHUNK);
        Source { waiting: VecDeque::new(), before, chunk, ended: false }
    }

    /// Reads on where nothing waits.
    fn fill(
        &mut self,
        place: impl Fn(&T) -> Mark,
        read: impl FnOnce(Mark, usize) -> Result<Vec<T>, StoreError>,
    ) -> Result<(), StoreError> {
        if self.waiting.is_empty() && !self.ended {
            let chunk = read(self.before, self.chunk)?;
            self.ended = chunk.len() < self.chunk;
            self.chunk = (self.chunk * 2).min(CHUNK);
            if let Some(last) = chunk.last() {
                self.before = place(last);
            }
            self.waiting = chunk.into();
        }
        Ok(())
    }
}

impl Walk {
    fn new(whose: Whose, query: &Query, from: Timestamp) -> Walk {
        let end = query.until.unwrap_or(Timestamp::MAX);
        let before = query.after.map_or((end, Uuid::nil()), |mark| mark.min((end, Uuid::nil())));
        let limit = query.limit;
        let (lines, operations) = (Source::new(before, limit), Source::new(before, limit));
        Walk { whose, from, lines, operations }
    }

    fn next(&mut self, tx: &mut Tx<'_>) -> Result<Option<Entry>, Error> {
        let (whose, from) = (self.whose, self.from);
        let of_line = |line: &Line| (line.at, line.id);
        let of_operation = |operation: &Brief| (operation.decided_at, operation.id.0);
        self.lines.fill(of_line, |before, count| lines::newest(tx, whose, before, from, count))?;
        self.operations.fill(of_operation, |before, count| {
            operations::newest(tx, whose, before, from, count)
        })?;
        let line = self.lines.waiting.front().map(of_line);
        let operation = self.operations.waiting.front().map(of_operation);
        Ok(if line >= operation {
            self.lines.waiting.pop_front().map(Entry::of_line)
        } else {
            self.operations.waiting.pop_front().map(Entry::of_operation)
        })
    }
}

impl Entry {
    fn of_line(line: Line) -> Entry {
        Entry {
            id: line.id,
            at: line.at,
            tenant: line.tenant,
            principal: line.principal,
            action: line.action,
            target: line.target,
            verdict: line.verdict,
            code: None,
            by: line.by,
            decision: line.decision,
            details: Some(line.findings),
            is_operation: false,
        }
    }

    fn of_operation(operation: Brief) -> Entry {
        Entry {
            id: operation.id.0,
            at: operation.decided_at,
            tenant: operation.tenant,
            principal: operation.principal,
            action: operation.kind,
            target: operation.target.unwrap_or_default(),
            verdict: operation.verdict,
            code: operation.code,
            by: operation.by,
            decision: Some(operation.id.0),
            details: None,
            is_operation: true,
        }
    }
}

/// A mark as a text.
pub fn mark((at, id): Mark) -> String {
    format!("{}_{id}", at.as_microsecond())
}

/// Reads a mark that a page gave.
pub fn parse_mark(text: &str) -> Option<Mark> {
    let (at, id) = text.split_once('_')?;
    let at = Timestamp::from_microsecond(at.parse().ok()?).ok()?;
    Some((at, Uuid::try_parse(id).ok()?))
}
