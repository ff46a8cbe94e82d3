//! Limits on failed login attempts, per account and per address, with growing delays.

use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    sync::Mutex,
};

use weir_model::{
    Timestamp,
    time::{HOUR, MINUTE, SECOND},
};

use super::{AppError, ErrorCode};

/// Failures without a delay: of an account, and of an address, which many people can share.
const FREE_OF_ACCOUNT: u32 = 5;
const FREE_OF_ADDRESS: u32 = 20;
/// The longest delay, in milliseconds. An account's is shorter, so that an attacker cannot lock its owner
/// out.
const LONGEST_OF_ACCOUNT: i64 = 5 * MINUTE;
const LONGEST_OF_ADDRESS: i64 = 15 * MINUTE;
/// Failures are forgotten after this long without another one.
const REMEMBERED_MS: i64 = HOUR;
/// The most accounts, and the most addresses, remembered.
const MOST: usize = 20_000;

/// The failures of accounts and addresses.
#[derive(Debug, Default)]
pub(super) struct Attempts(Mutex<Failed>);

#[derive(Debug, Default)]
struct Failed {
    accounts: HashMap<String, Failures>,
    addresses: HashMap<IpAddr, Failures>,
}

/// Consecutive failures.
#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: Timestamp,
    /// Whether an attempt has been refused since the last failure.
    refused: bool,
}

/// The refusal of an attempt during a delay.
#[derive(Debug)]
pub(super) struct TooEarly {
    /// The error for the caller.
    pub error: AppError,
    /// Whether it is the first refusal during this delay; the others need not be recorded.
    pub first: bool,
}

impl Failures {
    fn none(now: Timestamp) -> Self {
        Self {
            count: 0,
            last: now,
            refused: false,
        }
    }

    /// How long the next attempt has to wait from now, in milliseconds.
    fn left(&self, now: Timestamp, free: u32, longest: i64) -> i64 {
        let delay = match self.count.checked_sub(free) {
            Some(over) => (SECOND << over.min(20)).min(longest),
            None => 0,
        };
        self.last.0 + delay - now.0
    }

    fn check(&mut self, now: Timestamp, free: u32, longest: i64) -> Result<(), TooEarly> {
        if now.0 - self.last.0 >= REMEMBERED_MS {
            self.count = 0;
        }
        let left = self.left(now, free, longest);
        if left <= 0 {
            return Ok(());
        }
        let first = !std::mem::replace(&mut self.refused, true);
        Err(TooEarly {
            error: wait(left),
            first,
        })
    }

    fn count(&mut self, now: Timestamp) {
        self.count += 1;
        self.last = now;
        self.refused = false;
    }
}

