//! The clause on what an exception may waive.

use super::ClauseId;
use super::file::Fields;
use super::value::Value;

/// What may be waived, and for how long.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Waivable {
    pub clauses: Vec<ClauseId>,
    /// The most days for which an exception is good.
    pub days: i64,
}

impl Value for Waivable {
    fn read(fields: &mut Fields<'_>) -> Option<Waivable> {
        let clauses = fields.words(
            "clauses",
            // A clause about the shape of a request has no file, and is never waived.
            |name| ClauseId::parse(name).filter(|clause| super::DATED.contains(clause)),
            "a list of clauses that have a file, such as `refund-cap`",
        );
        let days = fields.count("days");
        Some(Waivable { clauses: clauses?, days: days? })
    }

    fn summary(&self) -> String {
        let names: Vec<&str> = self.clauses.iter().map(|clause| clause.as_str()).collect();
        format!("{}, for up to {} days", names.join(", "), self.days)
    }
}
