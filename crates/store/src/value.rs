use crate::packed::pack;
use jiff::Timestamp;
use jiff::civil::Date;
use prorata_domain::ids::{
    AssignmentId, EntryId, OperationId, OrderId, PrincipalId, RequestId, ReservationId,
    SavingsPlanId, SavingsPlanOrderId, SessionId, SubscriptionId, TenantId, WaiverId,
};
use prorata_ledger::{Currency, Money};
use rust_decimal::Decimal;
use std::borrow::Cow;
use uuid::Uuid;

/// A parameter of a statement. Columns are TEXT or 64-bit integers, so this is all there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Null,
    Int(i64),
    Text(Cow<'static, str>),
    /// Text too, in lower case with hyphens; a kind of its own to save an allocation.
    Id(Uuid),
}

impl Value {
    /// A text that is part of the program, such as a state's name.
    pub const fn fixed(text: &'static str) -> Value {
        Value::Text(Cow::Borrowed(text))
    }

    /// A long document, in a short form that [`crate::Row::packed`] reads.
    pub fn packed(text: &str) -> Value {
        Value::Text(Cow::Owned(pack(text).into_owned()))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Int(number)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Value::Int(number.into())
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Value::Int(number.into())
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Value::Int(flag.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(Cow::Owned(text.to_owned()))
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Value::Text(Cow::Owned(text.clone()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(Cow::Owned(text))
    }
}

impl From<Cow<'static, str>> for Value {
    fn from(text: Cow<'static, str>) -> Self {
        Value::Text(text)
    }
}

impl From<Uuid> for Value {
    fn from(id: Uuid) -> Self {
        Value::Id(id)
    }
}

impl From<Timestamp> for Value {
    fn from(instant: Timestamp) -> Self {
        Value::Int(instant.as_microsecond())
    }
}

impl From<Date> for Value {
    fn from(day: Date) -> Self {
        Value::Text(Cow::Owned(day.to_string()))
    }
}

/// The minor units alone; the currency has its own column.
impl From<Money> for Value {
    fn from(amount: Money) -> Self {
        Value::Int(amount.minor())
    }
}

impl From<Currency> for Value {
    fn from(currency: Currency) -> Self {
        Value::fixed(currency.code())
    }
}

impl From<Decimal> for Value {
    fn from(number: Decimal) -> Self {
        Value::Text(Cow::Owned(number.normalize().to_string()))
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

macro_rules! from_ids {
    ($($id:ident),*) => {$(
        impl From<$id> for Value {
            fn from(id: $id) -> Self {
                Value::Id(id.0)
            }
        }
    )*};
}

from_ids!(
    TenantId,
    SubscriptionId,
    PrincipalId,
    OrderId,
    ReservationId,
    SessionId,
    OperationId,
    EntryId,
    RequestId,
    AssignmentId,
    SavingsPlanOrderId,
    SavingsPlanId,
    WaiverId
);
