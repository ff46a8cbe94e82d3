//! A cache of API keys that were verified a moment ago.

use std::{collections::HashMap, sync::Mutex};

use weir_model::Timestamp;

use crate::{Principal, secrets::Hash};

/// The cache holds at most this many keys.
const MOST_KEYS: usize = 10_000;

/// API keys that were verified a moment ago, because small requests arrive thousands of times a second.
#[derive(Default)]
pub(crate) struct KeyCache(Mutex<Cached>);

#[derive(Default)]
struct Cached {
    keys: HashMap<Hash, CachedKey>,
    /// Number of times the cache was cleared. A key that was read before a clearing is not cached after it.
    clearings: u64,
}

/// A verified key and the time during which it is trusted: from `from` (inclusive) to `until` (exclusive).
pub(crate) struct CachedKey {
    pub principal: Principal,
    pub from: Timestamp,
    pub until: Timestamp,
}

impl KeyCache {
    /// The principal of a key, if it is cached and still trusted.
    pub fn get(&self, hash: &Hash, now: Timestamp) -> Option<Principal> {
        let cached = self.0.lock().ok()?;
        let key = cached.keys.get(hash)?;
        let fresh = key.from <= now && now < key.until;
        fresh.then(|| key.principal.clone())
    }

    /// How often the cache was cleared; to be read before the key is read from the database.
    pub fn clearings(&self) -> u64 {
        self.0.lock().map_or(0, |cached| cached.clearings)
    }

    /// Caches a key, unless the cache was cleared since `clearings` was read.
    pub fn put(&self, hash: Hash, key: CachedKey, clearings: u64) {
        let Ok(mut cached) = self.0.lock() else {
            return;
        };
        if cached.clearings != clearings {
            return;
        }
        if cached.keys.len() >= MOST_KEYS {
            cached.keys.clear();
        }
        cached.keys.insert(hash, key);
    }

    /// Clears the cache.
    pub fn clear(&self) {
        if let Ok(mut cached) = self.0.lock() {
            cached.keys.clear();
            cached.clearings += 1;
        }
    }
}
