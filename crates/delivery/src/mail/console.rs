//! Mail to standard output.

use std::io::Write;

use async_trait::async_trait;

use super::{Mail, MailError, Mailer, mail_text};

/// Writes mails to standard output, for trying out Weir on one's own machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct ConsoleMailer;

#[async_trait]
impl Mailer for ConsoleMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let text = format!("\n--- mail ---\n{}--- end of mail ---\n", mail_text(mail));
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()?;
        Ok(())
    }
}
