//! Our two kinds of value in PostgreSQL's binary form.

use crate::Value;
use std::error::Error;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Value::Null => return Ok(IsNull::Yes),
            Value::Int(number) if *kind == Type::INT8 => {
                out.extend_from_slice(&number.to_be_bytes());
            }
            Value::Text(text) if *kind == Type::TEXT => out.extend_from_slice(text.as_bytes()),
            Value::Id(id) if *kind == Type::TEXT => {
                let mut letters = uuid::Uuid::encode_buffer();
                let text: &str = id.as_hyphenated().encode_lower(&mut letters);
                out.extend_from_slice(text.as_bytes());
            }
            Value::Int(_) | Value::Text(_) | Value::Id(_) => {
                return Err(format!("the parameter is a {kind} to the database").into());
            }
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A column as it came.
pub(super) enum Column<'a> {
    Null,
    Int(i64),
    Text(&'a str),
}

impl<'a> FromSql<'a> for Column<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        match *kind {
            Type::INT8 => Ok(Column::Int(i64::from_be_bytes(raw.try_into()?))),
            Type::INT4 => Ok(Column::Int(i32::from_be_bytes(raw.try_into()?).into())),
            Type::TEXT | Type::VARCHAR | Type::NAME => Ok(Column::Text(std::str::from_utf8(raw)?)),
            _ => Err(format!("columns of type {kind} are not portable").into()),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Column::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
