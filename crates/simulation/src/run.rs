//! One seed from its first day to its last, looked at by the auditor all the way.

use crate::desk::{Answer, Desk};
use crate::dice::Dice;
use crate::faults::Fault;
use crate::world::{Who, World};
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use prorata_auditor::{self as auditor, Auditor, Verdict, day_of, midnight};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The first day of a simulation that begins with the first rules.
const FIRST: Date = date(2019, 1, 7);

/// Steps in a year of the simulation.
const STEPS_A_YEAR: u64 = 36;

/// What is to be played.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    pub seed: u64,
    pub years: u64,
    /// The last step to play.
    pub until: Option<u64>,
    /// Steps that are left out.
    pub skip: BTreeSet<u64>,
    /// The steps that are played, where not all are.
    pub only: BTreeSet<u64>,
    /// Whether each request is told as it is answered.
    pub tell: bool,
    /// A fault to be put into the desk, to see whether the auditor finds it.
    pub fault: Option<&'static Fault>,
}

/// What was played, and how much of it the auditor had an opinion on.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub steps: u64,
    pub requests: u64,
    /// Statuses, codes and figures that were compared.
    pub compared: u64,
    /// Answers without an opinion, by the reason.
    pub silent: BTreeMap<&'static str, u64>,
    /// Answers by operation: done, and refused.
    pub operations: BTreeMap<&'static str, (u64, u64)>,
    pub orders: u64,
    /// Orders that a renewal bought.
    pub renewals: u64,
    /// Orders of savings plans.
    pub plans: u64,
}

impl Outcome {
    /// Adds what another seed came to.
    pub fn add(&mut self, other: &Outcome) {
        self.steps += other.steps;
        self.requests += other.requests;
        self.compared += other.compared;
        self.orders += other.orders;
        self.renewals += other.renewals;
        self.plans += other.plans;
        for (why, count) in &other.silent {
            *self.silent.entry(why).or_default() += count;
        }
        for (name, (done, refused)) in &other.operations {
            let sum = self.operations.entry(name).or_default();
            *sum = (sum.0 + done, sum.1 + refused);
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, (done, refused)) in &self.operations {
            writeln!(f, "  {name:<20} {done:>8} done {refused:>8} refused")?;
        }
        for (why, count) in &self.silent {
            writeln!(f, "  no opinion: {count} answers ({why})")?;
        }
        let silent: u64 = self.silent.values().sum();
        write!(
            f,
            "{} orders ({} by renewal, {} of savings plans), {} answers, {} figures compared, no opinion on {:.2} % of the answers",
            self.orders,
            self.renewals,
            self.plans,
            self.requests,
            self.compared,
            100.0 * silent as f64 / self.requests.max(1) as f64
        )
    }
}

/// Letters of an answer that are shown; what differs is told beside it.
const ANSWER_CHARS_MAX: usize = 3_000;

/// Where desk and auditor differ.
#[derive(Clone, Debug)]
pub struct Difference {
    pub seed: u64,
    pub years: u64,
    pub step: u64,
    pub at: Timestamp,
    /// The request and its answer, where it is about one.
    pub request: String,
    pub answer: String,
    /// What should have been answered, line by line.
    pub expected: Vec<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}, step {}, at {}", self.seed, self.step, self.at)?;
        writeln!(f, "request: {}", self.request)?;
        let start: String = self.answer.chars().take(ANSWER_CHARS_MAX).collect();
        let more = if start.len() < self.answer.len() { " ..." } else { "" };
        writeln!(f, "answer: {start}{more}")?;
        for line in &self.expected {
            writeln!(f, "  {line}")?;
        }
        write!(
            f,
            "again: cargo xtask simulate --seed {} --years {} --until {}",
            self.seed, self.years, self.step
        )
    }
}

