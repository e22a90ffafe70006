//! What the errors of the server mean.

use super::super::chain;
use super::Session;
use crate::StoreError;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

impl Session {
    /// Says what an error means, and notes whether the transaction should be run again.
    pub(super) fn explain(&mut self, error: &Error, sql: Option<&str>) -> StoreError {
        let reason = match sql {
            Some(sql) => format!("{} in `{sql}`", chain(error)),
            None => chain(error),
        };
        let Some(state) = error.code() else {
            if self.client.is_closed() || error.is_closed() {
                self.broken = true;
                let explained = StoreError::Busy(reason);
                self.again = Some(explained.clone());
                return explained;
            }
            return StoreError::Statement(reason);
        };
        if [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED].contains(state) {
            let explained = StoreError::Busy(reason);
            self.again = Some(explained.clone());
            return explained;
        }
        match (state.code().get(..2), state) {
            (_, &SqlState::DISK_FULL) => StoreError::Full(reason),
            (_, &SqlState::READ_ONLY_SQL_TRANSACTION) => StoreError::ReadOnly(reason),
            // P0001 is what the triggers raise that keep rows as they are.
            (Some("23"), _) | (_, &SqlState::RAISE_EXCEPTION) => StoreError::Constraint(reason),
            (Some("53"), _) => StoreError::Busy(reason),
            (Some("57"), _) => {
                // The server goes down or lost patience; another connection may do better.
                self.broken = true;
                let explained = StoreError::Busy(reason);
                self.again = Some(explained.clone());
                explained
            }
            (Some("58" | "XX"), _) => StoreError::Io(reason),
            _ => StoreError::Statement(reason),
        }
    }
}
