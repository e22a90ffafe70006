//! Choosing, sorting and counting in the register: one pass over what the caller sees.

use super::register::{Entry, Shelf, Words};
use super::sights::Sight;
use super::{Filter, From, Query, Show, Sort, Tally, Whose};
use crate::Error;
use jiff::ToSpan;
use jiff::civil::Date;
use memchr::memmem::Finder;
use prorata_domain::ids::TenantId;
use prorata_domain::policy::Expiring;
use prorata_domain::term::Term;
use prorata_store::reservations::register::Key;
use std::cmp::Ordering;
use uuid::Uuid;

/// A page's rows, by the place of their customer.
pub(super) struct Chosen {
    pub keys: Vec<(usize, Key)>,
    pub tally: Tally,
    pub of_customer: Vec<usize>,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// What a row is sorted by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Value<'s> {
    Number(i64),
    Text(&'s str),
}

/// The place of a row in the list.
#[derive(Clone, Copy)]
struct Place<'s> {
    /// Of its customer, where the list goes by customers.
    group: usize,
    value: Value<'s>,
    id: Uuid,
}

impl Place<'_> {
    fn cmp(&self, other: &Place<'_>, descending: bool) -> Ordering {
        let inside = (self.value, self.id).cmp(&(other.value, other.id));
        self.group.cmp(&other.group).then(if descending { inside.reverse() } else { inside })
    }
}

pub(super) fn choose(
    shelf: &Shelf,
    sights: &[Sight],
    query: &Query,
    today: Date,
) -> Result<Chosen, Error> {
    let (mark, backward) = match &query.from {
        From::Start => (None, false),
        From::After(mark) => (Some(mark.as_str()), false),
        From::Before(mark) => (Some(mark.as_str()), true),
    };
    let mark = mark.map(|text| read_mark(text, sights, query)).transpose()?;
    let wanted = query.limit.saturating_add(1);
    let mut best = Best::new(wanted, query.descending, backward);
    let soon = Expiring::shown(today).until(today);
    let test = Test::new(&query.filter, shelf, today);
    let mut tally = Tally::default();
    let mut met = Met::new(&shelf.words);
    let mut of_customer = vec![0; sights.len()];
    for (at, sight) in sights.iter().enumerate() {
        let eye = sight.eye(shelf);
        let group = if query.by_customer { at } else { 0 };
        let is_his = test.is_of(sight);
        for entry in shelf.of(sight.tenant()).filter(|entry| eye.sees(entry)) {
            tally.seen += 1;
            met.note(entry);
            if !is_his || !test.holds(entry) {
                continue;
            }
            for (count, show) in tally.shows.iter_mut().zip(Show::ALL) {
                *count += usize::from(show.shows(entry, soon));
            }
            if !query.filter.show.shows(entry, soon) {
                continue;
            }
            of_customer[at] += 1;
            let value = value(shelf, entry, at, query);
            let place = Place { group, value, id: entry.id.0 };
            if mark.as_ref().is_none_or(|mark| best.comes_after(&place, mark)) {
                best.take(place, at, entry);
            }
        }
    }
    tally.chosen = of_customer.iter().sum();
    tally.has_figures = met.figures;
    (tally.resource_types, tally.regions, tally.terms) = met.told(&shelf.words);
    let (mut rows, more) = best.finish(query.limit);
    if backward {
        rows.reverse();
    }
    let marked = |row: Option<&Row<'_>>| row.map(|row| row.mark(sights, query));
    let (behind, ahead) = (marked(rows.first()), marked(rows.last()));
    let (previous, next) = match query.from {
        From::Start => (None, ahead.filter(|_| more)),
        From::After(_) => (behind, ahead.filter(|_| more)),
        From::Before(_) => (behind.filter(|_| more), ahead),
    };
    let keys = rows.iter().map(|row| (row.customer, row.entry.key())).collect();
    Ok(Chosen { keys, tally, of_customer, previous, next })
}

fn value<'s>(shelf: &'s Shelf, entry: &'s Entry, customer: usize, query: &Query) -> Value<'s> {
    let number = |number: usize| Value::Number(i64::try_from(number).unwrap_or(i64::MAX));
    match query.sort {
        Sort::Name => Value::Text(&entry.name),
        Sort::Product => Value::Text(shelf.words.folded(entry.sku)),
        Sort::Region => Value::Text(shelf.words.folded(entry.location)),
        Sort::State => Value::Text(shelf.words.folded(entry.state)),
        Sort::Quantity => Value::Number(entry.quantity.into()),
        Sort::Term => Value::Number(entry.term.months().into()),
        Sort::Scope => Value::Number(entry.scope as i64),
        Sort::Renewal => Value::Number(entry.renew.into()),
        Sort::Expires => {
            let day = entry.expires_on;
            let months = i64::from(day.year()) * 12 + i64::from(day.month());
            Value::Number(months * 31 + i64::from(day.day()))
        }
        // Those without figures come last either way.
        Sort::Utilization => {
            Value::Number(entry.used.unwrap_or(if query.descending { -1 } else { i64::MAX }))
        }
        Sort::Customer => number(customer),
    }
}

