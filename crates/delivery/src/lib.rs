//! What leaves Weir for people: mail. What may not live here: what the mails say, and to whom they go.

pub mod mail;
