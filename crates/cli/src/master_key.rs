//! The master key: in `WEIR_MASTER_KEY`, or in a file of the data directory that the first start creates. The file
//! contains one key per line, the current one first.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use anyhow::{Context, Result, bail};
use weir_meta::{MasterKey, Sealer, SystemEntropy};

/// The variable with the current key.
pub const CURRENT: &str = "WEIR_MASTER_KEY";
/// The variable with the keys that it replaced, separated by commas: they open what has not been sealed again.
pub const PREVIOUS: &str = "WEIR_MASTER_KEY_PREVIOUS";
/// The file's name.
pub const FILE: &str = "master.key";

/// Master keys, the current one first.
#[derive(Debug)]
pub struct Keys {
    /// Whether the current one came from the environment.
    pub given: bool,
    keys: Vec<MasterKey>,
}

impl Keys {
    /// The keys of a data directory. Creates the file if there is neither a variable nor a file. `variable` returns
    /// the value of an environment variable. Fails if a key is not valid, or the file cannot be read or created.
    pub fn load(folder: &Path, variable: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let path = folder.join(FILE);
        if variable(CURRENT).is_none() && !path.exists() {
            make(&path)?;
        }
        Self::find(folder, variable)
    }

    /// Like [`Keys::load`], but creates nothing, so there may be no key.
    pub fn find(folder: &Path, variable: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let path = folder.join(FILE);
        let mut keys = Vec::new();
        let given = variable(CURRENT);
        for (name, text) in [(CURRENT, given.clone()), (PREVIOUS, variable(PREVIOUS))] {
            let Some(text) = text else { continue };
            if text.split(',').all(|part| part.trim().is_empty()) {
                bail!(wrong(name, ""));
            }
            for part in text.split(',').filter(|part| !part.trim().is_empty()) {
                let key = MasterKey::parse(part);
                keys.push(key.with_context(|| wrong(name, part))?);
            }
        }
        if path.exists() {
            let of_the_file = read(&path)?;
            match given {
                Some(_) => keys.extend(of_the_file),
                None => keys.splice(0..0, of_the_file).for_each(drop),
            }
        }
        Ok(Self {
            given: given.is_some(),
            keys,
        })
    }

    /// Where the current key comes from: the variable's name or the file's path, for messages.
    pub fn place(&self, folder: &Path) -> String {
        match self.given {
            true => CURRENT.to_owned(),
            false => folder.join(FILE).display().to_string(),
        }
    }

    /// A sealer that seals with the current key and opens with any of them. Fails if there is no key.
    pub fn sealer(&self) -> Result<Sealer> {
        let (current, earlier) = self.keys.split_first().context("there is no master key")?;
        Ok(Sealer::new(current.clone(), earlier.to_vec()))
    }

    /// Generates a new current key and writes it into the file, before the others. Fails if the file cannot be
    /// written.
    pub fn renew(mut self, folder: &Path) -> Result<Self> {
        self.keys.insert(0, MasterKey::generate(&SystemEntropy));
        write(&folder.join(FILE), &self.keys)?;
        Ok(self)
    }

    /// Removes all keys but the current one from the file. Fails if the file cannot be written.
    pub fn forget_earlier(mut self, folder: &Path) -> Result<()> {
        self.keys.truncate(1);
        write(&folder.join(FILE), &self.keys)
    }
}

fn read(path: &Path) -> Result<Vec<MasterKey>> {
    let shown = path.display();
    let mode = fs::metadata(path)
        .with_context(|| format!("cannot read {shown}"))?
        .permissions()
        .mode();
    if mode & 0o077 != 0 {
        bail!("{shown} must be readable by its owner only: `chmod 600 {shown}`");
    }
    let text = zeroize::Zeroizing::new(
        fs::read_to_string(path).with_context(|| format!("cannot read {shown}"))?,
    );
    if text.trim().is_empty() {
        bail!("{shown} is empty: restore it from a backup");
    }
    let lines = text.lines().enumerate();
    let lines = lines.filter(|(_, text)| !text.trim().is_empty());
    let keys = lines.map(|(line, text)| {
        let name = format!("line {} of {shown}", line + 1);
        let key = MasterKey::parse(text);
        key.with_context(|| format!("{}; restore the file from a backup", wrong(&name, text)))
    });
    keys.collect()
}

/// What is wrong with a key, without revealing any character of it.
fn wrong(name: &str, text: &str) -> String {
    let what = match text.trim().chars().count() {
        0 => "is empty".to_owned(),
        length => format!("contains {length} characters that are not a key"),
    };
    format!(
        "{name} {what}: a master key is 32 bytes as base64 (44 characters) or as 64 hexadecimal digits, such as \
         `openssl rand -hex 32` prints"
    )
}

