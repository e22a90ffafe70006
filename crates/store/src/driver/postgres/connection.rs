//! A connection to the server, set up as every transaction here wants it.

use super::chain;
use crate::StoreError;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, Config, Error, NoTls};

/// Connects, and keeps the connection going on the runtime for as long as the client lives.
pub(super) fn open(runtime: &Runtime, config: &Config) -> Result<Client, StoreError> {
    let connecting = async {
        let (client, connection) = config.connect(NoTls).await?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(error = chain(&error), "a database connection ended");
            }
        });
        // Sequential reads take a lock on the whole table, with which every other transaction
        // then seems to conflict; and one plan a statement is enough for statements that all go
        // by a key.
        client
            .batch_execute("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan")
            .await?;
        Ok(client)
    };
    let connected: Result<Client, Error> = runtime.block_on(connecting);
    connected.map_err(|error| StoreError::Busy(format!("cannot connect: {}", chain(&error))))
}
