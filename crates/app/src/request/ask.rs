//! What a request wants done: priced as the quote of its deed, and done as the deed itself.

use super::policies::Leave;
use crate::operations::{Evidence, Kind as OperationKind, Row};
use crate::{App, Call, Error, exchange, purchase, refund, savings_plan};
use prorata_domain::decision::{Finding, Refusal};
use prorata_domain::ids::{OperationId, OrderId, RequestId, SubscriptionId};
use prorata_domain::policy::ClauseId;
use prorata_domain::request::approval::Payer;
use prorata_domain::request::figures::Figures;
use prorata_domain::request::{Kind, Running};
use prorata_domain::reservation::BillingAccount;
use prorata_domain::savings_plan::purchase as plan;
use prorata_domain::{Decision, exchange as exchanges, purchase as buying, refund as refunds};
use prorata_store::{Tx, operations};
use serde::{Deserialize, Serialize};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ask {
    Refund(Refund),
    /// Also a trade-in, which is an exchange for savings plans alone.
    Exchange(exchange::Ask),
    Purchase(buying::Request),
    SavingsPlan(plan::Request),
}

/// A return, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    #[serde(flatten)]
    pub ask: refund::Ask,
    #[serde(default)]
    pub reason: String,
}

/// What a request comes to.
pub(super) struct Priced {
    pub figures: Option<Figures>,
    pub refusal: Option<Refusal>,
    pub findings: Vec<Finding>,
    pub payers: Vec<Payer>,
}

impl Priced {
    fn new<P>(
        decision: Decision<P>,
        accounts: &[&BillingAccount],
        figures: impl FnOnce(&P, &BillingAccount) -> Result<Figures, prorata_ledger::MoneyError>,
    ) -> Result<Priced, Error> {
        let first = accounts.first().copied();
        let figures = match (&decision.proposal, first) {
            (Some(plan), Some(account)) => Some(figures(plan, account)?),
            _ => None,
        };
        let Decision { refusal, findings, .. } = decision;
        Ok(Priced { figures, refusal, findings, payers: payers(accounts) })
    }

    /// Whether what it was about is no longer there to be given up.
    pub fn is_gone(&self) -> bool {
        let gone = [ClauseId::ReservationState, ClauseId::Quantity];
        self.refusal.as_ref().is_some_and(|refusal| gone.contains(&refusal.clause))
    }

    pub fn billing_account(&self) -> String {
        self.payers.first().map(|payer| payer.billing_account.clone()).unwrap_or_default()
    }
}

/// Who pays, each once.
pub(super) fn payers(accounts: &[&BillingAccount]) -> Vec<Payer> {
    let mut all: Vec<Payer> = Vec::new();
    for account in accounts {
        let payer =
            Payer { billing_account: account.id.clone(), customer: account.customer.clone() };
        if !all.contains(&payer) {
            all.push(payer);
        }
    }
    all
}

/// How a deed of a request ended.
pub(super) enum Ended {
    Done(OperationId),
    Failed { code: String, reason: String },
}

impl Ask {
    pub fn kind(&self) -> Kind {
        match self {
            Ask::Refund(_) => Kind::Refund,
            Ask::Exchange(ask) if ask.is_trade_in() => Kind::TradeIn,
            Ask::Exchange(_) => Kind::Exchange,
            Ask::Purchase(_) => Kind::Purchase,
            Ask::SavingsPlan(_) => Kind::SavingsPlan,
        }
    }

    /// The orders of what would be given up.
    pub fn orders(&self) -> Vec<OrderId> {
        let mut orders: Vec<OrderId> = match self {
            Ask::Refund(refund) => vec![refund.ask.order],
            Ask::Exchange(ask) => ask.returns.iter().map(|given| given.order).collect(),
            Ask::Purchase(_) | Ask::SavingsPlan(_) => Vec::new(),
        };
        orders.sort_unstable();
        orders.dedup();
        orders
    }

    /// The subscriptions that would pay.
    pub fn subscriptions(&self) -> Vec<SubscriptionId> {
        let mut paying: Vec<SubscriptionId> = match self {
            Ask::Refund(_) => Vec::new(),
            Ask::Exchange(ask) => {
                let bought = ask.purchases.iter().map(|wanted| wanted.billing_subscription);
                let plans = ask.savings_plans.iter().map(|wanted| wanted.billing_subscription);
                bought.chain(plans).collect()
            }
            Ask::Purchase(wanted) => vec![wanted.billing_subscription],
            Ask::SavingsPlan(wanted) => vec![wanted.billing_subscription],
        };
        paying.sort_unstable();
        paying.dedup();
        paying
    }

    /// What it is about, as a path.
    pub fn target(&self) -> String {
        match self {
            Ask::Refund(refund) => {
                format!("order/{}/reservation/{}", refund.ask.order, refund.ask.reservation)
            }
            Ask::Exchange(ask) => ask.returns.first().map_or_else(String::new, |given| {
                format!("order/{}/reservation/{}", given.order, given.reservation)
            }),
            Ask::Purchase(wanted) => format!("subscription/{}", wanted.billing_subscription),
            Ask::SavingsPlan(wanted) => format!("subscription/{}", wanted.billing_subscription),
        }
    }