impl Attempts {
    /// Counts an attempt before it is made, as a failure until [`Attempts::succeeded`] is called, so that
    /// concurrent attempts cannot evade the limit. Fails during a delay. Without an account, only the address
    /// is counted, whatever the outcome of the request.
    pub fn begin(
        &self,
        account: Option<&str>,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<(), TooEarly> {
        let Ok(mut known) = self.0.lock() else {
            let error = AppError::internal("the lock of login attempts is poisoned");
            return Err(TooEarly { error, first: true });
        };
        let Failed {
            accounts,
            addresses,
        } = &mut *known;
        make_room(accounts, now);
        make_room(addresses, now);
        let mut account = account.map(|account| {
            accounts
                .entry(normal(account))
                .or_insert(Failures::none(now))
        });
        let mut address = address.map(|address| {
            addresses
                .entry(network(address))
                .or_insert(Failures::none(now))
        });
        if let Some(account) = &mut account {
            account.check(now, FREE_OF_ACCOUNT, LONGEST_OF_ACCOUNT)?;
        }
        if let Some(address) = &mut address {
            address.check(now, FREE_OF_ADDRESS, LONGEST_OF_ADDRESS)?;
        }
        for failures in [account, address].into_iter().flatten() {
            failures.count(now);
        }
        Ok(())
    }

    /// Notes a fully successful attempt: clears the account's failures, and takes one off the address's.
    pub fn succeeded(&self, account: &str, address: Option<IpAddr>) {
        self.did_not_fail(account, address);
        if let Ok(mut known) = self.0.lock() {
            known.accounts.remove(&normal(account));
        }
    }

    /// Notes an attempt that did not fail but was not a full login: earlier failures still count. A correct
    /// password must not allow further guesses of codes.
    pub fn did_not_fail(&self, account: &str, address: Option<IpAddr>) {
        let Ok(mut known) = self.0.lock() else { return };
        if let Some(failures) = known.accounts.get_mut(&normal(account)) {
            failures.count = failures.count.saturating_sub(1);
        }
        let address = address.map(network);
        if let Some(failures) = address.and_then(|address| known.addresses.get_mut(&address)) {
            failures.count = failures.count.saturating_sub(1);
        }
    }
}

fn make_room<K: Hash + Eq>(known: &mut HashMap<K, Failures>, now: Timestamp) {
    if known.len() >= MOST {
        known.retain(|_, failures| now.0 - failures.last.0 < REMEMBERED_MS);
    }
    if known.len() >= MOST {
        known.clear();
    }
}

/// An account in the form in which it is counted.
fn normal(account: &str) -> String {
    account.trim().to_lowercase()
}

fn wait(milliseconds: i64) -> AppError {
    let seconds = milliseconds.div_euclid(SECOND) + 1;
    let detail = format!("Too many attempts failed. You can try again in {seconds} s.");
    AppError::new(ErrorCode::TooManyAttempts, detail)
        .retry_after(u32::try_from(seconds).unwrap_or(u32::MAX))
}

/// The network that an address is counted by: with IPv6, a whole /64, which is what one client has.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let kept = u128::from(v6) >> 64 << 64;
            Ipv6Addr::from(kept).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_700_000_000_000);

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn the_delay_of_an_account_doubles_up_to_a_maximum() {
        let attempts = Attempts::default();
        let mut now = START;
        let mut delays = Vec::new();
        for number in 0..20 {
            // Each attempt comes from another address, so only the account is counted.
            let from = address(&format!("192.0.2.{number}"));
            if let Err(refused) = attempts.begin(Some("Ada@example.com"), from, now) {
                assert!(refused.first);
                assert_eq!(refused.error.code, ErrorCode::TooManyAttempts);
                let seconds = refused.error.retry_after.unwrap();
                delays.push(seconds - 1);
                now = now.plus(i64::from(seconds) * SECOND);
                attempts.begin(Some(" ada@example.com"), from, now).unwrap();
            }
        }
        assert_eq!(delays[..9], [1, 2, 4, 8, 16, 32, 64, 128, 256]);
        assert!(delays[9..].iter().all(|delay| *delay == 300), "{delays:?}");
        attempts.succeeded("ada@example.com", None);
        for _ in 0..FREE_OF_ACCOUNT {
            attempts.begin(Some("ada@example.com"), None, now).unwrap();
        }
    }

    #[test]
    fn an_address_that_tries_many_accounts_has_to_wait() {
        let attempts = Attempts::default();
        for number in 0..FREE_OF_ADDRESS {
            // One client has a whole IPv6 network.
            let from = address(&format!("2001:db8::{number:x}"));
            attempts
                .begin(Some(&format!("{number}@example.com")), from, START)
                .unwrap();
        }
        let refused = attempts.begin(Some("x@example.com"), address("2001:db8::ffff"), START);
        assert!(refused.is_err());
        let elsewhere = attempts.begin(Some("x@example.com"), address("2001:db8:1::1"), START);
        assert!(elsewhere.is_ok());
    }

    #[test]
    fn a_partial_success_does_not_clear_failures() {
        let attempts = Attempts::default();
        for _ in 0..FREE_OF_ACCOUNT {
            attempts
                .begin(Some("ada@example.com"), None, START)
                .unwrap();
            attempts.did_not_fail("ada@example.com", None);
            attempts
                .begin(Some("ada@example.com"), None, START)
                .unwrap();
        }
        assert!(
            attempts
                .begin(Some("ada@example.com"), None, START)
                .is_err()
        );
    }

    #[test]
    fn failures_are_forgotten_after_an_hour_without_one() {
        let attempts = Attempts::default();
        for _ in 0..FREE_OF_ACCOUNT {
            attempts
                .begin(Some("ada@example.com"), None, START)
                .unwrap();
        }
        for first in [true, false, false] {
            let refused = attempts.begin(Some("ada@example.com"), None, START);
            assert_eq!(refused.unwrap_err().first, first);
        }
        let later = START.plus(REMEMBERED_MS);
        for _ in 0..FREE_OF_ACCOUNT {
            attempts
                .begin(Some("ada@example.com"), None, later)
                .unwrap();
        }
    }
}
