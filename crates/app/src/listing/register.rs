//! All reservations in brief, in memory: what lists choose among. It is read once, and then
//! follows what each transaction since has changed, so it is never older than the snapshot of
//! whoever asks.

use crate::Error;
use jiff::civil::Date;
use prorata_domain::ids::{OrderId, ReservationId, TenantId};
use prorata_domain::term::Term;
use prorata_domain::utilization::Utilization;
use prorata_store::reservations::register::{self, Brief, Key, ScopeKind, is_active};
use prorata_store::{Tx, utilization};
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

/// Rows that are read at once when the register is filled.
const PAGE_ROWS: usize = 5_000;

/// The register of a database. Empty until somebody asks.
#[derive(Default)]
pub(crate) struct Register(RwLock<Shelf>);

/// The reservations of all tenants.
#[derive(Default)]
pub(crate) struct Shelf {
    /// From where on what changed is not here yet; nothing where nothing was read.
    next: Option<i64>,
    /// Which figures of utilization are here.
    figures: String,
    pub words: Words,
    entries: Vec<Entry>,
    /// Of each of the entries.
    traits: Vec<Traits>,
    of_tenant: HashMap<TenantId, Vec<u32>>,
    at: HashMap<ReservationId, u32>,
}

/// A reservation: what finds it, and what tells it from others.
pub(crate) struct Entry {
    pub tenant: TenantId,
    pub order: OrderId,
    pub id: ReservationId,
    /// In lower case; what stands for it where it is empty.
    pub name: Box<str>,
    revision: i64,
}

impl Entry {
    pub fn key(&self) -> Key {
        (self.tenant, self.order, self.id)
    }
}

/// What is filtered by, of one reservation. All of these are looked at for each list, so they lie
/// together and are small.
#[derive(Clone, Copy)]
pub(crate) struct Traits {
    pub account: Word,
    pub sku: Word,
    pub resource_type: Word,
    pub location: Word,
    pub state: Word,
    pub expires_on: Date,
    pub quantity: u32,
    used: i32,
    pub term: Term,
    pub scope: ScopeKind,
    pub is_active: bool,
    pub renew: bool,
    pub archived: bool,
    pub no_benefit: bool,
}

impl Traits {
    /// Where no figures were loaded.
    const UNKNOWN: i32 = -1;

    /// What was used over seven days, in hundredths of a percent, where figures were loaded.
    pub fn used(&self) -> Option<i32> {
        (self.used != Traits::UNKNOWN).then_some(self.used)
    }
}

/// A reservation of the register.
#[derive(Clone, Copy)]
pub(crate) struct Item<'s> {
    pub entry: &'s Entry,
    pub traits: &'s Traits,
}

/// A text that many reservations share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Word(u32);

/// The texts, each also in lower case.
#[derive(Default)]
pub(crate) struct Words {
    texts: Vec<(String, String)>,
    known: HashMap<String, u32>,
}

impl Words {
    fn keep(&mut self, text: &str) -> Word {
        if let Some(at) = self.known.get(text) {
            return Word(*at);
        }
        let at = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push((text.to_owned(), text.to_lowercase()));
        self.known.insert(text.to_owned(), at);
        Word(at)
    }

    pub fn find(&self, text: &str) -> Option<Word> {
        self.known.get(text).copied().map(Word)
    }

    pub fn folded(&self, word: Word) -> &str {
        &self.texts[word.0 as usize].1
    }

    /// A place for each word, to mark those that were met.
    pub fn places(&self) -> Vec<bool> {
        vec![false; self.texts.len()]
    }

    /// The words whose text holds another one, by their places.
    pub fn holding(&self, part: &str) -> Vec<bool> {
        self.texts.iter().map(|(_, folded)| folded.contains(part)).collect()
    }

    pub fn place(word: Word) -> usize {
        word.0 as usize
    }

    /// The texts of the places that were marked, sorted.
    pub fn marked(&self, places: &[bool]) -> Vec<String> {
        let marked = self.texts.iter().zip(places).filter(|(_, marked)| **marked);
        let mut texts: Vec<String> = marked.map(|((text, _), _)| text.clone()).collect();
        texts.sort_unstable();
        texts
    }
}

impl Register {
    /// Takes up what changed since somebody asked last.
    ///
    /// # Errors
    /// Those of the database.
    pub fn bring_up_to_date(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let horizon = register::horizon(tx)?;
        let next = self.look(|shelf| shelf.next);
        let Some(from) = next else {
            // Those who come meanwhile wait here, and find it filled.
            let mut shelf = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if shelf.next.is_none() {
                let filled = filled(tx, horizon)?;
                *shelf = filled;
                return Ok(());
            }
            drop(shelf);
            return self.bring_up_to_date(tx);
        };
        let changed = register::changed(tx, from)?;
        if !changed.is_empty() || horizon > from {
            let mut shelf = self.0.write().unwrap_or_else(PoisonError::into_inner);
            changed.into_iter().for_each(|brief| shelf.put(brief));
            shelf.next = shelf.next.max(Some(horizon));
        }
        // After the reservations, as some of those that the figures are of may be new.
        let figures = utilization::state(tx)?;
        if self.look(|shelf| shelf.figures != figures) {
            let used = used(tx)?;
            let mut shelf = self.0.write().unwrap_or_else(PoisonError::into_inner);
            shelf.use_figures(figures, used);
        }
        Ok(())
    }

