//! The server: HTTP in front, use cases behind it, timers beside it.
//!
//! `http` parses, authorises and renders; `app` decides; `jobs` are steps that a timer calls. `http`
//! and `jobs` call `app`, and `app` knows neither. What may not live here: SQL, a database driver,
//! the command line.

pub mod app;
mod http;
pub mod jobs;
mod net;
mod run;
mod waiting;

pub use app::{App, Parts};
pub use http::{Peer, guard, openapi, router};
pub use net::{Tls, TlsError, TlsFiles};
pub use run::serve;
pub use waiting::Waiting;