/// A seed as it is being played.
pub struct Player {
    pub(crate) world: World,
    pub(crate) auditor: Auditor,
    pub(crate) dice: Dice,
    pub(crate) now: Timestamp,
    pub(crate) outcome: Outcome,
    /// Deeds that were answered, to be sent again.
    pub(crate) sent: Vec<Sent>,
    /// Accounts whose means of payment was made to fail.
    pub(crate) failing: BTreeSet<String>,
    desk: Desk,
    seed: u64,
    years: u64,
    step: u64,
    tell: bool,
    fault: Option<&'static Fault>,
}

/// A request as it was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    pub who: Who,
    pub method: &'static str,
    pub path: String,
    pub body: Value,
}

/// Plays a seed.
///
/// # Errors
/// The first difference.
pub fn play(setup: &Setup) -> Result<Outcome, Box<Difference>> {
    let start = midnight(FIRST);
    let last = FIRST.saturating_add((setup.years as i64).years());
    let world = World::of(setup.seed, FIRST, last);
    let book = setup.fault.map_or_else(|| Ok(crate::faults::built_in()), Fault::book);
    let desk = book.and_then(|book| Desk::open(&world.document, book, start));
    let mut player = Player {
        auditor: Auditor::new(&world.document),
        dice: Dice::of(setup.seed, 0),
        now: start,
        outcome: Outcome::default(),
        sent: Vec::new(),
        failing: BTreeSet::new(),
        desk: desk.map_err(|why| nowhere(setup, start, why))?,
        seed: setup.seed,
        years: setup.years,
        step: 0,
        tell: setup.tell,
        fault: setup.fault,
        world,
    };
    let steps = setup.until.unwrap_or(u64::MAX).min(setup.years * STEPS_A_YEAR);
    for step in 1..=steps {
        player.step = step;
        player.dice = Dice::of(setup.seed, step);
        let left_out = !setup.only.is_empty() && !setup.only.contains(&step);
        if left_out || setup.skip.contains(&step) {
            continue;
        }
        player.move_on(last, steps)?;
        player.act()?;
    }
    player.close()?;
    player.outcome.steps = steps;
    let orders = player.auditor.orders();
    player.outcome.orders = orders.len() as u64;
    player.outcome.plans = orders.iter().filter(|order| order.is_plan).count() as u64;
    player.outcome.renewals = orders.iter().filter(|order| order.source.is_some()).count() as u64;
    Ok(player.outcome)
}

fn nowhere(setup: &Setup, at: Timestamp, why: String) -> Box<Difference> {
    let (seed, years, request) = (setup.seed, setup.years, "opening the desk".to_owned());
    Box::new(Difference { seed, years, step: 0, at, request, answer: why, expected: Vec::new() })
}

/// Days on which the rules change.
const EDGES: &[Date] = &[
    date(2020, 1, 21),
    date(2020, 3, 24),
    date(2020, 7, 1),
    date(2021, 4, 14),
    date(2021, 11, 1),
    date(2022, 6, 28),
    date(2022, 10, 10),
    date(2023, 10, 16),
    date(2024, 8, 1),
    date(2024, 12, 5),
    date(2025, 4, 1),
    date(2026, 1, 15),
    date(2026, 3, 19),
    date(2026, 5, 1),
    date(2026, 7, 1),
    date(2026, 7, 22),
    date(2027, 2, 1),
];

impl Player {
    /// Moves the clock: not at all, a little, by days, or to where something changes.
    fn move_on(&mut self, last: Date, steps: u64) -> Result<(), Box<Difference>> {
        let share = self.step as i128 * 1_000 / i128::from(steps.max(1));
        let span = i128::from(days_from(FIRST, last));
        let on_pace = FIRST.saturating_add(((span * share / 1_000) as i64).days());
        let today = day_of(self.now);
        let behind = days_from(today, on_pace);
        let dice = &mut self.dice;
        let next = match dice.between(0, 99) {
            0..=24 => self.now.saturating_add((dice.between(0, 40) as i64).minutes()),
            25..=44 => self.now.saturating_add((dice.between(1, 30) as i64).hours()),
            45..=59 => self.edge(behind.max(5)),
            _ => {
                let days = dice.between(1, 6 + behind.clamp(0, 200) as u64 * 3) as i64;
                Ok(self.now.checked_add((days * 24).hours()).unwrap_or(Timestamp::MAX))
            }
        };
        let next = next.unwrap_or(self.now).min(midnight(last));
        if next <= self.now {
            return Ok(());
        }
        self.set_clock(next)
    }

