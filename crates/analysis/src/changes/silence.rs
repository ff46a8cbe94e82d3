//! Silence: something that ran regularly has stopped.
//!
//! Two rhythms are known from the hours before the last run, and each gives the probability that the
//! hours since then are empty by chance:
//!
//! - **How many runs were due**: the mean of every hour of the week, but at most the usual share of
//!   everything that ran in these hours, because on a holiday all of it runs less often. The mean of w
//!   weeks is itself uncertain, so the number is negative binomial, and the probability of no run is
//!   (1 + 1 / w)^(-w due / d), where d is the dispersion of the earlier hours, if that is above 1 (runs
//!   that come in bursts are less regular than a Poisson process). Source: Gelman et al., Bayesian Data
//!   Analysis (2013), 2.6.
//! - **How long pauses are**: of n pauses, the longest is M. If they vary at most as much as those of
//!   a Poisson process, the probability that another one is longer than k M is at most the product of
//!   j / (j + k) over j = 1..n, which follows from the representation of the longest of n exponential
//!   values as a sum. Source: Rényi, "On the theory of order statistics", Acta Mathematica 4 (1953).
//!
//! The smaller of the two counts, doubled, because there are two.

/// Hours of a week.
pub const HOURS_OF_WEEK: usize = 168;
/// The fewest hours before the last run: two weeks.
const FEWEST_HOURS: usize = 2 * HOURS_OF_WEEK;
/// The fewest runs before the silence.
const FEWEST_RUNS: f64 = 20.0;

/// An hour of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HourlyRuns {
    /// Its runs.
    pub runs: f64,
    /// The runs of everything.
    pub all: f64,
    /// The hour of the week: 0 to 167.
    pub slot: usize,
}

/// A series that stopped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Silence {
    /// The first hour without a run.
    pub since: usize,
    /// How many runs were due since then.
    pub due: f64,
    /// The probability that chance makes a series that goes on look like this.
    pub p: f64,
}

/// The silence at the end of a series of complete hours; `None` if there is none or if the series is
/// too short or too rare to know its rhythm.
pub fn silence(hours: &[HourlyRuns]) -> Option<Silence> {
    let since = hours.iter().rposition(|hour| hour.runs > 0.0)? + 1;
    let (before, quiet) = hours.split_at(since);
    let runs: f64 = before.iter().map(|hour| hour.runs).sum();
    if quiet.is_empty() || before.len() < FEWEST_HOURS || runs < FEWEST_RUNS {
        return None;
    }
    let rhythm = Rhythm::of(before);
    let due = rhythm.due(quiet);
    let weeks = before.len() as f64 / HOURS_OF_WEEK as f64;
    let by_number = (1.0 + 1.0 / weeks).powf(-weeks * due / rhythm.dispersion(before));
    let length = quiet.len() as f64 * rhythm.activity(quiet);
    let by_length = pauses(before).map_or(1.0, |pauses| pauses.longer_by_chance(length));
    Some(Silence {
        since,
        due,
        p: (2.0 * by_number.min(by_length)).min(1.0),
    })
}

/// The means of each hour of the week.
struct Rhythm {
    runs: [f64; HOURS_OF_WEEK],
    all: [f64; HOURS_OF_WEEK],
}

impl Rhythm {
    fn of(hours: &[HourlyRuns]) -> Self {
        let mut rhythm = Self {
            runs: [0.0; HOURS_OF_WEEK],
            all: [0.0; HOURS_OF_WEEK],
        };
        let mut counts = [0.0_f64; HOURS_OF_WEEK];
        for hour in hours {
            let slot = hour.slot % HOURS_OF_WEEK;
            rhythm.runs[slot] += hour.runs;
            rhythm.all[slot] += hour.all;
            counts[slot] += 1.0;
        }
        for (slot, count) in counts.into_iter().enumerate() {
            rhythm.runs[slot] /= count.max(1.0);
            rhythm.all[slot] /= count.max(1.0);
        }
        rhythm
    }

    fn expected(&self, hour: &HourlyRuns) -> f64 {
        self.runs[hour.slot % HOURS_OF_WEEK]
    }

    /// How much of everything ran in these hours, compared with usual; at most 1.
    fn activity(&self, hours: &[HourlyRuns]) -> f64 {
        let usual: f64 = hours
            .iter()
            .map(|hour| self.all[hour.slot % HOURS_OF_WEEK])
            .sum();
        let ran: f64 = hours.iter().map(|hour| hour.all).sum();
        if usual > 0.0 {
            (ran / usual).min(1.0)
        } else {
            1.0
        }
    }

    fn due(&self, hours: &[HourlyRuns]) -> f64 {
        let usual: f64 = hours.iter().map(|hour| self.expected(hour)).sum();
        usual * self.activity(hours)
    }

    fn dispersion(&self, hours: &[HourlyRuns]) -> f64 {
        let expected: f64 = hours.iter().map(|hour| self.expected(hour)).sum();
        let squares: f64 = hours
            .iter()
            .map(|hour| (hour.runs - self.expected(hour)).powi(2))
            .sum();
        (squares / expected.max(1e-9)).max(1.0)
    }
}

/// The pauses between hours with runs.
struct Pauses {
    count: usize,
    longest: f64,
}

/// The pauses of a series, in hours; `None` if they vary more than those of a Poisson process.
fn pauses(hours: &[HourlyRuns]) -> Option<Pauses> {
    let running: Vec<usize> = (0..hours.len())
        .filter(|&at| hours[at].runs > 0.0)
        .collect();
    let lengths: Vec<f64> = running
        .windows(2)
        .map(|pair| (pair[1] - pair[0]) as f64)
        .collect();
    let count = lengths.len() as f64;
    let mean = lengths.iter().sum::<f64>() / count;
    let variance = lengths.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / count;
    let longest = lengths.iter().copied().fold(0.0, f64::max);
    (variance <= mean * mean).then_some(Pauses {
        count: lengths.len(),
        longest,
    })
}

impl Pauses {
    /// The probability that a further pause lasts longer than `length`.
    fn longer_by_chance(&self, length: f64) -> f64 {
        let times = length / self.longest;
        let factors = (1..=self.count).map(|j| j as f64 / (j as f64 + times));
        factors.product()
    }
}

#[cfg(test)]
mod tests;
