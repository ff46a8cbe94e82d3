//! SLO overview: indicators, runs per day and documents of a window.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::Target;
use weir_query::Interval;

use super::{Runs, WINDOWS, Wanted, in_window, one_decimal, one_of, whole};
use crate::{
    AppError, Reading, figures,
    privacy::Viewer,
    query::Freshness,
    views::{Line, Questions, Results, Versioned},
};

/// The response of `GET /api/workflow-analytics/overview`.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    /// The indicators.
    pub sli: Sli,
    /// Runs of each day of the window, in the requested time zone.
    pub runs_per_day: Vec<DayRuns>,
    /// Generated documents.
    pub documents: Documents,
    /// The window covered.
    pub window: Window,
}

/// Service level indicators.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sli {
    /// Percentage of runs that succeeded.
    pub success_pct: Option<f64>,
    /// 95th percentile of durations in milliseconds.
    pub p95_ms: Option<i64>,
    /// Percentage of the error budget that is spent; above 100 it is exceeded.
    pub error_budget_burn_pct: Option<f64>,
    /// Runs that succeeded or failed.
    pub total_runs: u64,
    /// Whether a target is missed: the one that was set, or the default of 99 % success and 5,000 ms.
    pub violates_target: bool,
}

/// Runs of a day.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayRuns {
    /// The day.
    #[schema(format = "date")]
    pub date: String,
    /// Runs that succeeded or failed.
    pub runs: u64,
    /// Successful runs.
    pub success: u64,
    /// Failed runs.
    pub failed: u64,
}

/// Documents by kind.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct Documents {
    /// PDF documents.
    pub pdf: DocumentRuns,
    /// Word documents.
    pub docx: DocumentRuns,
}

figures! {
    /// Documents of a kind.
    #[derive(Debug, Default, PartialEq, Serialize, ToSchema)]
    #[serde(rename_all = "camelCase")]
    pub struct DocumentRuns {
        /// Documents that were created.
        pub success: u64 = count("documents_completed"),
        /// Documents that could not be created.
        pub failed: u64 = count("documents_failed"),
        /// Percentage that was created.
        pub success_rate: Option<f64> = value("document_success_rate"),
    }

    /// The figures compared with a target.
    #[derive(Default)]
    struct Measures {
        success_pct: Option<f64> = value("success_rate"),
        p95_ms: Option<f64> = value("duration_p95"),
    }
}

/// The window of the overview.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Window {
    /// The start of the window.
    #[schema(value_type = String, format = "date-time")]
    pub start: weir_model::Timestamp,
    /// The end of the window, exclusive.
    #[schema(value_type = String, format = "date-time")]
    pub end: weir_model::Timestamp,
    /// Its length: 1d, 7d, 28d or 30d.
    pub duration: String,
}

impl Reading {
    /// The overview of a window. Fails if the request is not valid, or if control data or the store fails.
    pub async fn sli_overview(
        &self,
        viewer: Viewer,
        wanted: &Wanted,
        freshness: Freshness,
    ) -> Result<Versioned<Overview>, AppError> {
        let workflow = wanted.frame.workflow.as_deref();
        let held = self.sli_in_force(viewer.scope(), workflow).await?;
        let window = wanted.window.as_deref().unwrap_or(&held.settings.window);
        let window = one_of("window", window, &WINDOWS)?;
        let mut frame = in_window(&wanted.frame, window);
        let zone = held.settings.timezone.clone();
        frame.timezone.get_or_insert(zone);
        let mut questions = Questions::new(self, viewer, freshness);
        let daily = frame.question().every(Interval::Day);
        let daily = questions.figures(daily).await?;
        // All figures cover the same days, even if time has passed.
        let range = daily.query().range;
        let whole = questions.figures(frame.question().range(range)).await?;
        let documents = frame.question().by(["document_kind"]).range(range);
        let documents = questions.figures(documents).await?;
        let body = Overview {
            sli: indicators(whole.only().unwrap_or_default(), held.target()),
            runs_per_day: daily.lines().map(day).collect(),
            documents: by_kind(&documents),
            window: Window {
                start: range.from,
                end: range.to,
                duration: window.to_owned(),
            },
        };
        Ok(questions.finish(range, body).revised(held.revision()))
    }
}

fn indicators((runs, measures): (Runs, Measures), target: Target) -> Sli {
    let Measures {
        success_pct,
        p95_ms,
    } = measures;
    let measured = weir_analysis::Sli {
        success_pct,
        p95_ms,
    };
    let verified = weir_analysis::verify(measured, target);
    Sli {
        success_pct: success_pct.map(one_decimal),
        p95_ms: p95_ms.map(whole),
        error_budget_burn_pct: verified.error_budget_burn_pct.map(one_decimal),
        total_runs: runs.total(),
        violates_target: verified.violates_target,
    }
}

fn day(line: Line<'_, Runs>) -> DayRuns {
    DayRuns {
        date: line.day(),
        runs: line.figures.total(),
        success: line.figures.success,
        failed: line.figures.failed,
    }
}

fn by_kind(results: &Results<DocumentRuns>) -> Documents {
    let of = |kind: &str| {
        let mut lines = results.lines();
        let found = lines.find(|line| line.key(0).as_deref() == Some(kind));
        let found = found.map(|line| line.figures).unwrap_or_default();
        DocumentRuns {
            success_rate: found.success_rate.map(one_decimal),
            ..found
        }
    };
    Documents {
        pdf: of("pdf"),
        docx: of("docx"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(success: u64, success_pct: Option<f64>, p95_ms: Option<f64>) -> Sli {
        let measures = Measures {
            success_pct,
            p95_ms,
        };
        let runs = Runs { success, failed: 0 };
        indicators((runs, measures), Target::default())
    }

    #[test]
    fn a_window_without_runs_has_no_rate_and_misses_no_target() {
        let found = of(0, None, None);
        assert_eq!(
            (found.success_pct, found.error_budget_burn_pct),
            (None, None)
        );
        assert!(!found.violates_target);
    }

    #[test]
    fn figures_are_rounded_after_the_comparison_with_the_target() {
        let found = of(12, Some(98.96), Some(5_000.4));
        assert_eq!((found.success_pct, found.p95_ms), (Some(99.0), Some(5_000)));
        assert!(found.violates_target);
        let rate = 11.0 / 12.0 * 100.0;
        assert_eq!(of(12, Some(rate), None).success_pct, Some(91.7));
    }

    #[test]
    fn a_success_rate_of_98_5_percent_burns_75_percent_of_the_default_budget() {
        assert_eq!(
            of(1_234, Some(98.5), None).error_budget_burn_pct,
            Some(75.0)
        );
    }
}
