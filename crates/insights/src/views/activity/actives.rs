//! Daily, weekly and monthly active users, and stickiness.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::actives::{MONTH, WEEK, active_in_windows, stickiness};
use weir_model::{TimeRange, Timestamp};
use weir_query::{
    Interval, Zone,
    buckets::Buckets,
    records::activity::{presence, read_presence},
    resolve::MAX_BUCKETS,
};

use super::{ActivityFilter, Frame, Questions};
use crate::{AppError, ErrorCode, Reading};

/// Active users over the whole days of a range.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Actives {
    /// The last complete day of the range; null if there is none.
    pub latest: Option<ActiveDay>,
    /// Mean of daily active users over the complete days.
    pub average_dau: Option<f64>,
    /// Mean stickiness over the complete days, in percent.
    pub average_stickiness: Option<f64>,
    /// All days of the range, in order.
    pub days: Vec<ActiveDay>,
}

/// Active users of a day.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ActiveDay {
    /// The start of the day, in the requested time zone.
    #[schema(format = "date-time")]
    pub day: String,
    /// Users active on the day.
    pub dau: u64,
    /// Users active on the day or the 6 days before it.
    pub wau: u64,
    /// Users active on the day or the 29 days before it.
    pub mau: u64,
    /// 100 x dau / mau; null if no user was active in the 30 days.
    pub stickiness: Option<f64>,
    /// Whether the day is not over yet.
    pub open: bool,
}

impl Reading {
    /// Active users of the days that the range touches. Fails if there are too many days, or if the store
    /// fails.
    pub(super) async fn actives(
        &self,
        questions: &mut Questions<'_>,
        frame: &Frame,
        range: TimeRange,
        zone: &Zone,
    ) -> Result<Actives, AppError> {
        let (days, lead) = days(range, zone)?;
        let selection = ActivityFilter::default().selection(frame, days.range());
        let statement = presence(questions.scope(), &selection, &days, questions.dialect());
        let question = (statement.clone(), days.clone());
        let count = days.len();
        let buckets = days.clone();
        let read = move |batches: Vec<_>| {
            let presence = read_presence(&batches, &buckets)?;
            let windows = [1, WEEK, MONTH].map(|width| {
                let users = presence.iter().map(Vec::as_slice);
                active_in_windows(users, count, width)
            });
            Ok(windows)
        };
        let computing = self.walk_records(questions.viewer(), statement, read);
        let [daily, weekly, monthly] = questions.recorded(question, computing).await?;
        let now = self.clock.now();
        let starts = days.starts();
        let ends = starts[1..].iter().copied().chain([days.range().to]);
        let rows = starts.iter().zip(ends).enumerate().skip(lead);
        let rows = rows.map(|(i, (&start, end))| ActiveDay {
            day: zone.format(start),
            dau: daily[i],
            wau: weekly[i],
            mau: monthly[i],
            stickiness: stickiness(daily[i], monthly[i]),
            open: end > now,
        });
        Ok(summed(rows.collect()))
    }
}

/// The days of a range, preceded by those that its first day looks back on, and the number of those.
fn days(range: TimeRange, zone: &Zone) -> Result<(Buckets, usize), AppError> {
    let first = Interval::Day.floor(range.from, zone);
    let last = Interval::Day.floor(range.to.plus(-1), zone);
    let whole = TimeRange {
        from: Interval::Day.back(first, MONTH - 1, zone),
        to: Interval::Day.next(last, zone),
    };
    let days = Buckets::of(Interval::Day, whole, zone, MAX_BUCKETS).ok_or_else(|| {
        let detail = format!("The range has more than {MAX_BUCKETS} days.");
        AppError::new(ErrorCode::InvalidParameter, detail).field("from")
    })?;
    let lead = days.index_of(first);
    Ok((days, lead))
}

fn summed(days: Vec<ActiveDay>) -> Actives {
    let over = || days.iter().filter(|day| !day.open);
    Actives {
        latest: over().next_back().cloned(),
        average_dau: mean(over().map(|day| day.dau as f64)),
        average_stickiness: mean(over().filter_map(|day| day.stickiness)),
        days,
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (count, sum) = values.fold((0_u32, 0.0), |(count, sum), value| (count + 1, sum + value));
    (count > 0).then(|| sum / f64::from(count))
}

/// The range cut off at the end of the current hour, so that an answer does not change within the hour.
pub(super) fn present(range: TimeRange, now: Timestamp) -> TimeRange {
    let hour = weir_model::time::HOUR;
    TimeRange {
        from: range.from,
        to: range.to.min(now.floor(hour).plus(hour)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(dau: u64, mau: u64, open: bool) -> ActiveDay {
        ActiveDay {
            day: format!("{dau}"),
            dau,
            wau: dau,
            mau,
            stickiness: stickiness(dau, mau),
            open,
        }
    }

    #[test]
    fn means_leave_out_the_current_day() {
        let actives = summed(vec![
            day(10, 40, false),
            day(30, 60, false),
            day(1, 61, true),
        ]);
        assert_eq!(actives.average_dau, Some(20.0));
        assert_eq!(actives.average_stickiness, Some(37.5));
        assert_eq!(actives.latest, Some(day(30, 60, false)));
        assert_eq!(summed(vec![day(1, 1, true)]).latest, None);
    }

    #[test]
    fn a_range_is_preceded_by_the_days_it_looks_back_on() {
        let zone = Zone::parse("America/New_York").unwrap();
        let at = |text: &str| Timestamp::parse(text).unwrap();
        // The clocks of New York go forward on 10 March 2024.
        let range = TimeRange {
            from: at("2024-03-09T12:00:00-05:00"),
            to: at("2024-03-11T12:00:00-04:00"),
        };
        let (days, lead) = days(range, &zone).unwrap();
        assert_eq!((days.len(), lead), (MONTH - 1 + 3, MONTH - 1));
        assert_eq!(
            zone.format(days.starts()[lead]),
            "2024-03-09T00:00:00-05:00"
        );
        assert_eq!(
            zone.format(days.starts()[lead + 2]),
            "2024-03-11T00:00:00-04:00"
        );
    }
}
