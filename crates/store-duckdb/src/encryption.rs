//! DuckDB's own encryption of the database file, its log and its temporary files.

use std::{
    env, fmt,
    fs::File,
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

/// How a store's files are encrypted (AES-256 in GCM).
#[derive(Clone)]
pub struct Encryption {
    key: Zeroizing<[u8; 32]>,
    /// The module that encrypts.
    pub module: CryptoModule,
}

/// The encryption code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CryptoModule {
    /// DuckDB's OpenSSL module: the file of its `httpfs` extension, in exactly libduckdb's version.
    OpenSsl(PathBuf),
    /// The code built into libduckdb. It derives its nonces from 64 bits of system randomness, as well as
    /// the key of temporary files, which is why DuckDB calls it unsafe.
    BuiltIn,
}

impl CryptoModule {
    /// The name of the module's file.
    pub const FILE: &str = "httpfs.duckdb_extension";

    /// The OpenSSL module next to the program or to libduckdb, if it exists.
    pub fn beside() -> Option<Self> {
        let program = env::current_exe().ok();
        let program = program.as_deref().and_then(Path::parent);
        let libraries = env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = program
            .map(Path::to_owned)
            .into_iter()
            .chain(env::split_paths(&libraries))
            .collect();
        folders
            .into_iter()
            .map(|folder| folder.join(Self::FILE))
            .find(|path| path.is_file())
            .map(Self::OpenSsl)
    }
}

impl Encryption {
    /// Encryption under a key of 32 bytes; `None` if it has another length.
    pub fn new(key: &[u8], module: CryptoModule) -> Option<Self> {
        let key = Zeroizing::new(key.try_into().ok()?);
        Some(Self { key, module })
    }

    /// The option for `ATTACH`. It contains the key.
    pub(crate) fn option(&self) -> Zeroizing<String> {
        let key = Zeroizing::new(STANDARD.encode(*self.key));
        Zeroizing::new(format!(
            "(ENCRYPTION_KEY '{}', ENCRYPTION_CIPHER 'GCM')",
            *key
        ))
    }
}

impl fmt::Debug for Encryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encryption")
            .field("module", &self.module)
            .finish_non_exhaustive()
    }
}

/// Whether a database file is encrypted; `None` if there is no such file. Fails if the file cannot be read or is
/// not a database of DuckDB.
pub fn is_encrypted(path: &Path) -> io::Result<Option<bool>> {
    // The file header: a checksum, "DUCK", the version, and flags; the first flag means encrypted.
    const MAGIC: usize = 8;
    const FLAGS: usize = 20;
    let mut head = [0; FLAGS + 1];
    let mut file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    file.read_exact(&mut head)?;
    if &head[MAGIC..MAGIC + 4] != b"DUCK" {
        return Err(io::Error::new(
            ErrorKind::InvalidData,
            "this is not a DuckDB file",
        ));
    }
    Ok(Some(head[FLAGS] & 1 == 1))
}
