use std::io::Write;

use async_trait::async_trait;

use super::{Mail, MailError, Mailer, written};

/// Writes mails to standard output: for those who try Weir on their own machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct ConsoleMailer;

#[async_trait]
impl Mailer for ConsoleMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let text = format!("\n--- mail ---\n{}--- end of mail ---\n", written(mail));
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()?;
        Ok(())
    }
}
