//! End-to-end tests: the real program, used as its users do. Run `cargo build -p weir-cli` first.

#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in its helpers"
)]

mod activity;
mod annotations;
mod audit;
mod bad_bodies;
mod bad_events;
mod browser;
mod calendar;
mod cardinality;
mod changes;
mod cloud_events;
mod cohorts;
mod comparison;
mod costs;
mod crash;
mod dimensions;
mod earlier_data;
mod edge;
mod errors;
mod execution_identity;
mod executions;
mod generated;
mod hardening;
mod health;
mod identity;
mod imports;
mod journeys;
mod large_sums;
mod live;
mod messages;
mod nested_steps;
mod observability;
mod one_execution;
mod operations;
mod orders;
mod outputs;
mod personal;
mod pressure;
mod privacy;
mod process;
mod querying;
mod ranges;
mod real_log;
mod redaction;
mod retries;
mod rollup;
mod runs_again;
mod schemathesis;
mod scopes;
mod sealing;
mod sending;
mod service_levels;
mod session;
mod siege;
mod single_sign_on;
mod starts;
mod statistics;
mod totals;
mod trees;
mod usage;
mod views;
mod walk;
mod workflow_views;
