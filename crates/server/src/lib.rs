//! The server: HTTP, the use cases behind it, and timers.
//!
//! `net` accepts connections; `http` parses, authorises and renders; `app` decides and changes; `jobs` are
//! steps that a timer calls. `http` and `jobs` call `app`, which imports neither. SQL, database drivers and
//! the command line do not belong in this crate.

pub mod app;
mod http;
pub mod jobs;
mod net;
mod run;
mod waiting;

pub use app::{App, Parts};
pub use http::{guard, openapi, router};
pub use net::{Peer, Tls, TlsError, TlsFiles};
pub use run::serve;
pub use waiting::Waiting;