/// A filter made ready for many rows.
struct Test<'f> {
    filter: &'f Filter,
    whose: Option<(Option<TenantId>, String)>,
    resource_type: Option<Option<super::register::Word>>,
    region: Option<Option<super::register::Word>>,
    last_day: Option<(Date, Date)>,
    text: Option<Text>,
}

/// A text that is looked for.
struct Text {
    /// Made ready once, as it is looked for in each name.
    finder: Finder<'static>,
    /// The words that hold it.
    words: Vec<bool>,
    /// It as the beginning of an id.
    id: Option<(u128, u128)>,
}

impl<'f> Test<'f> {
    fn new(filter: &'f Filter, shelf: &Shelf, today: Date) -> Test<'f> {
        let word = |text: &Option<String>| text.as_ref().map(|text| shelf.words.find(text));
        let text = filter.text.trim().to_lowercase();
        Test {
            filter,
            whose: filter.customer.as_ref().map(|whose| match whose {
                Whose::Tenant(tenant) => (Some(*tenant), String::new()),
                Whose::Named(name) => (None, name.trim().to_lowercase()),
            }),
            resource_type: word(&filter.resource_type),
            region: word(&filter.region),
            last_day: filter
                .within
                .map(|days| (today, today.saturating_add(i64::from(days).days()))),
            text: (!text.is_empty()).then(|| Text {
                words: shelf.words.holding(&text),
                id: id_begins(&text),
                finder: Finder::new(&text).into_owned(),
            }),
        }
    }

    fn is_of(&self, sight: &Sight) -> bool {
        match &self.whose {
            None => true,
            Some((Some(tenant), _)) => *tenant == sight.tenant(),
            Some((None, name)) => sight.customer.name.to_lowercase().contains(name.as_str()),
        }
    }

    fn holds(&self, entry: &Entry) -> bool {
        self.resource_type.is_none_or(|wanted| wanted == Some(entry.resource_type))
            && self.region.is_none_or(|wanted| wanted == Some(entry.location))
            && self.filter.term.is_none_or(|term| term == entry.term)
            && self.filter.scope.is_none_or(|scope| scope == entry.scope)
            && self.filter.renew.is_none_or(|renew| renew == entry.renew)
            && self
                .last_day
                .is_none_or(|(first, last)| first <= entry.expires_on && entry.expires_on <= last)
            && self.filter.under.is_none_or(|percent| {
                entry.used.is_some_and(|used| used < 100 * i64::from(percent))
            })
            && self.text.as_ref().is_none_or(|text| text.is_in(entry))
    }
}

impl Text {
    fn is_in(&self, entry: &Entry) -> bool {
        let named = |(from, to): (u128, u128)| {
            [entry.id.0, entry.order.0].iter().any(|id| (from..=to).contains(&id.as_u128()))
        };
        self.words[Words::place(entry.sku)]
            || self.id.is_some_and(named)
            || self.finder.find(entry.name.as_bytes()).is_some()
    }
}

/// The ids that begin with these digits: at least four, with or without hyphens. Of a resource's
/// path it is the id that it ends with.
fn id_begins(text: &str) -> Option<(u128, u128)> {
    const DIGITS_MIN: usize = 4;
    const DIGITS: usize = 32;
    let last = text.trim_end_matches('/').rsplit('/').next()?;
    let digits: String = last.chars().filter(|letter| *letter != '-').collect();
    if !(DIGITS_MIN..=DIGITS).contains(&digits.len()) {
        return None;
    }
    let begin = u128::from_str_radix(&digits, 16).ok()?;
    let missing = u32::try_from(4 * (DIGITS - digits.len())).ok()?;
    let from = begin << missing;
    Some((from, from | ((1 << missing) - 1)))
}

/// What is met among what the caller sees.
struct Met {
    figures: bool,
    resource_types: Vec<bool>,
    regions: Vec<bool>,
    terms: Vec<Term>,
}

impl Met {
    fn new(words: &Words) -> Met {
        let (resource_types, regions) = (words.places(), words.places());
        Met { figures: false, resource_types, regions, terms: Vec::new() }
    }

