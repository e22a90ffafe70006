//! The book as it is shown: to a reader, not to a decision.

use super::value::Value;
use super::{ClauseId, History, Job, id};
use jiff::civil::Date;

/// A clause with everything that is known about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClauseInfo<'b> {
    pub id: ClauseId,
    pub name: &'static str,
    /// The rule in one sentence.
    pub says: &'b str,
    pub applies: &'b [Job],
    /// Every value, in the order of dates. Structural clauses have one.
    pub values: Vec<ValueInfo<'b>>,
}

/// A day on which a clause will say or do something else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Turn<'b> {
    pub day: Date,
    pub value: &'b ValueInfo<'b>,
    /// Whether the value begins on the day, and does not name it only.
    pub begins: bool,
}

/// One dated value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ValueInfo<'b> {
    pub since: Date,
    /// The value in a few words.
    pub summary: String,
    pub source: &'b str,
    /// The day on which the source was read; nothing for structural clauses.
    pub read: Option<Date>,
    /// Days that the value itself names, on which something begins or ends under it.
    pub names: Vec<Date>,
}

impl ClauseInfo<'_> {
    /// The value in force on a day.
    pub fn on(&self, day: Date) -> Option<&ValueInfo<'_>> {
        self.values.iter().rfind(|value| value.since <= day).or(self.values.first())
    }

    /// What is dated after a day: values that begin then, and days that the value in force on it
    /// names; the nearest first.
    pub fn after(&self, day: Date) -> Vec<Turn<'_>> {
        let named = self.on(day).into_iter().flat_map(|value| {
            let later = value.names.iter().filter(move |named| **named > day);
            later.map(move |named| Turn { day: *named, value, begins: false })
        });
        let begin = self.values.iter().filter(|value| value.since > day);
        let begin = begin.map(|value| Turn { day: value.since, value, begins: true });
        let mut turns: Vec<Turn<'_>> = named.chain(begin).collect();
        turns.sort_by_key(|turn| turn.day);
        turns
    }
}

pub(super) fn dated<V: Value>(history: &History<V>) -> ClauseInfo<'_> {
    let values = history.values.iter().map(|dated| ValueInfo {
        since: dated.since,
        summary: dated.value.summary(),
        source: &dated.source,
        read: Some(dated.read),
        names: dated.value.names(),
    });
    ClauseInfo {
        id: history.clause,
        name: history.clause.as_str(),
        says: &history.says,
        applies: &history.jobs,
        values: values.collect(),
    }
}

pub(super) fn structural(clause: ClauseId) -> ClauseInfo<'static> {
    let (says, applies) = id::structural(clause).unwrap_or(("", &[]));
    let value = ValueInfo {
        since: id::BEGINNING,
        summary: "always".to_owned(),
        source: id::STRUCTURAL_SOURCE,
        read: None,
        names: Vec::new(),
    };
    ClauseInfo { id: clause, name: clause.as_str(), says, applies, values: vec![value] }
}
