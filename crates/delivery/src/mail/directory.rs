use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;

use super::{Mail, MailError, Mailer, written};

/// Writes every mail as a file of its own, readable by its owner only: for tests, and for a program
/// that collects them. A file appears whole.
#[derive(Debug)]
pub struct DirectoryMailer {
    folder: PathBuf,
    written: AtomicU64,
}

impl DirectoryMailer {
    /// A mailer into a folder, which is made if it is not there.
    ///
    /// # Errors
    /// If the folder cannot be made.
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
        file.write_all(written(mail).as_bytes())?;
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
    async fn every_mail_is_a_file_and_no_subject_begins_another_header() {
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
