//! Surges of a rate: more failures per run, more errors per execution.
//!
//! A window is compared with everything before it by the likelihood ratio of Kulldorff's temporal scan
//! statistic (1997), for failures of runs ([`Law::Bernoulli`]) or for occurrences while others were
//! counted ([`Law::Poisson`]). Hits that come in clusters without a change (one broken record that is
//! tried again and again) vary more than either law allows: the statistic is divided by the dispersion
//! of the buckets outside the window, if that is above 1. Source: McCullagh, Nelder, Generalized Linear
//! Models (1989), 4.5. Further surges are searched for without the buckets of those already found.
//! Source: Zhang, Assunção, Kulldorff, "Spatial scan statistics adjusted for multiple clusters", Journal
//! of Probability and Statistics (2010).

use super::{Search, Window, tails::student_tail, windows::without_edges};

/// How many surges are looked for in one series.
const MOST_SURGES: usize = 5;
/// Surges with a larger p-value are not returned.
const LARGEST_P: f64 = 0.05;
/// A window that would have a smaller p-value, were there no dispersion, is a candidate.
const CANDIDATE_P: f64 = 0.001;
/// The degrees of freedom are capped at this, because tails are heavier than normal.
const MOST_FREEDOM: f64 = 100.0;
/// The fewest hits in a surge.
pub const FEWEST_HITS: f64 = 5.0;

/// A bucket of a series.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Trials {
    /// How often it happened: failed runs, errors of a group.
    pub hits: f64,
    /// How often it could have happened: runs, executions.
    pub trials: f64,
}

/// How hits are distributed when nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// Each trial is a hit or not.
    Bernoulli,
    /// Hits are rare events, in proportion to the trials.
    Poisson,
}

/// A window in which the rate was higher than before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surge {
    /// The window.
    pub window: Window,
    /// Everything before it, without earlier surges.
    pub before: Trials,
    /// Everything inside it.
    pub inside: Trials,
    /// An upper bound of the probability that chance makes a series without a change look like this.
    pub p: f64,
}

impl Trials {
    /// Hits per trial; 0 without trials.
    pub fn rate(self) -> f64 {
        if self.trials > 0.0 {
            self.hits / self.trials
        } else {
            0.0
        }
    }

    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        Self {
            hits: self.hits + other.hits,
            trials: self.trials + other.trials,
        }
    }

    /// This without the other, never below 0.
    pub fn minus(self, other: Self) -> Self {
        Self {
            hits: (self.hits - other.hits).max(0.0),
            trials: (self.trials - other.trials).max(0.0),
        }
    }
}

impl Surge {
    /// How many hits there were beyond the rate before.
    pub fn extra(&self) -> f64 {
        (self.inside.hits - self.before.rate() * self.inside.trials).max(0.0)
    }
}

/// The surges of a series, the most striking first.
pub fn surges(buckets: &[Trials], law: Law, search: Search) -> Vec<Surge> {
    let mut rest = buckets.to_vec();
    let mut candidates = Vec::new();
    while candidates.len() < MOST_SURGES {
        let Some((surge, deviation)) = strongest(&rest, law, search) else {
            break;
        };
        if search.count() * student_tail(deviation, MOST_FREEDOM) > CANDIDATE_P {
            break;
        }
        let mut whole = surge.window;
        // What nothing follows goes on.
        if buckets[whole.to..]
            .iter()
            .all(|bucket| bucket.trials == 0.0)
        {
            whole.to = buckets.len();
        }
        rest[whole.from..whole.to].fill(Trials::default());
        let surge = Surge {
            window: whole,
            ..surge
        };
        candidates.push((surge, deviation));
    }
    // None of the surges counts as noise when the others are judged.
    let (dispersion, freedom) = law.dispersion(&rest);
    let judged = candidates.into_iter().map(|(surge, deviation)| {
        let chance = student_tail(deviation / dispersion.sqrt(), freedom.min(MOST_FREEDOM));
        Surge {
            p: (search.count() * chance).min(1.0),
            ..surge
        }
    });
    let mut found: Vec<Surge> = judged.filter(|surge| surge.p <= LARGEST_P).collect();
    found.sort_by(|a, b| a.p.total_cmp(&b.p));
    without_edges(found, |surge| surge.window)
}

/// The window with the largest likelihood ratio, and the deviation of a normal value that is as
/// unlikely. Its p-value is not known yet.
fn strongest(buckets: &[Trials], law: Law, search: Search) -> Option<(Surge, f64)> {
    let sums = sums(buckets);
    let parts = |window: Window| (sums[window.from], sums[window.to].minus(sums[window.from]));
    let score = |window: Window| {
        let (before, inside) = parts(window);
        let known = before.trials > 0.0 && inside.hits >= FEWEST_HITS;
        let higher = inside.hits * before.trials > before.hits * inside.trials;
        (known && higher).then(|| law.likelihood_ratio(before, inside))
    };
    let (window, ratio) = search.best(score)?;
    let (before, inside) = parts(window);
    let surge = Surge {
        window,
        before,
        inside,
        p: 1.0,
    };
    // Wilks' theorem: twice the ratio is a squared normal value.
    Some((surge, (2.0 * ratio).sqrt()))
}

/// The sums of the buckets before each.
fn sums(buckets: &[Trials]) -> Vec<Trials> {
    let first = std::iter::once(Trials::default());
    let running = buckets.iter().scan(Trials::default(), |sum, &bucket| {
        *sum = sum.plus(bucket);
        Some(*sum)
    });
    first.chain(running).collect()
}

impl Law {
    /// The logarithm of how much more likely two rates are than one.
    fn likelihood_ratio(self, a: Trials, b: Trials) -> f64 {
        let one = a.plus(b).rate();
        self.information(a, one) + self.information(b, one)
    }

    /// The logarithm of how much more likely the trials are with their own rate than with `rate`.
    fn information(self, of: Trials, rate: f64) -> f64 {
        let part = |count: f64, expected: f64| match count > 0.0 {
            true => count * (count / expected).ln(),
            false => 0.0,
        };
        let hits = part(of.hits, of.trials * rate);
        match self {
            Self::Bernoulli => hits + part(of.trials - of.hits, of.trials * (1.0 - rate)),
            // The totals are equal under both, so only the hits remain.
            Self::Poisson => hits,
        }
    }

    /// How much more the buckets vary than the law says, at least 1, with its degrees of freedom.
    fn dispersion(self, buckets: &[Trials]) -> (f64, f64) {
        let known = || buckets.iter().filter(|bucket| bucket.trials > 0.0);
        let rate = known()
            .fold(Trials::default(), |sum, &one| sum.plus(one))
            .rate();
        let miss = match self {
            Self::Bernoulli => 1.0 - rate,
            Self::Poisson => 1.0,
        };
        let squares: f64 = known()
            .map(|bucket| (bucket.hits - rate * bucket.trials).powi(2))
            .sum();
        let expected: f64 = known().map(|bucket| rate * miss * bucket.trials).sum();
        let dispersion = if expected > 0.0 {
            squares / expected
        } else {
            1.0
        };
        (dispersion.max(1.0), (known().count() as f64 - 1.0).max(1.0))
    }
}

#[cfg(test)]
mod tests;
