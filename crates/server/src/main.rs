//! Footfall: web analytics in one binary.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test"))]

mod app;
mod cli;
mod clock;
mod config;
mod demo;
mod device_data;
mod foreign;
mod geo;
mod http;
mod mail;
mod metrics;
mod outbound;
mod settings;
mod tasks;
mod texts;
mod tls;
mod wiring;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run()
}
