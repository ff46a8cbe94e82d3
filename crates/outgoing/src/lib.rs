//! The one way out: requests that somebody outside has a say in (webhooks, identity providers) go
//! through [`Client`] and reach public addresses only.
//!
//! What lives here: which addresses may be reached, resolving once and connecting to what was resolved,
//! TLS, and bounds on time and size. What may not: what is asked and why.

mod address;
mod client;

pub use address::is_public;
pub use client::{Answer, Client, Method, OutgoingError, Policy, Request};
