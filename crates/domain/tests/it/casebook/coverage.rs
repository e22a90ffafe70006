//! Every clause that a decision looks at has a case that meets it and one that does not.

use super::{
    archive, directory, drain, exchange, merge, partner, payment, purchase, refund, renewal,
    request, savings_plan, scope, split, trade_in, update, waiver,
};
use jiff::civil::date;
use prorata_domain::Outcome::{self, Met, NotConcerned, NotMet};
use prorata_domain::policy::{Book, ClauseId, Job};
use std::collections::BTreeSet;

/// Clauses that no decision here looks at, and who does.
const ELSEWHERE: &[(ClauseId, &str)] = &[
    (ClauseId::Session, "whether a quote is open is asked where quotes are kept"),
    (ClauseId::QuoteLife, "how old a quote is is asked where quotes are kept"),
    (ClauseId::QuoteSweep, "how long a quote is kept is asked where quotes are kept"),
    (ClauseId::RequestLife, "how long a request waits is asked where requests are kept"),
    (ClauseId::RequestTolerance, "how far a request moved is asked where it is priced again"),
    (ClauseId::CartLife, "how old a cart is is asked where carts are kept"),
    (ClauseId::Expiring, "what is expiring is shown, and nothing is decided by it"),
];

/// Clauses that say how a return or a swap is reckoned; there is no way not to meet them. Those marked can
/// have nothing to say, and a case shows it.
const RECKONING: &[(ClauseId, bool)] = &[
    (ClauseId::PremiumStorageSwap, true),
    (ClauseId::RenewalRight, true),
    (ClauseId::CommitUnitsLeft, false),
    (ClauseId::YoungReturn, true),
    (ClauseId::LowestPrice, true),
    (ClauseId::Proration, false),
    (ClauseId::ReturnFee, true),
    (ClauseId::TradeInFee, true),
    (ClauseId::RefundCapScope, false),
    (ClauseId::RefundCapCounts, false),
    (ClauseId::RefundSettlement, false),
    (ClauseId::RenewalDefault, true),
    (ClauseId::PaymentRetry, true),
];

/// Clauses that warn of what can still be kept.
const WARNS: &[ClauseId] = &[ClauseId::RenewalRight, ClauseId::CommitUnitsLeft];

/// Clauses that are said to apply to a job and leave no finding in it, or the other way round.
const ONE_SIDED: &[(ClauseId, Job, &str)] = &[
    (ClauseId::Currency, Job::Purchase, "one account has one currency: nothing to compare"),
    (ClauseId::Currency, Job::Refund, "one reservation has one currency: nothing to compare"),
    (ClauseId::Price, Job::Refund, "the price of a quote is kept with the quote"),
    (ClauseId::RefundCap, Job::Exchange, "an exchange shows that the cap does not concern it"),
    (ClauseId::RefundCap, Job::TradeIn, "a trade-in shows that the cap does not concern it"),
];

#[test]
fn a_clause_is_looked_at_in_the_jobs_that_it_applies_to() {
    let jobs = [
        (Job::Purchase, purchase::findings()),
        (Job::Refund, refund::findings()),
        (Job::Exchange, exchange::findings()),
        (Job::Drain, drain::findings()),
        (Job::Partner, partner::findings()),
        (Job::Renewal, renewal::findings()),
        (Job::Request, request::findings()),
        (Job::Payment, payment::findings()),
        (Job::Split, split::findings()),
        (Job::Merge, merge::findings()),
        (Job::Update, update::findings()),
        (Job::Archive, archive::findings()),
        (Job::ChangeDirectory, directory::findings()),
        (Job::Scope, scope::findings()),
        (Job::SavingsPlan, savings_plan::findings()),
        (Job::TradeIn, trade_in::findings()),
        (Job::Waiver, waiver::findings()),
    ];
    for (job, findings) in jobs {
        for clause in Book::built_in().clauses() {
            let said = clause.applies.contains(&job);
            let found = findings.iter().any(|finding| finding.clause == clause.id);
            let one_sided = ONE_SIDED.iter().any(|one| (one.0, one.1) == (clause.id, job));
            let elsewhere = said && ELSEWHERE.iter().any(|one| one.0 == clause.id);
            let differs = one_sided || elsewhere;
            assert_eq!(said != found, differs, "{} and {job}: said {said}", clause.name);
        }
    }
}

#[test]
fn every_clause_has_a_case_that_meets_it_and_one_that_does_not() {
    let sold = [refund::findings(), exchange::findings(), purchase::findings()].concat();
    let planned = [savings_plan::findings(), trade_in::findings()].concat();
    let timed = [renewal::findings(), payment::findings(), drain::findings()].concat();
    let rearranged = [
        split::findings(),
        merge::findings(),
        update::findings(),
        archive::findings(),
        directory::findings(),
        partner::findings(),
        request::findings(),
        scope::findings(),
        waiver::findings(),
    ]
    .concat();
    let findings = [sold, planned, timed, rearranged].concat();
    let seen: BTreeSet<(ClauseId, &str)> =
        findings.iter().map(|finding| (finding.clause, word(finding.outcome))).collect();
    let shown = |clause, outcome| seen.contains(&(clause, word(outcome)));
    let waivable = &Book::built_in().in_force(date(2026, 11, 22)).waiver.value.clauses;
    for &clause in ClauseId::ALL {
        if let Some((_, why)) = ELSEWHERE.iter().find(|other| other.0 == clause) {
            let any = [Met, NotMet, NotConcerned].into_iter().any(|one| shown(clause, one));
            assert!(!any, "{clause} is looked at after all: {why}");
            continue;
        }
        assert!(shown(clause, Met), "no case meets {clause}");
        assert_eq!(shown(clause, Outcome::Warned), WARNS.contains(&clause), "{clause} warns");
        let may = waivable.contains(&clause);
        assert_eq!(shown(clause, Outcome::Waived), may, "{clause} is waived");
        match RECKONING.iter().find(|other| other.0 == clause) {
            Some((_, may_be_silent)) => {
                assert!(!shown(clause, NotMet), "{clause} can be not met after all");
                assert_eq!(shown(clause, NotConcerned), *may_be_silent, "{clause}");
            }
            None => assert!(shown(clause, NotMet), "every case meets {clause}"),
        }
    }
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Met => "met",
        NotMet => "not met",
        NotConcerned => "not concerned",
        Outcome::Warned => "warned",
        Outcome::Waived => "waived",
    }
}