    /// Moves the clock to an instant, and looks at what was renewed meanwhile.
    fn set_clock(&mut self, now: Timestamp) -> Result<(), Box<Difference>> {
        self.now = now;
        self.desk.set_clock(now).map_err(|why| self.broken("moving the clock", why))?;
        self.auditor.pass(now);
        let mut last = None;
        while let Some((tenant, order)) = self.auditor.to_be_named() {
            if last.as_ref() == Some(&order) {
                return Err(self.broken("looking for what was renewed", order));
            }
            let owner = self.world.owners.iter().find(|who| who.tenant == tenant).cloned();
            let Some(owner) = owner else { break };
            let path = format!("/providers/Microsoft.Capacity/reservationOrders/{order}");
            self.ask(&owner, "GET", &format!("{path}/reservations"), &Value::Null)?;
            last = Some(order);
        }
        Ok(())
    }

    /// The first or last second beside a day on which a rule or an order changes soon.
    fn edge(&mut self, within: i64) -> Result<Timestamp, jiff::Error> {
        let today = day_of(self.now);
        let until = today.saturating_add((within + 30).days());
        let ends = self.auditor.orders().iter().map(|order| order.expires);
        let dues = self.auditor.orders().iter().map(|order| order.due(order.paid.len() + 1));
        let mut edges: Vec<Date> = EDGES.iter().copied().chain(ends).chain(dues).collect();
        edges.retain(|day| *day > today && *day <= until);
        edges.sort_unstable();
        edges.dedup();
        if edges.is_empty() {
            return Ok(self.now);
        }
        let day = midnight(*self.dice.one(&edges));
        Ok(if self.dice.percent(50) { day.checked_sub(1.second())? } else { day })
    }

    /// Sends a request, lets the auditor look, and tells where they differ.
    pub(crate) fn ask(
        &mut self,
        who: &Who,
        method: &'static str,
        path: &str,
        body: &Value,
    ) -> Result<Answer, Box<Difference>> {
        let sent = if method == "GET" {
            self.desk.list(who, path)
        } else {
            self.desk.send(Some(who), method, path, body)
        };
        let mut answer = sent.map_err(|why| self.broken(path, why))?;
        if let Some(fault) = self.fault {
            fault.spoil(path, &mut answer.body);
        }
        self.outcome.requests += 1;
        if self.tell {
            let code = answer.body["error"]["code"].as_str().unwrap_or_default();
            println!("{} {} {}: {method} {path}", self.step, self.now, who.name);
            println!("    {} {code} {body}", answer.status);
        }
        let count = self.outcome.operations.entry(operation(method, path)).or_default();
        if answer.status < 300 {
            count.0 += 1
        } else {
            count.1 += 1
        }
        let call = auditor::Call {
            at: self.now,
            tenant: &who.tenant,
            client: &who.client,
            method,
            path,
            body,
        };
        let seen = auditor::Answer {
            status: answer.status,
            location: &answer.location,
            body: &answer.body,
        };
        match self.auditor.look(&call, &seen) {
            Verdict::Agrees(compared) => self.outcome.compared += compared as u64,
            Verdict::NoOpinion(why) => *self.outcome.silent.entry(why).or_default() += 1,
            Verdict::Differs(found) => {
                let expected = found.iter().map(ToString::to_string).collect();
                return Err(self.differs(
                    format!("{method} {path} {body} ({})", who.name),
                    format!("{} {}", answer.status, answer.body),
                    expected,
                ));
            }
        }
        if answer.status >= 500 {
            let request = format!("{method} {path} {body}");
            return Err(self.broken(&request, format!("{} {}", answer.status, answer.body)));
        }
        Ok(answer)
    }

