//! What who runs the server sees of it, over all organisations and without their contents: how it fared, how
//! much it stores, and who uses it.

mod advice;
mod levels;
mod storage;
mod tally;
mod view;

pub(super) use tally::Tally;
pub use view::ServerView;
