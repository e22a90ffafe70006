use crate::{Account, Currency, Money, MoneyError};
use serde::{Deserialize, Serialize};

/// One line of an entry: a debit when the amount is positive, a credit when it is negative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    pub account: Account,
    pub amount: Money,
}

/// A journal entry whose postings sum to nothing in each currency.
///
/// There is no way to build one that does not balance, and none to change one: what was posted
/// is corrected by a further entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Posting>", into = "Vec<Posting>")]
pub struct Entry {
    postings: Vec<Posting>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    #[error("an entry needs at least two postings that are not zero")]
    TooFew,
    #[error("the postings in {currency} are out of balance by {minor} minor units")]
    Unbalanced { currency: Currency, minor: i64 },
    #[error(transparent)]
    Amount(#[from] MoneyError),
}

impl Entry {
    /// Builds an entry from its postings; postings of zero are left out.
    ///
    /// # Errors
    /// [`EntryError::Unbalanced`] names the first currency that does not sum to zero;
    /// [`EntryError::TooFew`] when fewer than two postings remain.
    pub fn new(postings: Vec<Posting>) -> Result<Entry, EntryError> {
        let postings: Vec<Posting> =
            postings.into_iter().filter(|posting| !posting.amount.is_zero()).collect();
        if postings.len() < 2 {
            return Err(EntryError::TooFew);
        }
        let mut sums: Vec<Money> = Vec::with_capacity(1);
        for posting in &postings {
            match sums.iter_mut().find(|sum| sum.currency() == posting.amount.currency()) {
                Some(sum) => *sum = sum.plus(posting.amount)?,
                None => sums.push(posting.amount),
            }
        }
        match sums.into_iter().find(|sum| !sum.is_zero()) {
            Some(sum) => {
                Err(EntryError::Unbalanced { currency: sum.currency(), minor: sum.minor() })
            }
            None => Ok(Entry { postings }),
        }
    }

    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }
}

impl TryFrom<Vec<Posting>> for Entry {
    type Error = EntryError;
    fn try_from(postings: Vec<Posting>) -> Result<Self, Self::Error> {
        Entry::new(postings)
    }
}

impl From<Entry> for Vec<Posting> {
    fn from(entry: Entry) -> Self {
        entry.postings
    }
}
