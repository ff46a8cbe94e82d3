//! Sending mail to people. The text and the recipients of mails are decided elsewhere.

pub mod mail;
