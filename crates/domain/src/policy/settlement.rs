//! Agreements, ways of payment, and where the money of a refund goes.

use super::words::words;

words! {
    /// The kind of agreement that a billing account stands under.
    Agreement {
        /// Enterprise Agreement.
        Ea = "ea",
        /// Microsoft Customer Agreement.
        Mca = "mca",
        /// Cloud Solution Provider: a partner buys for its customer.
        Csp = "csp",
        /// Individual pay-as-you-go.
        Payg = "payg",
    }
}

words! {
    /// How a reservation was paid for.
    Payment {
        /// From the money an EA customer has committed beforehand.
        Prepayment = "prepayment",
        /// EA, beyond the prepayment.
        Overage = "overage",
        /// MCA, by wire transfer.
        Wire = "wire",
        Card = "card",
        /// By invoice, outside EA and MCA.
        Invoice = "invoice",
    }
}

words! {
    /// Where the money of a refund goes.
    Destination {
        /// Back to the EA Prepayment it came from.
        Prepayment = "prepayment",
        /// A credit of limited life, as the Prepayment term it was bought under has ended.
        CreditNinetyDays = "credit-90-days",
        /// A partial credit note; invoices stay as they are.
        CreditNote = "credit-note",
        /// A credit memo, with overage invoices re-rated (2019).
        CreditMemo = "credit-memo",
        /// The invoices are opened again and adjusted (2020 to 2023).
        ReopenedInvoice = "reopened-invoice",
        /// Set against the next month's invoice.
        NextInvoice = "next-invoice",
        /// Back to the card that paid.
        Card = "card",
        /// Held by the seller against a future reservation purchase.
        FuturePurchase = "future-purchase",
    }
}

/// Where the money of a refund goes, by agreement and payment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RefundSettlement {
    /// Days after which a credit for an ended Prepayment term lapses.
    pub credit_days: i64,
    /// A row per [`Agreement`], a column per [`Payment`], both in their order.
    table: [[Destination; Payment::ALL.len()]; Agreement::ALL.len()],
}

/// One line of the settlement: an agreement, one payment or (nothing) all its others, and where
/// the money goes.
pub type Route = (Agreement, Option<Payment>, Destination);

impl RefundSettlement {
    /// Every agreement needs a route for its other payments, so that no refund is without a
    /// destination.
    ///
    /// # Errors
    /// The agreement that has none.
    pub fn new(credit_days: i64, routes: &[Route]) -> Result<RefundSettlement, Agreement> {
        let mut table = [[Destination::FuturePurchase; Payment::ALL.len()]; Agreement::ALL.len()];
        for &agreement in Agreement::ALL {
            for &payment in Payment::ALL {
                let to = |wanted| {
                    let route =
                        routes.iter().find(|route| (route.0, route.1) == (agreement, wanted));
                    route.map(|route| route.2)
                };
                table[agreement as usize][payment as usize] =
                    to(Some(payment)).or_else(|| to(None)).ok_or(agreement)?;
            }
        }
        Ok(RefundSettlement { credit_days, table })
    }

    /// Where a refund goes; `prepayment_term_ended` tells whether the EA Prepayment term that the
    /// reservation was bought under is over.
    pub fn destination(
        &self,
        agreement: Agreement,
        payment: Payment,
        prepayment_term_ended: bool,
    ) -> Destination {
        match self.table[agreement as usize][payment as usize] {
            Destination::Prepayment if prepayment_term_ended => Destination::CreditNinetyDays,
            destination => destination,
        }
    }
}
