//! Mail: the port [`Mailer`] and its three adapters.

mod console;
mod directory;
mod smtp;

use std::fmt;

use async_trait::async_trait;

pub use console::ConsoleMailer;
pub use directory::DirectoryMailer;
pub use smtp::SmtpMailer;

/// A mail. Its text can contain a link that gives access to an account, so the debug form does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The address of its only recipient.
    pub to: String,
    /// The subject, in one line.
    pub subject: String,
    /// The text, in lines.
    pub text: String,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail")
            .field("to", &self.to)
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

/// Why a mail was not sent. The messages are for logs.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// An address that is not valid as a sender or recipient.
    #[error("{0:?} is not a valid mail address")]
    Address(String),
    /// The mail could not be written as a file or to the console.
    #[error("mail could not be written: {0}")]
    Written(#[from] std::io::Error),
    /// The URL of the mail server is invalid, or the server could not be reached or refused the mail.
    #[error("mail could not be sent: {0}")]
    Sent(String),
}

/// Sends mails.
#[async_trait]
pub trait Mailer: Send + Sync + fmt::Debug {
    /// Sends one mail. On success, the next system has accepted it. Fails if an address is invalid, or if the
    /// mail could not be handed over.
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}

/// A mail as readable text: two headers, an empty line and the text.
fn mail_text(mail: &Mail) -> String {
    // A line break in a header would start another header.
    let line = |text: &str| text.replace(['\r', '\n'], " ");
    format!(
        "To: {}\nSubject: {}\n\n{}\n",
        line(&mail.to),
        line(&mail.subject),
        mail.text.trim_end()
    )
}