    pub fn look<T>(&self, see: impl FnOnce(&Shelf) -> T) -> T {
        see(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Everything that a snapshot has.
fn filled(tx: &mut Tx<'_>, horizon: i64) -> Result<Shelf, Error> {
    let mut shelf = Shelf { next: Some(horizon), ..Shelf::default() };
    let mut after = None;
    loop {
        let page = register::briefs(tx, after, PAGE_ROWS)?;
        after = page.last().map(|last| (last.tenant, last.order, last.id));
        let more = page.len() == PAGE_ROWS;
        page.into_iter().for_each(|brief| shelf.put(brief));
        if !more {
            shelf.use_figures(utilization::state(tx)?, used(tx)?);
            return Ok(shelf);
        }
    }
}

/// The shares of seven days of all reservations that have figures.
fn used(tx: &mut Tx<'_>) -> Result<Vec<(ReservationId, Option<i64>)>, Error> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = utilization::all(tx, after, PAGE_ROWS)?;
        after = page.last().map(|(place, _)| *place);
        let more = page.len() == PAGE_ROWS;
        let share = |[_, week, _]: [Option<Utilization>; 3]| week.map(Utilization::hundredths);
        found.extend(page.into_iter().map(|((_, _, id), summed)| (id, share(summed.shares))));
        if !more {
            return Ok(found);
        }
    }
}

impl Shelf {
    /// The reservations of a tenant.
    pub fn of(&self, tenant: TenantId) -> impl Iterator<Item = Item<'_>> {
        let places = self.of_tenant.get(&tenant).map(Vec::as_slice).unwrap_or_default();
        places.iter().map(|at| self.item(*at))
    }

    pub fn find(&self, order: OrderId, id: ReservationId) -> Option<Item<'_>> {
        let at = self.at.get(&id)?;
        Some(self.item(*at)).filter(|item| item.entry.order == order)
    }

    fn item(&self, at: u32) -> Item<'_> {
        Item { entry: &self.entries[at as usize], traits: &self.traits[at as usize] }
    }

    /// Takes up a reservation as it is in a snapshot; an older one than is here changes nothing.
    fn put(&mut self, brief: Brief) {
        let words = &mut self.words;
        let name = brief.display_name.trim();
        let name = if name.is_empty() { &brief.sku } else { name };
        let entry = Entry {
            tenant: brief.tenant,
            order: brief.order,
            id: brief.id,
            name: name.to_lowercase().into(),
            revision: brief.revision,
        };
        let traits = Traits {
            account: words.keep(&brief.billing_account),
            sku: words.keep(&brief.sku),
            resource_type: words.keep(&brief.resource_type),
            location: words.keep(&brief.location),
            state: words.keep(&brief.state),
            expires_on: brief.expires_on,
            quantity: brief.quantity,
            used: Traits::UNKNOWN,
            term: brief.term,
            scope: brief.scope,
            is_active: is_active(&brief.state),
            renew: brief.renew,
            archived: brief.archived,
            no_benefit: brief.no_benefit,
        };
        let Some(at) = self.at.get(&entry.id).copied() else {
            let at = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
            self.at.insert(entry.id, at);
            self.of_tenant.entry(entry.tenant).or_default().push(at);
            self.entries.push(entry);
            self.traits.push(traits);
            return;
        };
        let known = &mut self.entries[at as usize];
        if known.revision > entry.revision {
            return;
        }
        if known.tenant != entry.tenant {
            // It was moved with its order.
            if let Some(places) = self.of_tenant.get_mut(&known.tenant) {
                places.retain(|place| *place != at);
            }
            self.of_tenant.entry(entry.tenant).or_default().push(at);
        }
        *known = entry;
        let known = &mut self.traits[at as usize];
        *known = Traits { used: known.used, ..traits };
    }

    fn use_figures(&mut self, figures: String, used: Vec<(ReservationId, Option<i64>)>) {
        for traits in &mut self.traits {
            traits.used = Traits::UNKNOWN;
        }
        for (id, share) in used {
            if let (Some(at), Some(share)) = (self.at.get(&id), share) {
                self.traits[*at as usize].used = i32::try_from(share).unwrap_or(i32::MAX);
            }
        }
        self.figures = figures;
    }
}
