//! Rises of a level: a step that became slower, a workflow that became more expensive.
//!
//! A series of logarithms (of medians, of costs) is compared inside a window with the same before it,
//! by Student's t for a window that was chosen among many: the epidemic alternative of Levin and Kline
//! (1985), which circular binary segmentation (Olshen et al. 2004) searches for. Three guards keep the
//! rate of false alarms at most as high as stated where real series differ from independent normal
//! noise (the tests measure it):
//!
//! - **Days resemble their neighbours.** The variance is multiplied by (1 + r) / (1 - r), where r is
//!   the correlation of neighbouring residuals, if it is positive. Source: Bayley, Hammersley, "The
//!   effective number of independent observations in an autocorrelated time series", JRSS Supplement 8
//!   (1946).
//! - **Tails are heavier than normal.** The degrees of freedom are capped: at 8 for a single bucket,
//!   which can be an outlier, otherwise at 20.
//! - **Nothing is exactly constant.** The deviation of a bucket is at least as large as stated.

use super::{
    Search, Window,
    edges::{end, gain_of_level},
    tails::student_tail,
    windows::without_edges,
};

/// The fewest known buckets before a window.
pub const FEWEST_BEFORE: usize = 5;
/// How many rises are looked for in one series.
const MOST_RISES: usize = 5;
/// Rises with a larger p-value are not returned.
const LARGEST_P: f64 = 0.05;
/// A window that would have a smaller p-value, were neighbouring buckets independent, is a candidate.
const CANDIDATE_P: f64 = 0.01;
/// The largest correlation of neighbouring buckets that is assumed.
const MOST_CORRELATION: f64 = 0.9;

/// A bucket of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// The value: the logarithm of a median or of a sum.
    pub value: f64,
    /// How much it counts; above 0. The variance of `value` is proportional to 1 / weight.
    pub weight: f64,
}

/// A window in which a level was higher than before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rise {
    /// The window.
    pub window: Window,
    /// The weighted mean of the values before it.
    pub before: f64,
    /// The weighted mean of the values inside it.
    pub inside: f64,
    /// An upper bound of the probability that chance makes a series without a change look like this.
    pub p: f64,
}

/// The rises of a series, the most striking first. `None` is a bucket without data. `least_deviation`
/// is the smallest credible standard deviation of a value with weight 1.
///
/// After each candidate, what it added is taken away and the rest is searched again. So a rise on top
/// of another one is found, too, and none of them counts as noise when the others are judged.
pub fn rises(levels: &[Option<Level>], search: Search, least_deviation: f64) -> Vec<Rise> {
    let mut rest = levels.to_vec();
    let mut fits = Vec::new();
    while fits.len() < MOST_RISES {
        let sums = Sums::of(&rest);
        let found = search.best(|window| sums.student(window, least_deviation));
        let Some((window, fit)) = found.and_then(|(window, _)| Some((window, sums.fit(window)?)))
        else {
            break;
        };
        let whole = stretched(&rest, window, &fit);
        let noise = Noise::independent(&fit, least_deviation);
        if search.count() * noise.chance(window, &fit) > CANDIDATE_P {
            break;
        }
        for level in rest[whole.from..whole.to].iter_mut().flatten() {
            level.value -= fit.inside.mean - fit.before.mean;
        }
        fits.push((whole, window, fit));
    }
    let noise = Noise::of(&rest, 1 + 2 * fits.len(), least_deviation);
    let judged = fits.into_iter().map(|(whole, window, fit)| Rise {
        window: whole,
        before: fit.before.mean,
        inside: fit.inside.mean,
        p: (search.count() * noise.chance(window, &fit)).min(1.0),
    });
    let mut found: Vec<Rise> = judged.filter(|rise| rise.p <= LARGEST_P).collect();
    found.sort_by(|a, b| a.p.total_cmp(&b.p));
    without_edges(found, |rise| rise.window)
}

/// The window with the buckets next to it that are more like it than like before. They can be missing,
/// because the most striking window is not always the whole one: weekends with few runs add noise. What
/// nothing follows goes on.
fn stretched(levels: &[Option<Level>], window: Window, fit: &Fit) -> Window {
    let gain = |level: &Option<Level>| {
        level.map_or(0.0, |level| {
            gain_of_level(level.value, level.weight, fit.before.mean, fit.inside.mean)
        })
    };
    let after: Vec<f64> = levels[window.to..]
        .iter()
        .map(gain)
        .take_while(|&gain| gain >= 0.0)
        .collect();
    let before = levels[..window.from]
        .iter()
        .rev()
        .map(gain)
        .take_while(|&gain| gain >= 0.0);
    let before: Vec<f64> = before.collect();
    let to = window.to + end(&after).unwrap_or(0);
    let goes_on = levels[to..].iter().all(Option::is_none);
    Window {
        from: window.from - end(&before).unwrap_or(0),
        to: if goes_on { levels.len() } else { to },
    }
}