    fn note(&mut self, entry: &Entry) {
        self.resource_types[Words::place(entry.resource_type)] = true;
        self.regions[Words::place(entry.location)] = true;
        self.figures |= entry.used.is_some();
        if !self.terms.contains(&entry.term) {
            self.terms.push(entry.term);
        }
    }

    fn told(mut self, words: &Words) -> (Vec<String>, Vec<String>, Vec<Term>) {
        self.terms.sort_unstable_by_key(|term| term.months());
        (words.marked(&self.resource_types), words.marked(&self.regions), self.terms)
    }
}

struct Row<'s> {
    place: Place<'s>,
    customer: usize,
    entry: &'s Entry,
}

impl Row<'_> {
    /// The place as a text: the id, the customer where the list goes by customers, the value.
    fn mark(&self, sights: &[Sight], query: &Query) -> String {
        let group = if query.by_customer {
            sights[self.place.group].tenant().0.simple().to_string()
        } else {
            String::new()
        };
        let value = match (query.sort, self.place.value) {
            // The place of a customer changes with those beside it.
            (Sort::Customer, _) => sights[self.customer].tenant().0.simple().to_string(),
            (_, Value::Number(number)) => number.to_string(),
            (_, Value::Text(text)) => text.to_owned(),
        };
        format!("{}{group}.{value}", self.place.id.simple())
    }
}

fn read_mark<'m>(text: &'m str, sights: &[Sight], query: &Query) -> Result<Place<'m>, Error> {
    let read = || {
        let (ids, value) = text.split_once('.')?;
        let id = Uuid::try_parse(ids.get(..32)?).ok()?;
        let tenant = |text: &str| Uuid::try_parse(text).ok().map(TenantId);
        let place = |tenant: TenantId| sights.iter().position(|sight| sight.tenant() == tenant);
        let group = if query.by_customer { place(tenant(ids.get(32..)?)?)? } else { 0 };
        let value = match query.sort {
            Sort::Name | Sort::Product | Sort::Region | Sort::State => Value::Text(value),
            Sort::Customer => Value::Number(i64::try_from(place(tenant(value)?)?).ok()?),
            Sort::Quantity
            | Sort::Term
            | Sort::Scope
            | Sort::Renewal
            | Sort::Expires
            | Sort::Utilization => Value::Number(value.parse().ok()?),
        };
        Some(Place { group, value, id })
    };
    read().ok_or_else(|| Error::malformed("after", "is not a mark that a page gave"))
}

/// The first so many rows of those that it is given.
struct Best<'s> {
    rows: Vec<Row<'s>>,
    wanted: usize,
    descending: bool,
    backward: bool,
    /// What comes no sooner than this is none of them.
    bar: Option<Place<'s>>,
}

impl<'s> Best<'s> {
    fn new(wanted: usize, descending: bool, backward: bool) -> Best<'s> {
        Best { rows: Vec::new(), wanted, descending, backward, bar: None }
    }

    fn order(&self, one: &Place<'_>, other: &Place<'_>) -> Ordering {
        let order = one.cmp(other, self.descending);
        if self.backward { order.reverse() } else { order }
    }

    fn comes_after(&self, place: &Place<'_>, mark: &Place<'_>) -> bool {
        self.order(place, mark) == Ordering::Greater
    }

    fn take(&mut self, place: Place<'s>, customer: usize, entry: &'s Entry) {
        if self.bar.as_ref().is_some_and(|bar| self.order(&place, bar) != Ordering::Less) {
            return;
        }
        self.rows.push(Row { place, customer, entry });
        // Rarely, what has grown to a few times as many is cut back.
        if self.rows.len() >= self.wanted.saturating_mul(4) {
            let (descending, backward) = (self.descending, self.backward);
            let order = |one: &Row<'_>, other: &Row<'_>| {
                let order = one.place.cmp(&other.place, descending);
                if backward { order.reverse() } else { order }
            };
            let (_, last, _) = self.rows.select_nth_unstable_by(self.wanted - 1, order);
            self.bar = Some(last.place);
            self.rows.truncate(self.wanted);
        }
    }

    /// The rows in order, and whether there are more than the limit.
    fn finish(mut self, limit: usize) -> (Vec<Row<'s>>, bool) {
        let mut rows = std::mem::take(&mut self.rows);
        rows.sort_unstable_by(|one, other| self.order(&one.place, &other.place));
        let more = rows.len() > limit;
        rows.truncate(limit);
        (rows, more)
    }
}
