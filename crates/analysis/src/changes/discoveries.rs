//! Which of many findings are significant.
//!
//! Among a thousand series, some look changed by chance. Benjamini and Hochberg
//! (1995) bound the expected share of such false discoveries among those that are reported; where nothing
//! changed at all, that is the probability of reporting anything.

/// The adjusted p-values, in the same order: a finding is reported at a false discovery rate
/// of q if its adjusted p-value is at most q. `tested` is the number of series that were examined,
/// including those without a finding.
pub fn discoveries(p: &[f64], tested: usize) -> Vec<f64> {
    let tested = tested.max(p.len()) as f64;
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut adjusted = vec![1.0; p.len()];
    let mut least: f64 = 1.0;
    for (rank, &at) in order.iter().enumerate().rev() {
        least = least.min(p[at] * tested / (rank + 1) as f64);
        adjusted[at] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_benjamini_and_hochberg_has_four_discoveries() {
        // Benjamini, Hochberg 1995, section 4: 15 p-values; four are rejected at 0.05.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0,
        ];
        let found = discoveries(&p, p.len());
        assert_eq!(found.iter().filter(|&&one| one <= 0.05).count(), 4);
        assert!((found[3] - 0.0095 * 15.0 / 4.0).abs() < 1e-12);
    }

    #[test]
    fn series_without_a_finding_count_and_the_order_is_kept() {
        let found = discoveries(&[0.01, 0.000_001], 1_000);
        assert_eq!(found, [1.0, 0.001]);
        assert_eq!(discoveries(&[], 7), Vec::<f64>::new());
    }
}
