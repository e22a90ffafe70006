//! Choosing, sorting and counting in the register: one pass over what the caller sees.

use super::register::{Entry, Item, Shelf, Traits, Word, Words};
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

/// What a list goes by.
#[derive(Clone, Copy)]
struct Rank<'s> {
    /// Of its customer, where the list goes by customers.
    group: usize,
    value: Value<'s>,
}

impl Rank<'_> {
    fn cmp(&self, other: &Rank<'_>, descending: bool) -> Ordering {
        let inside = self.value.cmp(&other.value);
        self.group.cmp(&other.group).then(if descending { inside.reverse() } else { inside })
    }
}

/// The place of a row in the list: of those of one rank, by the id.
#[derive(Clone, Copy)]
struct Place<'s> {
    rank: Rank<'s>,
    id: Uuid,
}

impl Place<'_> {
    fn cmp(&self, other: &Place<'_>, descending: bool) -> Ordering {
        let ids = self.id.cmp(&other.id);
        self.rank.cmp(&other.rank, descending).then(if descending { ids.reverse() } else { ids })
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
        for item in shelf.of(sight.tenant()).filter(|item| eye.sees(item)) {
            let traits = item.traits;
            tally.seen += 1;
            met.note(traits);
            if !is_his || !test.holds(&item) {
                continue;
            }
            let shows = Show::ALL.map(|show| show.shows(traits, soon));
            tally.shows.iter_mut().zip(shows).for_each(|(count, is)| *count += usize::from(is));
            if !shows[query.filter.show as usize] {
                continue;
            }
            of_customer[at] += 1;
            let rank = Rank { group, value: value(shelf, &item, at, query) };
            if best.is_beyond(&rank) {
                continue;
            }
            let place = Place { rank, id: item.entry.id.0 };
            if mark.as_ref().is_none_or(|mark| best.comes_after(&place, mark)) {
                best.take(Row { place, customer: at, entry: item.entry });
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

fn value<'s>(shelf: &'s Shelf, item: &Item<'s>, customer: usize, query: &Query) -> Value<'s> {
    let Item { entry, traits } = item;
    match query.sort {
        Sort::Name => Value::Text(&entry.name),
        Sort::Product => Value::Text(shelf.words.folded(traits.sku)),
        Sort::Region => Value::Text(shelf.words.folded(traits.location)),
        Sort::State => Value::Text(shelf.words.folded(traits.state)),
        Sort::Quantity => Value::Number(traits.quantity.into()),
        Sort::Term => Value::Number(traits.term.months().into()),
        Sort::Scope => Value::Number(traits.scope as i64),
        Sort::Renewal => Value::Number(traits.renew.into()),
        Sort::Expires => {
            let day = traits.expires_on;
            let months = i64::from(day.year()) * 12 + i64::from(day.month());
            Value::Number(months * 31 + i64::from(day.day()))
        }
        // Those without figures come last either way.
        Sort::Utilization => {
            let last = if query.descending { -1 } else { i64::MAX };
            Value::Number(traits.used().map_or(last, i64::from))
        }
        Sort::Customer => Value::Number(i64::try_from(customer).unwrap_or(i64::MAX)),
    }
}

/// A filter made ready for many rows.
struct Test<'f> {
    filter: &'f Filter,
    whose: Option<(Option<TenantId>, String)>,
    resource_type: Option<Option<Word>>,
    region: Option<Option<Word>>,
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

    fn holds(&self, item: &Item<'_>) -> bool {
        let traits = item.traits;
        self.resource_type.is_none_or(|wanted| wanted == Some(traits.resource_type))
            && self.region.is_none_or(|wanted| wanted == Some(traits.location))
            && self.filter.term.is_none_or(|term| term == traits.term)
            && self.filter.scope.is_none_or(|scope| scope == traits.scope)
            && self.filter.renew.is_none_or(|renew| renew == traits.renew)
            && self
                .last_day
                .is_none_or(|(first, last)| first <= traits.expires_on && traits.expires_on <= last)
            && self.filter.under.is_none_or(|percent| {
                traits.used().is_some_and(|used| i64::from(used) < 100 * i64::from(percent))
            })
            && self.text.as_ref().is_none_or(|text| text.is_in(item))
    }
}

impl Text {
    fn is_in(&self, item: &Item<'_>) -> bool {
        let Item { entry, traits } = item;
        let named = |(from, to): (u128, u128)| {
            [entry.id.0, entry.order.0].iter().any(|id| (from..=to).contains(&id.as_u128()))
        };
        self.words[Words::place(traits.sku)]
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
    terms: [bool; Term::ALL.len()],
}

impl Met {
    fn new(words: &Words) -> Met {
        let (resource_types, regions) = (words.places(), words.places());
        Met { figures: false, resource_types, regions, terms: Default::default() }
    }

    fn note(&mut self, traits: &Traits) {
        self.resource_types[Words::place(traits.resource_type)] = true;
        self.regions[Words::place(traits.location)] = true;
        self.figures |= traits.used().is_some();
        self.terms[traits.term as usize] = true;
    }

    /// The resource types, the regions and, the shortest first, the terms.
    fn told(&self, words: &Words) -> (Vec<String>, Vec<String>, Vec<Term>) {
        let terms = Term::ALL.into_iter().filter(|term| self.terms[*term as usize]);
        (words.marked(&self.resource_types), words.marked(&self.regions), terms.collect())
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
            sights[self.place.rank.group].tenant().0.simple().to_string()
        } else {
            String::new()
        };
        let value = match (query.sort, self.place.rank.value) {
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
        Some(Place { rank: Rank { group, value }, id })
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

    /// Whether no row of this rank is one of them.
    fn is_beyond(&self, rank: &Rank<'_>) -> bool {
        let order = |bar: &Place<'_>| {
            let order = rank.cmp(&bar.rank, self.descending);
            if self.backward { order.reverse() } else { order }
        };
        self.bar.as_ref().is_some_and(|bar| order(bar) == Ordering::Greater)
    }

    fn take(&mut self, row: Row<'s>) {
        if self.bar.as_ref().is_some_and(|bar| self.order(&row.place, bar) != Ordering::Less) {
            return;
        }
        self.rows.push(row);
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