/// How much a series varies without its rises.
struct Noise {
    /// The variance of a value with weight 1, as large as if neighbours were independent.
    variance: f64,
    freedom: f64,
}

impl Noise {
    /// The noise around a fit, if neighbours are independent.
    fn independent(fit: &Fit, least_deviation: f64) -> Self {
        let squares = fit.before.squares + fit.inside.squares + fit.after.squares;
        Self {
            variance: (squares / fit.freedom).max(least_deviation.powi(2)),
            freedom: fit.freedom,
        }
    }

    /// The noise of a series that is constant except for what was fitted with this many parameters.
    fn of(levels: &[Option<Level>], parameters: usize, least_deviation: f64) -> Self {
        let mean = Sums::of(levels).part(0, levels.len()).mean;
        let known = levels.iter().flatten();
        let residuals: Vec<f64> = known
            .map(|level| level.weight.sqrt() * (level.value - mean))
            .collect();
        let squares: f64 = residuals.iter().map(|one| one * one).sum();
        let products: f64 = residuals.windows(2).map(|pair| pair[0] * pair[1]).sum();
        let correlation = if squares > 0.0 {
            products / squares
        } else {
            0.0
        };
        let correlation = correlation.clamp(0.0, MOST_CORRELATION);
        let freedom = (residuals.len() as f64 - parameters as f64).max(1.0);
        let variance = (squares / freedom).max(least_deviation.powi(2));
        Self {
            variance: variance * (1.0 + correlation) / (1.0 - correlation),
            freedom,
        }
    }

    /// The probability of such a rise in a window that was not chosen.
    fn chance(&self, window: Window, fit: &Fit) -> f64 {
        let spread = self.variance * (1.0 / fit.inside.weight + 1.0 / fit.before.weight);
        let most_freedom = if window.len() == 1 { 8.0 } else { 20.0 };
        let t = (fit.inside.mean - fit.before.mean) / spread.sqrt();
        student_tail(t, self.freedom.min(most_freedom))
    }
}

/// Running sums, so that any window costs the same.
struct Sums {
    /// The count, weight, weighted sum and weighted sum of squares of the buckets before each.
    before: Vec<[f64; 4]>,
    /// What values are counted from, so that squares do not cancel.
    middle: f64,
}

/// The values of a part of the series.
#[derive(Clone, Copy, Default)]
struct Part {
    count: f64,
    weight: f64,
    mean: f64,
    /// The weighted sum of squared deviations from the mean.
    squares: f64,
}

/// A series as three levels: before, inside and after a window.
struct Fit {
    before: Part,
    inside: Part,
    after: Part,
    freedom: f64,
}

impl Sums {
    fn of(levels: &[Option<Level>]) -> Self {
        let known = || levels.iter().flatten();
        let weight: f64 = known().map(|level| level.weight).sum();
        let sum: f64 = known().map(|level| level.weight * level.value).sum();
        let middle = if weight > 0.0 { sum / weight } else { 0.0 };
        let mut sums = [0.0; 4];
        let mut before = vec![sums];
        for level in levels {
            if let Some(Level { value, weight }) = level {
                let value = value - middle;
                let added = [1.0, *weight, weight * value, weight * value * value];
                sums = std::array::from_fn(|i| sums[i] + added[i]);
            }
            before.push(sums);
        }
        Self { before, middle }
    }

    fn buckets(&self) -> usize {
        self.before.len() - 1
    }

    fn part(&self, from: usize, to: usize) -> Part {
        let [count, weight, sum, squares] =
            std::array::from_fn(|i| self.before[to][i] - self.before[from][i]);
        if count < 0.5 || weight <= 0.0 {
            return Part::default();
        }
        let mean = sum / weight;
        Part {
            count,
            weight,
            mean: mean + self.middle,
            squares: (squares - sum * mean).max(0.0),
        }
    }

    fn fit(&self, window: Window) -> Option<Fit> {
        let before = self.part(0, window.from);
        let inside = self.part(window.from, window.to);
        let after = self.part(window.to, self.buckets());
        let levels = if after.count > 0.0 { 3.0 } else { 2.0 };
        let freedom = before.count + inside.count + after.count - levels;
        let enough = before.count >= FEWEST_BEFORE as f64 && inside.count > 0.0 && freedom >= 1.0;
        enough.then_some(Fit {
            before,
            inside,
            after,
            freedom,
        })
    }

    /// Student's t of the inside against before; `None` if the inside is not higher.
    fn student(&self, window: Window, least_deviation: f64) -> Option<f64> {
        let fit = self.fit(window)?;
        let rise = fit.inside.mean - fit.before.mean;
        if rise <= 0.0 {
            return None;
        }
        let variance = Noise::independent(&fit, least_deviation).variance;
        Some(rise / (variance * (1.0 / fit.inside.weight + 1.0 / fit.before.weight)).sqrt())
    }
}

#[cfg(test)]
mod tests;
