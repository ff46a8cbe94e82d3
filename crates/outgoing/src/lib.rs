//! The HTTP client for requests whose target an outside party can influence (webhooks, identity providers).
//! [`Client`] reaches public addresses only.
//!
//! This crate decides which addresses can be reached, resolves a name once and connects to exactly that
//! address, and limits time and size. What is requested, and why, is decided elsewhere.

mod address;
mod client;

pub use address::is_public;
pub use client::{Answer, Client, Method, OutgoingError, Policy, Request};