/// Creates the file with one new key, unless another process has just created it.
fn make(path: &Path) -> Result<()> {
    let new = path.with_extension(format!("{}.new", std::process::id()));
    put(&new, &[MasterKey::generate(&SystemEntropy)])?;
    let made = fs::hard_link(&new, path);
    fs::remove_file(&new)?;
    match made {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("cannot create {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Replaces the file atomically.
fn write(path: &Path, keys: &[MasterKey]) -> Result<()> {
    let new = path.with_extension("key.new");
    put(&new, keys)?;
    fs::rename(&new, path).with_context(|| format!("cannot write {}", path.display()))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::File::open(folder)?.sync_all()?;
    Ok(())
}

fn put(path: &Path, keys: &[MasterKey]) -> Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    for key in keys {
        writeln!(file, "{}", *key.to_text())?;
    }
    file.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unset(_: &str) -> Option<String> {
        None
    }

    fn current(keys: &Keys) -> String {
        keys.sealer().unwrap().current().to_string()
    }

    #[test]
    fn the_first_start_creates_a_file_that_only_its_owner_can_read_and_the_next_start_finds_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = Keys::load(folder.path(), unset).unwrap();
        let mode = fs::metadata(folder.path().join(FILE))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        let again = Keys::load(folder.path(), unset).unwrap();
        assert_eq!(current(&first), current(&again));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_others_can_read_or_that_contains_no_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        Keys::load(folder.path(), unset).unwrap();
        let path = folder.path().join(FILE);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = Keys::load(folder.path(), unset).unwrap_err();
        assert!(error.to_string().contains("chmod 600"), "{error}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let key = "07".repeat(32);
        for (text, says) in [
            ("", "is empty"),
            ("  \n", "is empty"),
            (&key[1..], "line 1"),
            ("a key that someone made up!", "27 characters"),
            (&format!("{key}\n\u{fffd}\n"), "line 2"),
        ] {
            fs::write(&path, text).unwrap();
            let error = format!("{:#}", Keys::load(folder.path(), unset).unwrap_err());
            assert!(error.contains(FILE) && error.contains(says), "{error}");
            assert!(!error.contains("made up"), "{error}");
        }
        fs::write(&path, [0xff, 0xfe]).unwrap();
        let error = format!("{:#}", Keys::load(folder.path(), unset).unwrap_err());
        assert!(error.contains(FILE), "{error}");
    }

    #[test]
    fn a_variable_without_a_valid_key_is_refused_by_name_and_no_file_is_created() {
        let folder = tempfile::tempdir().unwrap();
        for text in ["  ", ",", "07", "0707,", &"0".repeat(63), &"é".repeat(32)] {
            for wrong in [CURRENT, PREVIOUS] {
                let given = |name: &str| match name == wrong {
                    true => Some(text.to_owned()),
                    false => (name == CURRENT).then(|| "07".repeat(32)),
                };
                let error = format!("{:#}", Keys::load(folder.path(), given).unwrap_err());
                assert!(error.contains(wrong), "{error}");
                assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
            }
        }
    }

    #[test]
    fn the_key_in_the_variable_is_the_current_one_and_those_in_the_file_still_open() {
        let folder = tempfile::tempdir().unwrap();
        let file = Keys::load(folder.path(), unset).unwrap();
        let given = |name: &str| (name == CURRENT).then(|| "07".repeat(32));
        let both = Keys::load(folder.path(), given).unwrap();
        assert!(both.given && both.keys.len() == 2);
        assert_ne!(current(&both), current(&file));
        let bad = |name: &str| (name == PREVIOUS).then(|| "07".repeat(31));
        let error = Keys::load(folder.path(), bad).unwrap_err();
        assert!(error.to_string().contains(PREVIOUS), "{error}");
    }

    #[test]
    fn a_renewed_file_contains_both_keys_until_the_earlier_one_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let first = Keys::load(folder.path(), unset).unwrap();
        let old = current(&first);
        let renewed = first.renew(folder.path()).unwrap();
        let read = Keys::load(folder.path(), unset).unwrap();
        assert_eq!((read.keys.len(), current(&read)), (2, current(&renewed)));
        assert_ne!(current(&read), old);
        renewed.forget_earlier(folder.path()).unwrap();
        let last = Keys::load(folder.path(), unset).unwrap();
        assert_eq!((last.keys.len(), current(&last)), (1, current(&read)));
    }
}
