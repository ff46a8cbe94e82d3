//! Mail by SMTP.

use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};

use super::{Mail, MailError, Mailer};

/// Sends mails by SMTP.
#[derive(Debug)]
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl SmtpMailer {
    /// A mailer that uses the server at a URL: `smtps://user:password@host` or
    /// `smtp://user:password@host:587?tls=required`. The sender of all mails is `from`.
    ///
    /// # Errors
    /// If the URL or the address is invalid.
    pub fn new(url: &str, from: &str) -> Result<Self, MailError> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|error| MailError::Sent(error.to_string()))?
            .build();
        Ok(Self {
            transport,
            from: mailbox(from)?,
        })
    }

    /// Checks the URL of a server, without connecting to it.
    ///
    /// # Errors
    /// If the URL is invalid; the message does not contain its password.
    pub fn check_url(url: &str) -> Result<(), MailError> {
        AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map(drop)
            .map_err(|error| MailError::Sent(error.to_string()))
    }

    /// Checks the address of a sender.
    ///
    /// # Errors
    /// If the address is invalid.
    pub fn check_sender(from: &str) -> Result<(), MailError> {
        mailbox(from).map(drop)
    }
}

fn mailbox(address: &str) -> Result<Mailbox, MailError> {
    let parsed = address.parse();
    parsed.map_err(|_| MailError::Address(address.to_owned()))
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let sent = |error: &dyn std::error::Error| MailError::Sent(error.to_string());
        let message = Message::builder()
            .from(self.from.clone())
            .to(mailbox(&mail.to)?)
            .subject(&mail.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.clone())
            .map_err(|error| sent(&error))?;
        let answer = self.transport.send(message).await;
        answer.map(|_| ()).map_err(|error| sent(&error))
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
        net::{TcpListener, TcpStream},
    };

    use super::*;

    /// Acts as a mail server for one mail; returns the lines received.
    async fn receive(stream: TcpStream) -> Vec<String> {
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        let (mut received, mut in_data) = (Vec::new(), false);
        writer.write_all(b"220 test\r\n").await.unwrap();
        while let Some(line) = lines.next_line().await.unwrap() {
            let answer: &[u8] = match (in_data, line.split(' ').next().unwrap_or_default()) {
                (true, ".") => {
                    in_data = false;
                    b"250 taken\r\n"
                }
                (true, _) => b"",
                (false, "DATA") => {
                    in_data = true;
                    b"354 go on\r\n"
                }
                (false, "QUIT") => b"221 bye\r\n",
                (false, _) => b"250 ok\r\n",
            };
            received.push(line.clone());
            writer.write_all(answer).await.unwrap();
            if line == "." || line == "QUIT" {
                break;
            }
        }
        received
    }

    #[tokio::test]
    async fn a_mail_is_sent_by_smtp() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            receive(stream).await
        });
        let mailer = SmtpMailer::new(&url, "Weir <weir@example.com>").unwrap();
        let mail = Mail {
            to: "ada@example.com".to_owned(),
            subject: "Hello".to_owned(),
            text: "Read this.".to_owned(),
        };
        mailer.send(&mail).await.unwrap();
        let received = server.await.unwrap();
        for line in [
            "MAIL FROM:<weir@example.com>",
            "RCPT TO:<ada@example.com>",
            "Subject: Hello",
            "Read this.",
        ] {
            assert!(
                received.iter().any(|received| received.starts_with(line)),
                "{line} in {received:?}"
            );
        }
    }

    #[tokio::test]
    async fn an_invalid_url_and_an_invalid_sender_are_refused() {
        assert!(SmtpMailer::new("http://example.com", "weir@example.com").is_err());
        assert!(SmtpMailer::new("smtp://127.0.0.1:1", "nobody").is_err());
    }
}
