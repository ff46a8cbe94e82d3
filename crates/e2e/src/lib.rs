//! The harness of the end-to-end tests: the real program `weir`, run as a separate process and
//! used over HTTP. Nothing here depends on another crate of the workspace.

mod app;
mod client;
pub mod events;
mod figures;
mod live;
mod place;
mod program;
mod server;
mod shape;
mod wait;

pub use app::TestApp;
pub use client::{Answer, Call, Client};
pub use figures::{counts, rows};
pub use live::{Follow, News};
pub use place::Place;
pub use program::{Ended, binary, repository, run, say, weir};
pub use server::{Options, Server};
pub use shape::shape;
pub use wait::until;
