//! Rate limits for each key, person and address: token buckets (GCRA) that start full, so that a page can
//! request all its figures at once, and refill evenly over a minute.

use std::{hash::Hash, num::NonZeroU32, time::Duration};

use governor::{
    NotUntil, Quota, RateLimiter,
    clock::{Clock, MonotonicClock, Reference},
    middleware::StateInformationMiddleware,
    state::keyed::HashMapStateStore,
};
use parking_lot::RwLock;
use uuid::Uuid;
use weir_meta::{Principal, Who};

use std::net::{IpAddr, Ipv6Addr};

use super::{AppError, ErrorCode, settings::LimitSettings};

/// The time in which an empty bucket refills.
const WINDOW: Duration = Duration::from_secs(60);
/// The most callers remembered by one policy. Beyond it, those with full buckets are forgotten, then all.
const REMEMBERED: usize = 100_000;

/// A rate limit policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Reads of analytics by one person.
    PersonReads,
    /// Other requests by one person.
    Person,
    /// Requests with one API key, except sending events and following live updates.
    Key,
    /// Unauthenticated requests from one address.
    Address,
}

impl Policy {
    /// Its name in the `RateLimit` headers.
    pub fn name(self) -> &'static str {
        match self {
            Policy::PersonReads => "analytics-reads",
            Policy::Person => "person",
            Policy::Key => "key",
            Policy::Address => "address",
        }
    }
}

/// A caller's remaining quota after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The policy.
    pub policy: Policy,
    /// Requests in a full bucket, which is also the number per minute.
    pub quota: u32,
    /// Requests that can be made immediately.
    pub remaining: u32,
    /// Seconds until another request can be made; 0 if some remain.
    pub retry_after: u32,
}

impl Standing {
    /// The seconds in which an empty bucket refills.
    pub const WINDOW_SECONDS: u64 = WINDOW.as_secs();

    /// Seconds until the bucket is full again without further requests.
    pub fn full_in(&self) -> u32 {
        let missing = u64::from(self.quota.saturating_sub(self.remaining));
        (missing * Self::WINDOW_SECONDS).div_ceil(u64::from(self.quota.max(1))) as u32
    }

    /// The refusal of a caller whose bucket is empty.
    pub fn refusal(&self) -> AppError {
        let whose = match self.policy {
            Policy::PersonReads => "Reads of analytics by one person",
            Policy::Person => "Requests by one person",
            Policy::Key => "Requests with one API key",
            Policy::Address => "Unauthenticated requests from one address",
        };
        let detail = format!("{whose} are limited to {} per minute.", self.quota);
        AppError::new(ErrorCode::RateLimited, detail)
            .fix("Wait for the number of seconds in Retry-After; RateLimit states how many requests remain.")
            .retry_after(self.retry_after.max(1))
    }
}

/// All buckets of a server.
#[derive(Debug)]
pub struct Limits<C: Clock + Clone = MonotonicClock> {
    person_reads: Option<Buckets<Uuid, C>>,
    person: Option<Buckets<Uuid, C>>,
    key: Option<Buckets<Uuid, C>>,
    address: Option<Buckets<IpAddr, C>>,
}

impl<C: Clock + Clone> Limits<C> {
    /// Starts with full buckets.
    pub fn new(settings: &LimitSettings, clock: &C) -> Self {
        Self {
            person_reads: Buckets::new(Policy::PersonReads, settings.person_reads, clock),
            person: Buckets::new(Policy::Person, settings.person_requests, clock),
            key: Buckets::new(Policy::Key, settings.key_requests, clock),
            address: Buckets::new(Policy::Address, settings.address_attempts, clock),
        }
    }

    /// Takes one request from the caller's bucket. `None` if there is no limit. Fails if the bucket is empty.
    pub fn admit(&self, who: &Principal, reads: bool) -> Result<Option<Standing>, Standing> {
        match who.who() {
            Who::Key { id, .. } => take(self.key.as_ref(), id),
            Who::Person(person) if reads => take(self.person_reads.as_ref(), &person.id),
            Who::Person(person) => take(self.person.as_ref(), &person.id),
            Who::Operator => Ok(None),
        }
    }

    /// Takes one request from the bucket of an address, for an unauthenticated request. Fails if it is empty.
    pub fn stranger(&self, address: IpAddr) -> Result<Option<Standing>, Standing> {
        take(self.address.as_ref(), &network(address))
    }
}

fn take<K: Hash + Eq + Clone, C: Clock + Clone>(
    buckets: Option<&Buckets<K, C>>,
    key: &K,
) -> Result<Option<Standing>, Standing> {
    let Some(buckets) = buckets else {
        return Ok(None);
    };
    buckets.take(key).map(Some)
}

/// The network that an address is counted by: with IPv6, a whole /64, which is what one subscriber has.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !0 << 64).into(),
        v4 => v4,
    }
}

type Limiter<K, C> = RateLimiter<K, HashMapStateStore<K>, C, StateInformationMiddleware>;

/// One bucket for each caller.
struct Buckets<K: Hash + Eq + Clone, C: Clock + Clone> {
    policy: Policy,
    quota: NonZeroU32,
    clock: C,
    limiter: RwLock<Limiter<K, C>>,
}

