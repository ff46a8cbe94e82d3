//! Mail to files.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;

use super::{Mail, MailError, Mailer, mail_text};

/// Writes each mail to a separate file that only its owner can read, for tests and for programs that collect
/// the files. A file appears only when it is complete.
#[derive(Debug)]
pub struct DirectoryMailer {
    folder: PathBuf,
    written: AtomicU64,
}

impl DirectoryMailer {
    /// A mailer that writes to a folder, which is created if it is missing.
    ///
    /// # Errors
    /// If the folder cannot be created.
    pub fn new(folder: &Path) -> Result<Self, MailError> {
        fs::create_dir_all(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            written: AtomicU64::new(0),
        })
    }

    fn write(&self, mail: &Mail) -> Result<(), MailError> {
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let now = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%S%6f");
        let name = format!("{now}-{number}");
        let part = self.folder.join(format!(".{name}.part"));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&part)?;
        file.write_all(mail_text(mail).as_bytes())?;
        file.sync_all()?;
        fs::rename(part, self.folder.join(format!("{name}.eml")))?;
        Ok(())
    }
}

#[async_trait]
impl Mailer for DirectoryMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        self.write(mail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_mail_is_a_file_and_a_subject_cannot_inject_a_header() {
        let folder = tempfile::tempdir().unwrap();
        let mailer = DirectoryMailer::new(&folder.path().join("mail")).unwrap();
        let mail = Mail {
            to: "ada@example.com".to_owned(),
            subject: "Hello\nBcc: eve@example.com".to_owned(),
            text: "Read this.\n".to_owned(),
        };
        mailer.send(&mail).await.unwrap();
        mailer.send(&mail).await.unwrap();
        let files: Vec<_> = fs::read_dir(folder.path().join("mail"))
            .unwrap()
            .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
            .collect();
        let expected = "To: ada@example.com\nSubject: Hello Bcc: eve@example.com\n\nRead this.\n";
        assert_eq!(files, [expected, expected]);
    }
}
