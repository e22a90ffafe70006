//! The walk of a purchase: from its placing, over capacity and billing, to what is held.
//!
//! The whole walk is made in the transaction of the purchase, so nobody meets a purchase half way;
//! each step is a revision of the reservation all the same, as the provider's history shows it.

use crate::payment::Failing;
use crate::reservation::{PaymentFailure, ReservationState};

/// A step of a purchase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Creating,
    PendingCapacity,
    ConfirmedCapacity,
    PendingBilling,
    ConfirmedBilling,
    Succeeded,
    BillingFailed(PaymentFailure),
}

impl Step {
    /// The protocol's name of the step.
    pub fn as_str(self) -> &'static str {
        match self {
            Step::Creating => "Creating",
            Step::PendingCapacity => "PendingCapacity",
            Step::ConfirmedCapacity => "ConfirmedCapacity",
            Step::PendingBilling => "PendingBilling",
            Step::ConfirmedBilling => "ConfirmedBilling",
            Step::Succeeded => "Succeeded",
            Step::BillingFailed(_) => "BillingFailed",
        }
    }

    /// The step after this one; nothing after the last. Capacity is a promise of price and is
    /// always there; the first payment may be refused.
    fn next(self, failing: Option<Failing>) -> Option<Step> {
        match (self, failing) {
            (Step::Creating, _) => Some(Step::PendingCapacity),
            (Step::PendingCapacity, _) => Some(Step::ConfirmedCapacity),
            (Step::ConfirmedCapacity, _) => Some(Step::PendingBilling),
            (Step::PendingBilling, Some(failing)) => Some(Step::BillingFailed(failing.failure)),
            (Step::PendingBilling, None) => Some(Step::ConfirmedBilling),
            (Step::ConfirmedBilling, _) => Some(Step::Succeeded),
            (Step::Succeeded | Step::BillingFailed(_), _) => None,
        }
    }
}

/// A purchase that has come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walked {
    /// Steps taken, the last one included: the number of the reservation's first revision that
    /// stays.
    pub steps: i64,
    pub last: Step,
}

impl Walked {
    pub fn state(self) -> ReservationState {
        match self.last {
            Step::BillingFailed(failure) => ReservationState::BillingFailed { failure },
            Step::Creating
            | Step::PendingCapacity
            | Step::ConfirmedCapacity
            | Step::PendingBilling
            | Step::ConfirmedBilling
            | Step::Succeeded => ReservationState::Active,
        }
    }
}

/// Takes a purchase from its placing to its end.
pub fn walk(failing: Option<Failing>) -> Walked {
    let steps = std::iter::successors(Some(Step::Creating), |step| step.next(failing));
    let start = Walked { steps: 0, last: Step::Creating };
    steps.fold(start, |walked, last| Walked { steps: walked.steps + 1, last })
}

/// The steps that led to a reservation's revision `number`, where that is the first one that is
/// kept of a purchase: the revisions before it, in order. Purchases of older programs have none.
pub fn before(number: i64) -> impl Iterator<Item = Step> {
    let way = std::iter::successors(Some(Step::Creating), |step| step.next(None));
    way.take(usize::try_from(number - 1).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::{Step, before, walk};
    use crate::payment::Failing;
    use crate::reservation::{PaymentFailure, ReservationState};

    #[test]
    fn a_purchase_walks_to_its_end_and_its_history_leads_there() {
        let done = walk(None);
        assert_eq!((done.steps, done.last.as_str()), (6, "Succeeded"));
        assert_eq!(done.state(), ReservationState::Active);
        let words: Vec<_> = before(done.steps).map(Step::as_str).collect();
        let billed = ["Creating", "PendingCapacity", "ConfirmedCapacity", "PendingBilling"];
        assert_eq!(words[..4], billed);
        assert_eq!(words[4..], ["ConfirmedBilling"]);

        let failure = PaymentFailure::SoftError;
        let failed = walk(Some(Failing { failure, until: None }));
        assert_eq!((failed.steps, failed.last.as_str()), (5, "BillingFailed"));
        assert_eq!(failed.state(), ReservationState::BillingFailed { failure });
        assert_eq!(before(failed.steps).map(Step::as_str).collect::<Vec<_>>(), billed);
        assert_eq!(before(1).count(), 0);
    }
}
