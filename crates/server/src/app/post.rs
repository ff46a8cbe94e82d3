//! The mails that Weir sends. They are sent in the background, so that no request waits for them.

use std::{fmt, sync::Arc};

use tokio::sync::mpsc;
use weir_delivery::mail::{Mail, Mailer};

/// The most mails that wait to be sent; more are dropped, and the drop is logged.
const WAITING: usize = 1_000;

/// Writes and sends mails.
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
    /// Sends through `mailer`; links in mails start with `url`.
    pub fn new(mailer: Arc<dyn Mailer>, url: &str) -> Self {
        let (queue, mut waiting) = mpsc::channel::<Mail>(WAITING);
        tokio::spawn(async move {
            while let Some(mail) = waiting.recv().await {
                if let Err(error) = mailer.send(&mail).await {
                    tracing::error!(%error, subject = mail.subject, "could not send a mail");
                }
            }
        });
        Self {
            queue,
            url: url.trim_end_matches('/').to_owned(),
        }
    }

    /// A link to a page with a secret. The secret follows the `#`, so neither servers nor proxy logs see it.
    pub fn link(&self, page: &str, token: &str) -> String {
        format!("{}/{page}#{token}", self.url)
    }

    /// Queues a mail.
    pub fn send(&self, mail: Mail) {
        if self.queue.try_send(mail).is_err() {
            tracing::error!("too many mails are waiting to be sent; one was dropped");
        }
    }
}

/// The mail with a password reset link.
pub(super) fn reset(to: &str, link: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: "Reset your Weir password".to_owned(),
        text: format!(
            "Someone, probably you, asked to reset your Weir password.\n\n\
             To choose a new one, open this link within an hour:\n{link}\n\n\
             If it was not you, ignore this mail: your password stays the same.\n"
        ),
    }
}

/// The mail with an invitation.
pub(super) fn invitation(to: &str, tenant: &str, invited_by: &str, link: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: format!("{tenant} invites you to Weir"),
        text: format!(
            "{invited_by} invites you to join {tenant} on Weir.\n\n\
             To accept, open this link within seven days:\n{link}\n\n\
             If you do not know them, ignore this mail.\n"
        ),
    }
}
