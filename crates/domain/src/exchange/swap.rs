//! The swap of a size for its premium-storage twin: what is held goes on as the twin, and nothing
//! is returned, bought, charged or started anew.
//!
//! An exchange is a swap when every return goes on as one purchase: the twin of its size, as many
//! units, the same region, term, billing plan and paying subscription. Anything else is an ordinary
//! exchange, and says what would have made it a swap.

use super::returns::returned_twice;
use super::{Facts, Notes, Plan, Request, position, rights};
use crate::decision::{Amount, Impossible, Line, Outcome, Subject};
use crate::ids::SubscriptionId;
use crate::policy::{ClauseId, Clauses, PremiumStorageSwap, SwapDirections};
use crate::proration::{finding, structural};
use crate::purchase;
use crate::refund::{is_live, self_service, standing};
use crate::reservation::{Commitment, Held};
use crate::term::utc_day;
use jiff::civil::Date;
use prorata_ledger::Money;
use serde::{Deserialize, Serialize};

/// The size that differs from a held one only in premium storage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Twin {
    pub sku: String,
    /// Whether the twin is the one of the two that has premium storage.
    pub has_premium: bool,
    /// The subscription that pays for what is held; a swap does not change it.
    pub billing_subscription: SubscriptionId,
}

/// Units of a reservation that go on as their twin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// Which of the returns it is, from 0.
    pub returned: usize,
    pub quantity: u32,
    /// Units that live on unchanged.
    pub kept: u32,
    /// What was agreed for the units, with the twin as its SKU.
    pub commitment: Commitment,
    pub title: String,
    /// The end of the term, which goes on.
    pub expires_on: Date,
}

/// What keeps a purchase from being the swap of a return, as what would have to be asked for.
type Misses = Vec<Line>;

/// For each purchase the return that goes on as it; nothing when the exchange is no swap.
pub(super) fn pairing(
    facts: &Facts,
    request: &Request,
    rule: &PremiumStorageSwap,
) -> Option<Vec<usize>> {
    if facts.returns.is_empty() || facts.returns.len() != facts.purchases.len() {
        return None;
    }
    let mut free: Vec<usize> = (0..facts.returns.len()).collect();
    // What two returns have in common with one purchase they have in common with each other, so
    // the first that fits is as good as any.
    let take = |bought| {
        let fits =
            |of: &usize| misses(facts, request, *of, bought, rule).is_some_and(|it| it.is_empty());
        let found = free.iter().position(fits)?;
        Some(free.remove(found))
    };
    (0..facts.purchases.len()).map(take).collect()
}

/// What would make a purchase the swap of a return; `None` where it does not ask for the twin.
fn misses(
    facts: &Facts,
    request: &Request,
    returned: usize,
    bought: usize,
    rule: &PremiumStorageSwap,
) -> Option<Misses> {
    let held = facts.returns.get(returned)?;
    let twin = facts.twins.get(returned)?.as_ref()?;
    let wanted = request.purchases.get(bought)?;
    if !wanted.sku.eq_ignore_ascii_case(&twin.sku) {
        return None;
    }
    let what = &held.commitment;
    let mut misses = Misses::new();
    let mut miss = |differs: bool, label: &'static str, amount: Amount| {
        if differs {
            misses.push(Line::new(label, amount));
        }
    };
    if !rule.allows(twin.has_premium) {
        let way = match rule.directions {
            SwapDirections::ToPremium => "only to a size with premium storage",
            SwapDirections::Both => "both ways",
        };
        miss(true, "swaps go", way.into());
    }
    let place = wanted.location.as_deref().unwrap_or_default().replace(' ', "");
    let units = request.returns.get(returned).copied().unwrap_or_default();
    miss(
        rule.same_region && !place.eq_ignore_ascii_case(&what.location),
        "a swap has location",
        what.location.clone().into(),
    );
    miss(rule.keeps_term && wanted.term != what.term, "a swap has term", what.term.as_str().into());
    miss(
        rule.same_plan && wanted.plan != what.plan,
        "a swap has billing plan",
        what.plan.as_str().into(),
    );
    miss(wanted.quantity != units, "a swap has quantity", Amount::Count(i64::from(units)));
    miss(
        wanted.billing_subscription != twin.billing_subscription,
        "a swap has billing scope",
        twin.billing_subscription.to_string().into(),
    );
    Some(misses)
}

/// Says of a purchase in an ordinary exchange that asks for the twin of a return why it is not its
/// swap, and what would be: of several returns, by the one that it is nearest to.
pub(super) fn why_not(
    notes: &mut Notes,
    facts: &Facts,
    request: &Request,
    bought: usize,
    clauses: &Clauses<'_>,
    about: Subject,
) {
    let rule = clauses.premium_storage_swap;
    let nearest = (0..facts.returns.len())
        .filter_map(|of| Some((of, misses(facts, request, of, bought, rule.value)?)))
        .min_by_key(|(_, misses)| misses.len());
    let Some((of, misses)) = nearest else { return };
    let mut lines = vec![Line::new("nearest to", Subject::Return(position(of)).to_string())];
    if misses.is_empty() {
        lines.push(Line::new("a swap needs", "each return and each purchase to be one"));
    }
    lines.extend(misses);
    notes.note(finding(rule, Some(about), Outcome::NotConcerned, lines), None);
}

