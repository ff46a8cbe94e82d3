//! Password hashing: argon2id with the default parameters of the crate `argon2` (19 MiB, two passes). Hashing
//! takes tens of milliseconds and runs on blocking threads.

use std::sync::{Arc, LazyLock};

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier, password_hash::SaltString};

use crate::{Entropy, MetaError};

/// A hash for accounts that do not exist. Verifying against it takes as long as any other verification, so
/// that the time does not reveal whether an e-mail address is known.
static DUMMY: LazyLock<String> =
    LazyLock::new(|| hash_with("nobody", b"weir nobody salt").unwrap_or_default());

/// Hashes a password with a random salt; returns a PHC string.
pub(crate) async fn hash(password: &str, entropy: &Arc<dyn Entropy>) -> Result<String, MetaError> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    let password = password.to_owned();
    on_blocking_thread(move || hash_with(&password, &salt)).await?
}

/// Whether the password matches the stored PHC string. `None` takes as long and never matches.
pub(crate) async fn verify(password: &str, stored: Option<String>) -> Result<bool, MetaError> {
    let password = password.to_owned();
    on_blocking_thread(move || {
        let known = stored.is_some();
        let phc = stored.unwrap_or_else(|| DUMMY.clone());
        let parsed = PasswordHash::new(&phc).map_err(|e| MetaError::Hashing(e.to_string()))?;
        let right = Argon2::default()
            .verify_password(password.as_bytes(), &parsed)
            .is_ok();
        Ok(known && right)
    })
    .await?
}

fn hash_with(password: &str, salt: &[u8]) -> Result<String, MetaError> {
    let failed = |e: argon2::password_hash::Error| MetaError::Hashing(e.to_string());
    let salt = SaltString::encode_b64(salt).map_err(failed)?;
    let hash = Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .map_err(failed)?;
    Ok(hash.to_string())
}

async fn on_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, MetaError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| MetaError::Hashing(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemEntropy;

    #[tokio::test]
    async fn only_the_right_password_of_a_known_person_verifies() {
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
        let stored = hash("correct horse", &entropy).await.unwrap();
        assert!(stored.starts_with("$argon2id$"), "{stored}");
        assert!(verify("correct horse", Some(stored.clone())).await.unwrap());
        assert!(!verify("wrong horse", Some(stored)).await.unwrap());
        assert!(!verify("nobody", None).await.unwrap());
    }

    #[test]
    fn the_dummy_hash_costs_as_much_as_any_other() {
        let parameters = |phc: &str| {
            phc.split('$')
                .take(4)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let other = hash_with("x", &[7; 16]).unwrap();
        assert_eq!(parameters(&DUMMY), parameters(&other));
    }
}