    fn differs(&self, request: String, answer: String, expected: Vec<String>) -> Box<Difference> {
        let (seed, years, step, at) = (self.seed, self.years, self.step, self.now);
        Box::new(Difference { seed, years, step, at, request, answer, expected })
    }

    fn broken(&self, request: &str, why: String) -> Box<Difference> {
        self.differs(request.to_owned(), why, Vec::new())
    }

    /// At the end: everything is looked at, the desk's own check runs, and the journal holds what
    /// the auditor's books hold.
    fn close(&mut self) -> Result<(), Box<Difference>> {
        for tenant in 0..self.world.owners.len() {
            let who = self.world.owners[tenant].clone();
            let mine: Vec<String> = self
                .auditor
                .orders()
                .iter()
                .filter(|order| order.tenant == who.tenant && !order.is_plan)
                .map(|order| order.id.clone())
                .collect();
            for order in mine {
                self.look_at_order(&who, &order)?;
            }
            self.ask(&who, "GET", "/providers/Microsoft.Capacity/reservations", &Value::Null)?;
        }
        let broken = self.desk.verify().map_err(|why| self.broken("verify", why))?;
        if let Some(broken) = broken {
            return Err(self.broken("verify", broken));
        }
        let held = self.desk.totals().map_err(|why| self.broken("journal", why))?;
        let expected = self.auditor.totals();
        let keys: BTreeSet<_> = held.keys().chain(expected.keys()).collect();
        let lines: Vec<String> = keys
            .into_iter()
            .filter(|key| held.get(*key) != expected.get(*key))
            .map(|key| {
                let sum = |of: Option<&i128>| of.copied().unwrap_or_default();
                let (said, wanted) = (sum(held.get(key)), sum(expected.get(key)));
                format!("{} in {}: expected {wanted}, holds {said}", key.0, key.1)
            })
            .collect();
        if lines.is_empty() {
            return Ok(());
        }
        Err(self.differs("the journal's accounts".to_owned(), String::new(), lines))
    }
}

fn days_from(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).map_or(0, |span| span.get_days()))
}

/// The name of an operation for the summary.
fn operation(method: &str, path: &str) -> &'static str {
    let path = path.split('?').next().unwrap_or_default();
    match (method, path.rsplit('/').next().unwrap_or_default()) {
        ("POST", "calculatePrice") => "calculatePrice",
        ("PUT", _) => "purchase",
        ("POST", "calculateRefund") => "calculateRefund",
        ("POST", "return") => "return",
        ("POST", "calculateExchange") => "calculateExchange",
        ("POST", "exchange") => "exchange",
        ("POST", "split") => "split",
        ("POST", "merge") => "merge",
        ("POST", "archive" | "unarchive") => "archive",
        ("POST", "changeDirectory") => "changeDirectory",
        ("PATCH", _) => "change",
        ("GET", _) => "look",
        _ => "other",
    }
}

impl Player {
    /// A day soon, so many days on.
    pub(crate) fn days_on(&mut self, from: u64, to: u64) -> Date {
        day_of(self.now).saturating_add((self.dice.between(from, to) as i64).days())
    }

    /// Changes the world of the desk.
    pub(crate) fn change_world(&mut self, document: &Value) -> Result<(), Box<Difference>> {
        let sent = self.desk.send(None, "POST", "/sandbox/world", document);
        let answer = sent.map_err(|why| self.broken("the world", why))?;
        if answer.status != 200 {
            return Err(self.broken("the world", answer.body.to_string()));
        }
        self.auditor.world_changed(document, self.now);
        Ok(())
    }

    /// Lets some seconds go by.
    pub(crate) fn wait(&mut self, seconds: i64) -> Result<(), Box<Difference>> {
        self.set_clock(self.now.saturating_add(seconds.seconds()).unwrap_or(self.now))
    }
}
