//! The binary as people use it: command, output, exit code.

#[path = "it/client.rs"]
mod client;
#[path = "it/demo.rs"]
mod demo;
#[path = "it/import.rs"]
mod import;
#[path = "it/run.rs"]
mod run;
#[path = "it/serve.rs"]
mod serve;
#[path = "it/usage.rs"]
mod usage;