/// Decides a swap: `pairs` names for each purchase the return that goes on as it.
///
/// # Errors
/// [`Impossible`] when recorded facts contradict each other.
pub(super) fn decide(
    notes: &mut Notes,
    facts: &Facts,
    request: &Request,
    pairs: &[usize],
    clauses: &Clauses<'_>,
    today: Date,
) -> Result<Option<Plan>, Impossible> {
    let mut given = 0;
    for (index, (held, quantity)) in facts.returns.iter().zip(&request.returns).enumerate() {
        let again = facts.returns[..index].iter().any(|one| one.reservation == held.reservation);
        given += usize::from(assess_return(notes, held, *quantity, again, clauses, today, index));
    }
    let mut swaps = Vec::with_capacity(pairs.len());
    for (index, of) in pairs.iter().enumerate() {
        swaps.extend(assess_twin(notes, facts, request, *of, index, clauses));
    }
    let currencies: Vec<_> =
        facts.returns.iter().map(|held| held.commitment.unit_total.currency()).collect();
    let currency = *currencies.first().ok_or(Impossible::Facts("a swap of nothing"))?;
    let nothing = Money::zero(currency);
    notes.note(
        structural(
            ClauseId::Currency,
            None,
            Outcome::Met,
            vec![Line::new("currencies", "as agreed: nothing is charged")],
        ),
        None,
    );
    super::cap_unconcerned(notes, clauses);
    let complete = given == facts.returns.len() && swaps.len() == facts.purchases.len();
    Ok(complete.then(|| Plan {
        returns: Vec::new(),
        purchases: Vec::new(),
        savings_plans: Vec::new(),
        swaps,
        carried: Vec::new(),
        refunds_total: nothing,
        purchases_total: nothing,
        net_payable: nothing,
        waivers: Vec::new(),
    }))
}

/// The clauses about what is swapped; whether it is there to be swapped at all.
fn assess_return(
    notes: &mut Notes,
    held: &Held,
    quantity: u32,
    again: bool,
    clauses: &Clauses<'_>,
    today: Date,
    index: usize,
) -> bool {
    let about = Subject::Return(position(index));
    let [state, counted] = standing(held, quantity, today, Some(about));
    notes.note(state.0, state.1);
    let counted = if again { returned_twice(held, counted.0) } else { counted };
    notes.note(counted.0, counted.1);
    let (outcome, refusal) = self_service(held, clauses);
    notes.note(finding(clauses.self_service, Some(about), outcome, Vec::new()), refusal);
    // A swap is no commercial event: it asks for no right and uses none up.
    rights::unconcerned(notes, held, clauses, about);
    !again && quantity > 0 && quantity <= held.quantity && is_live(held, today)
}

/// The clauses about the twin. It is not sold, so its price, its terms and a stop of its sale do
/// not matter; it has to be there in the region, and the applied scope has to do.
fn assess_twin(
    notes: &mut Notes,
    facts: &Facts,
    request: &Request,
    of: usize,
    index: usize,
    clauses: &Clauses<'_>,
) -> Option<Swap> {
    let about = Subject::Purchase(position(index));
    let (asked, asked_facts) = (request.purchases.get(index)?, facts.purchases.get(index)?);
    let held = facts.returns.get(of)?;
    for (found, refusal) in [
        purchase::quantity(asked, Some(about)),
        purchase::sellable(asked_facts, asked, Some(about)),
        purchase::applied_scope(asked_facts.scope_fault.as_deref(), Some(about)),
    ] {
        notes.note(found, refusal);
    }
    let offer = asked_facts.offer.as_ref()?;
    let nothing = Money::zero(held.commitment.unit_total.currency());
    let lines = vec![
        Line::new("goes on from", Subject::Return(position(of)).to_string()),
        Line::new("twin of", held.commitment.sku.clone()),
        Line::new("charge", nothing),
        Line::new("purchase date stays", utc_day(held.purchased_at)),
        Line::new("term goes on until", held.expires_on),
    ];
    notes.note(finding(clauses.premium_storage_swap, Some(about), Outcome::Met, lines), None);
    Some(Swap {
        returned: of,
        quantity: asked.quantity,
        kept: held.quantity.saturating_sub(asked.quantity),
        commitment: Commitment { sku: offer.sku.clone(), ..held.commitment.clone() },
        title: offer.title.clone(),
        expires_on: held.expires_on,
    })
}
