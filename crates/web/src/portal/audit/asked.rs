//! What is looked for in the audit: the form, its faults, and the query it stands for.

use crate::portal::form::{Fields, escaped};
use crate::portal::language::say;
use crate::portal::words::Said;
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_app::audit::Verdict;
use prorata_app::audit::search::{Query, parse_mark};
use prorata_domain::ids::TenantId;
use prorata_domain::term::day_start;
use uuid::Uuid;

/// A field of the form.
#[derive(Debug, Clone)]
pub struct Field {
    pub name: &'static str,
    pub label: Said,
    pub hint: Said,
    pub kind: &'static str,
    pub value: String,
    pub fault: Option<Said>,
}

/// A verdict to look for.
#[derive(Debug, Clone)]
pub struct Choice {
    pub word: &'static str,
    pub label: Said,
    pub chosen: bool,
}

/// The form as it was filled in.
#[derive(Debug, Clone)]
pub struct Searched {
    pub fields: Vec<Field>,
    pub verdicts: Vec<Choice>,
    /// Whether what the tenant's agents did elsewhere is looked for.
    pub agents: bool,
}

/// The fields: their names, what browsers take them for, and how each is read.
const FIELDS: [(&str, &str, Read); 8] = [
    ("from", "date", Read::Day),
    ("until", "date", Read::Day),
    ("who", "search", Read::Text),
    ("what", "search", Read::Text),
    ("target", "search", Read::Text),
    ("where", "search", Read::Text),
    ("partner", "search", Read::Id),
    ("correlation", "search", Read::Id),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Read {
    Day,
    Text,
    Id,
}

impl Searched {
    pub fn read(query: &Fields) -> Searched {
        let field = |(name, kind, read): (&'static str, &'static str, Read)| {
            let value = query.one(name);
            let fault = match read {
                _ if value.is_empty() => None,
                Read::Day => value.parse::<Date>().err().map(|_| say("audit-day-fault")),
                Read::Id => Uuid::try_parse(&value).err().map(|_| say("audit-id-fault")),
                Read::Text => None,
            };
            Field {
                name,
                label: say(&format!("audit-{name}")),
                hint: say(&format!("audit-{name}-hint")),
                kind,
                value,
                fault,
            }
        };
        let chosen = query.one("verdict");
        let verdict = |verdict: Verdict| Choice {
            word: verdict.as_str(),
            label: say(&format!("audit-{}", verdict.as_str())),
            chosen: verdict.as_str() == chosen,
        };
        Searched {
            fields: FIELDS.map(field).into(),
            verdicts: Verdict::ALL.map(verdict).into(),
            agents: query.one("of") == "agents",
        }
    }

    pub fn is_faulty(&self) -> bool {
        self.fields.iter().any(|field| field.fault.is_some())
    }

    /// Whether anything is looked for at all.
    pub fn is_empty(&self) -> bool {
        let nothing = self.fields.iter().all(|field| field.value.is_empty());
        nothing && !self.agents && self.verdicts.iter().all(|choice| !choice.chosen)
    }

    fn text(&self, name: &str) -> Option<&str> {
        let field = self.fields.iter().find(|field| field.name == name)?;
        Some(field.value.as_str()).filter(|value| !value.is_empty())
    }

    fn id(&self, name: &str) -> Option<Uuid> {
        self.text(name).and_then(|text| Uuid::try_parse(text).ok())
    }

    /// The first instant that is meant, and the first that is not meant any more: the last day is
    /// meant as a whole.
    pub fn time(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        let day = |name| self.text(name).and_then(|text| text.parse::<Date>().ok());
        let until = day("until").map(|day| day_start(day.tomorrow().unwrap_or(Date::MAX)));
        (day("from").map(day_start), until)
    }

    /// The query that this stands for; nothing while a field is faulty.
    pub fn query(&self, fields: &Fields, limit: usize) -> Option<Query> {
        if self.is_faulty() {
            return None;
        }
        let (from, until) = self.time();
        let text = |name| self.text(name).map(str::to_owned);
        let chosen = self.verdicts.iter().find(|choice| choice.chosen);
        Some(Query {
            agents: self.agents,
            from,
            until,
            caller: text("who"),
            action: text("what"),
            target: text("target"),
            address: text("where"),
            partner: self.id("partner").map(TenantId),
            correlation: self.id("correlation"),
            verdict: chosen.and_then(|choice| Verdict::parse(choice.word)),
            after: parse_mark(&fields.one("after")),
            limit,
            ..Query::default()
        })
    }

    /// The page of what is looked for, with more behind it.
    pub fn href(&self, more: &[(&str, &str)]) -> String {
        self.address("/audit", more)
    }

    fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let fields = self.fields.iter().map(|field| (field.name, field.value.as_str()));
        let verdict = self.verdicts.iter().filter(|choice| choice.chosen);
        let of = self.agents.then_some(("of", "agents"));
        let pairs = fields
            .chain(verdict.map(|choice| ("verdict", choice.word)))
            .chain(of)
            .chain(more.iter().copied())
            .filter(|(_, value)| !value.is_empty());
        let pairs: Vec<String> =
            pairs.map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
    }

    /// The exports of the time that is looked at.
    pub fn exports(&self) -> Vec<(Said, String)> {
        let export = |(label, format): (&str, &str)| {
            let mut href = format!("/audit/export?format={format}");
            for name in ["from", "until"] {
                if let Some(text) = self.text(name) {
                    href.push_str(&format!("&{name}={}", escaped(text)));
                }
            }
            (say(label), href)
        };
        [("audit-export-csv", "csv"), ("audit-export-jsonl", "jsonl")].map(export).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn searched(pairs: &[(&str, &str)]) -> (Searched, Fields) {
        let pairs = pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let fields = Fields::new(pairs.collect());
        (Searched::read(&fields), fields)
    }

    #[test]
    fn the_last_day_is_meant_as_a_whole() {
        let (form, fields) = searched(&[("from", "2026-11-21"), ("until", "2026-11-22")]);
        let query = form.query(&fields, 10).unwrap();
        assert_eq!(query.from.unwrap().to_string(), "2026-11-21T00:00:00Z");
        assert_eq!(query.until.unwrap().to_string(), "2026-11-23T00:00:00Z");
    }

    #[test]
    fn what_cannot_be_read_is_said_beside_its_field_and_nothing_is_looked_for() {
        let (form, fields) = searched(&[("from", "soon"), ("correlation", "x"), ("who", "a b")]);
        let faulty: Vec<_> =
            form.fields.iter().filter(|field| field.fault.is_some()).map(|it| it.name).collect();
        assert_eq!(faulty, ["from", "correlation"]);
        assert!(form.query(&fields, 10).is_none());
    }

    #[test]
    fn addresses_carry_what_is_looked_for() {
        let (form, _) =
            searched(&[("who", "a&b"), ("verdict", "refused"), ("of", "agents"), ("after", "x")]);
        assert_eq!(
            form.href(&[("after", "1_y")]),
            "/audit?who=a%26b&verdict=refused&of=agents&after=1_y"
        );
        assert_eq!(searched(&[]).0.href(&[]), "/audit");
    }
}