impl<K: Hash + Eq + Clone, C: Clock + Clone> Buckets<K, C> {
    /// `None` if the quota is 0, which is no limit.
    fn new(policy: Policy, quota: u32, clock: &C) -> Option<Self> {
        let quota = NonZeroU32::new(quota)?;
        Some(Self {
            policy,
            quota,
            clock: clock.clone(),
            limiter: RwLock::new(Self::full(quota, clock)),
        })
    }

    fn full(quota: NonZeroU32, clock: &C) -> Limiter<K, C> {
        RateLimiter::new(
            Quota::per_minute(quota),
            HashMapStateStore::default(),
            clock.clone(),
        )
    }

    fn take(&self, key: &K) -> Result<Standing, Standing> {
        let standing = |remaining, retry_after| Standing {
            policy: self.policy,
            quota: self.quota.get(),
            remaining,
            retry_after,
        };
        let limiter = self.limiter.read();
        let taken = limiter.check_key(key);
        let crowded = limiter.len() > REMEMBERED;
        drop(limiter);
        if crowded {
            self.forget();
        }
        match taken {
            Ok(state) => Ok(standing(state.remaining_burst_capacity(), 0)),
            Err(until) => Err(standing(0, seconds(&until, self.clock.now()))),
        }
    }

    /// Keeps memory bounded for any number of callers.
    fn forget(&self) {
        let mut limiter = self.limiter.write();
        if limiter.len() <= REMEMBERED {
            return;
        }
        limiter.retain_recent();
        if limiter.len() > REMEMBERED / 2 {
            *limiter = Self::full(self.quota, &self.clock);
        }
    }
}

impl<K: Hash + Eq + Clone, C: Clock + Clone> std::fmt::Debug for Buckets<K, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Buckets({:?}, {} a minute)", self.policy, self.quota)
    }
}

/// Whole seconds to wait, at least one.
fn seconds<P: Reference>(until: &NotUntil<P>, now: P) -> u32 {
    let wait = until.wait_time_from(now).as_secs_f64().ceil();
    (wait as u32).max(1)
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn limits(clock: &FakeRelativeClock) -> Limits<FakeRelativeClock> {
        let settings = LimitSettings {
            address_attempts: 6,
            ..LimitSettings::default()
        };
        Limits::new(&settings, clock)
    }

    fn taken(limits: &Limits<FakeRelativeClock>, address: &str) -> Result<Standing, Standing> {
        let found = limits.stranger(address.parse().unwrap());
        found.map(|standing| standing.unwrap())
    }

    #[test]
    fn a_full_bucket_can_be_emptied_at_once_and_refills_evenly() {
        let clock = FakeRelativeClock::default();
        let limits = limits(&clock);
        for left in (0..6).rev() {
            assert_eq!(taken(&limits, "192.0.2.1").unwrap().remaining, left);
        }
        let refused = taken(&limits, "192.0.2.1").unwrap_err();
        assert_eq!((refused.remaining, refused.retry_after), (0, 10));
        clock.advance(Duration::from_secs(9));
        assert_eq!(taken(&limits, "192.0.2.1").unwrap_err().retry_after, 1);
        clock.advance(Duration::from_secs(1));
        assert!(taken(&limits, "192.0.2.1").is_ok());
        assert!(taken(&limits, "192.0.2.1").is_err());
        clock.advance(WINDOW);
        assert_eq!(taken(&limits, "192.0.2.1").unwrap().remaining, 5);
    }

    #[test]
    fn each_address_has_its_own_bucket_and_an_ipv6_network_has_one() {
        let clock = FakeRelativeClock::default();
        let limits = limits(&clock);
        for _ in 0..6 {
            taken(&limits, "2001:db8::1").unwrap();
            taken(&limits, "192.0.2.1").unwrap();
        }
        assert!(taken(&limits, "2001:db8::ffff:2").is_err());
        assert!(taken(&limits, "::ffff:192.0.2.1").is_err());
        assert!(taken(&limits, "2001:db8:0:1::1").is_ok());
        assert!(taken(&limits, "192.0.2.2").is_ok());
    }

    #[test]
    fn memory_is_bounded_for_any_number_of_addresses() {
        let clock = FakeRelativeClock::default();
        let limits = limits(&clock);
        for number in 0..(REMEMBERED as u32 + 1) {
            let address = IpAddr::from(number.to_be_bytes());
            limits.stranger(address).unwrap();
        }
        let buckets = limits.address.as_ref().unwrap();
        assert!(buckets.limiter.read().len() <= REMEMBERED);
    }

    #[test]
    fn the_standing_states_when_the_bucket_is_full_again() {
        let standing = |remaining| Standing {
            policy: Policy::Key,
            quota: 60,
            remaining,
            retry_after: 0,
        };
        assert_eq!(standing(60).full_in(), 0);
        assert_eq!(standing(59).full_in(), 1);
        assert_eq!(standing(0).full_in(), 60);
    }

    #[test]
    fn a_quota_of_zero_limits_nothing() {
        let settings = LimitSettings {
            address_attempts: 0,
            ..LimitSettings::default()
        };
        let limits = Limits::new(&settings, &FakeRelativeClock::default());
        assert!(
            limits
                .stranger("192.0.2.1".parse().unwrap())
                .unwrap()
                .is_none()
        );
    }
}
