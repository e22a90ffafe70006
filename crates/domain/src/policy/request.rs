//! The clauses on requests that others approve.

use super::file::Fields;
use super::value::Value;
use rust_decimal::Decimal;

/// How long a request waits for its approvals, where no approval policy says otherwise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestLife {
    pub days: i64,
    /// Days before its end from which on it is said that it ends.
    pub notice_days: i64,
}

/// By how much the amounts of a request may move, where no approval policy says otherwise.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestTolerance {
    /// Parts in a hundred of what an amount was.
    pub percent: Decimal,
}

impl Value for RequestLife {
    fn read(fields: &mut Fields<'_>) -> Option<RequestLife> {
        let (days, notice_days) = (fields.count("days"), fields.count("notice_days"));
        Some(RequestLife { days: days?, notice_days: notice_days? })
    }

    fn summary(&self) -> String {
        format!("{} days; said {} days before", self.days, self.notice_days)
    }
}

impl Value for RequestTolerance {
    fn read(fields: &mut Fields<'_>) -> Option<RequestTolerance> {
        Some(RequestTolerance { percent: Decimal::from(fields.count("percent")?) })
    }

    fn summary(&self) -> String {
        format!("{} % of each amount", self.percent)
    }
}
