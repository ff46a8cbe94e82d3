//! The mails that Weir sends, written and sent beside the requests that cause them.

use std::{fmt, sync::Arc};

use tokio::sync::mpsc;
use weir_delivery::mail::{Mail, Mailer};

/// Mails that wait to be sent; more are dropped and the log says so.
const WAITING: usize = 1_000;

/// The way out for mails.
pub(crate) struct Post {
    queue: mpsc::Sender<Mail>,
    url: String,
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

impl Post {
    /// Sends through `mailer`; links in mails begin with `url`.
    pub fn new(mailer: Arc<dyn Mailer>, url: &str) -> Self {
        let (queue, mut waiting) = mpsc::channel::<Mail>(WAITING);
        tokio::spawn(async move {
            while let Some(mail) = waiting.recv().await {
                if let Err(error) = mailer.send(&mail).await {
                    tracing::error!(%error, subject = mail.subject, "a mail was not sent");
                }
            }
        });
        Self {
            queue,
            url: url.trim_end_matches('/').to_owned(),
        }
    }

    /// The address of a page with a secret. It stands behind the `#`, where no server and no log of a
    /// proxy sees it.
    pub fn link(&self, page: &str, token: &str) -> String {
        format!("{}/{page}#{token}", self.url)
    }

    /// Sends a mail; nobody waits for it.
    pub fn send(&self, mail: Mail) {
        if self.queue.try_send(mail).is_err() {
            tracing::error!("too many mails wait to be sent; one was dropped");
        }
    }
}

/// The mail with a way to a new password.
pub(super) fn reset(to: &str, link: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: "A new password for Weir".to_owned(),
        text: format!(
            "Somebody, probably you, asked for a new password.\n\n\
             Choose it here within an hour:\n{link}\n\n\
             If it was not you, do nothing: your password stays.\n"
        ),
    }
}

/// The mail that invites somebody.
pub(super) fn invitation(to: &str, tenant: &str, invited_by: &str, link: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: format!("{tenant} invites you to Weir"),
        text: format!(
            "{invited_by} invites you to {tenant} on Weir.\n\n\
             Come in here within seven days:\n{link}\n\n\
             If you do not know them, do nothing.\n"
        ),
    }
}