    /// Prices it: the facts and the decision of the quote, whoever asks.
    pub(super) fn price(&self, tx: &mut Tx<'_>, app: &App, call: &Call) -> Result<Priced, Error> {
        match self {
            Ask::Refund(refund) => {
                let (held, decision) = refund::priced(tx, app, call, &refund.ask)?;
                Priced::new(decision, &[&held.account], Figures::of_refund)
            }
            Ask::Exchange(ask) => {
                let (facts, decision) = exchange::priced(tx, app, call, ask)?;
                let accounts: Vec<&BillingAccount> = facts.accounts().collect();
                Priced::new(decision, &accounts, Figures::of_exchange)
            }
            Ask::Purchase(wanted) => {
                let (account, decision) = purchase::priced(tx, app, call, wanted)?;
                Priced::new(decision, &[&account], Figures::of_purchase)
            }
            Ask::SavingsPlan(wanted) => {
                let facts = savings_plan::purchase::facts(tx, call, wanted)?;
                let decision = savings_plan::purchase::sold(app, call, &facts, wanted)?;
                Priced::new(decision, &[&facts.account], Figures::of_savings_plan)
            }
        }
    }

    /// Does it, by the right of the call: quotes it and carries the quote out, in one transaction.
    ///
    /// # Errors
    /// Those of the deed.
    pub(super) fn carry_out(
        &self,
        tx: &mut Tx<'_>,
        app: &App,
        call: &Call,
        id: RequestId,
        running: &Running,
    ) -> Result<Ended, Error> {
        let leave = Leave::Request(running);
        let operation = match self {
            Ask::Refund(Refund { ask, reason }) => {
                let session = refund::quote(tx, app, call, ask)?.session;
                let deed = refund::Deed {
                    order: ask.order,
                    session,
                    reservation: ask.reservation,
                    quantity: ask.quantity,
                    reason: reason.clone(),
                };
                refund::give_back_by(tx, app, call, &deed, leave)?;
                OperationId(session.0)
            }
            Ask::Exchange(ask) => {
                let session = exchange::quote(tx, app, call, ask)?.session;
                exchange::execute_by(tx, app, call, session, leave)?;
                OperationId(session.0)
            }
            Ask::Purchase(wanted) => {
                let quoted = purchase::quote(tx, app, call, wanted)?;
                purchase::buy_by(tx, app, call, quoted.order, wanted, leave)?;
                OperationId(quoted.order.0)
            }
            Ask::SavingsPlan(wanted) => {
                let name = format!("request-{id}");
                savings_plan::purchase::put_by(tx, app, call, &name, wanted, leave)?.operation
            }
        };
        let row = operations::load(tx, call.caller.tenant, operation)?
            .ok_or_else(|| Error::Broken(format!("operation `{operation}` was not recorded")))?;
        ended(&row)
    }
}

/// What an operation came to: some are recorded also when a rule says no.
fn ended(row: &Row) -> Result<Ended, Error> {
    #[derive(Deserialize)]
    struct Decided {
        decision: Judged,
    }
    #[derive(Deserialize)]
    struct Judged {
        refusal: Option<Refusal>,
    }
    if row.code.is_none() {
        return Ok(Ended::Done(row.id));
    }
    let refusal = serde_json::from_str::<Decided>(&row.doc)?.decision.refusal;
    let code = row.code.clone().unwrap_or_default();
    let reason = refusal.map_or_else(|| code.clone(), |refusal| refusal.reason);
    Ok(Ended::Failed { code, reason })
}

/// The kind of operation that a request of a kind leads to.
pub(crate) fn operation_kind(kind: Kind) -> OperationKind {
    match kind {
        Kind::Refund => OperationKind::Refund,
        Kind::Exchange => OperationKind::Exchange,
        Kind::Purchase => OperationKind::Purchase,
        Kind::SavingsPlan => OperationKind::SavingsPlanPurchase,
        Kind::TradeIn => OperationKind::TradeIn,
    }
}

/// What an operation of a request came to, as it was recorded.
///
/// # Errors
/// [`Error::Broken`] when the record is not what it should be.
pub(crate) fn figures_of(row: &Row, kind: Kind) -> Result<Option<Figures>, Error> {
    Ok(match kind {
        Kind::Refund => {
            type Made = Evidence<refunds::Facts, refunds::Request, refunds::Plan>;
            let read: Made = serde_json::from_str(&row.doc)?;
            let account = &read.facts.held.account;
            read.decision.plan().map(|plan| Figures::of_refund(plan, account)).transpose()?
        }
        Kind::Exchange | Kind::TradeIn => {
            type Made = Evidence<exchanges::Facts, exchanges::Request, exchanges::Plan>;
            let read: Made = serde_json::from_str(&row.doc)?;
            let (plan, account) = (read.decision.plan(), read.facts.accounts().next());
            let both = plan.zip(account);
            both.map(|(plan, account)| Figures::of_exchange(plan, account)).transpose()?
        }
        Kind::Purchase => {
            type Made = Evidence<buying::Facts, buying::Request, buying::Plan>;
            let read: Made = serde_json::from_str(&row.doc)?;
            let account = &read.facts.account;
            read.decision.plan().map(|plan| Figures::of_purchase(plan, account)).transpose()?
        }
        Kind::SavingsPlan => {
            type Made = Evidence<plan::Facts, plan::Request, plan::Plan>;
            let read: Made = serde_json::from_str(&row.doc)?;
            let account = &read.facts.account;
            read.decision.plan().map(|it| Figures::of_savings_plan(it, account)).transpose()?
        }
    })
}
