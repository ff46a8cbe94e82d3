//! Mail: the port, and three ways behind it.

mod console;
mod directory;
mod smtp;

use std::fmt;

use async_trait::async_trait;

pub use console::ConsoleMailer;
pub use directory::DirectoryMailer;
pub use smtp::SmtpMailer;

/// A mail. Its text may hold a link that opens an account: it is for its reader alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The one address that it goes to.
    pub to: String,
    /// What it is about, in one line.
    pub subject: String,
    /// What it says, in lines.
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

/// Why a mail was not sent. The texts are for logs.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// An address that no mail can go to or come from.
    #[error("{0:?} is no address for mail")]
    Address(String),
    /// The mail could not be written as a file or to the console.
    #[error("mail could not be written: {0}")]
    Written(#[from] std::io::Error),
    /// The server of mails refused, or was not there.
    #[error("mail could not be sent: {0}")]
    Sent(String),
}

/// A way for mail.
#[async_trait]
pub trait Mailer: Send + Sync + fmt::Debug {
    /// Sends one mail; when it returns, somebody else answers for it.
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}

/// A mail as people read it.
fn written(mail: &Mail) -> String {
    // What is in a header must not begin another one.
    let line = |text: &str| text.replace(['\r', '\n'], " ");
    format!(
        "To: {}\nSubject: {}\n\n{}\n",
        line(&mail.to),
        line(&mail.subject),
        mail.text.trim_end()
    )
}
