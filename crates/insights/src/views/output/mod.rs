//! Documents and queues: what workflows produce, and what they wait for.

mod documents;
mod queues;

pub use documents::DocumentReport;
pub use queues::QueueReport;

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{
    TimeRange,
    time::{DAY, HOUR},
};
use weir_query::Interval;

use super::{Frame, RangeView};
use crate::{AppError, ErrorCode, Reading, privacy::Viewer};

/// The default window.
const DEFAULT_WINDOW: &str = "7d";

/// The available bucket widths.
const BUCKETS: [(&str, Interval); 4] = [
    ("1m", Interval::Minute),
    ("5m", Interval::FiveMinutes),
    ("1h", Interval::Hour),
    ("1d", Interval::Day),
];

/// The parameters of both views.
#[derive(Clone, Debug, Default)]
pub struct OutputWanted {
    /// The length of a range that ends now, in place of the frame's range.
    pub window: Option<String>,
    /// The bucket width: 1m, 5m, 1h or 1d. By default it suits the window.
    pub bucket: Option<String>,
    /// Time range, time zone, environment and workflow.
    pub frame: Frame,
}

/// The window that a view covers.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OutputWindow {
    /// The time range.
    #[serde(flatten)]
    pub range: RangeView,
    /// The requested length; null for a custom range.
    pub window: Option<String>,
    /// The bucket width.
    pub bucket: Interval,
}

/// The request with a fixed range.
struct Framed {
    frame: Frame,
    range: TimeRange,
    view: OutputWindow,
}

impl Reading {
    async fn output_frame(
        &self,
        viewer: Viewer,
        wanted: &OutputWanted,
    ) -> Result<Framed, AppError> {
        let frame = wanted.frame.clone();
        let custom = frame.from.is_some() || frame.to.is_some() || frame.last.is_some();
        let default = (!custom).then(|| DEFAULT_WINDOW.to_owned());
        let frame = Frame {
            last: wanted.window.clone().or(frame.last).or(default),
            ..frame
        };
        let named = |mut error: AppError| {
            if wanted.window.is_some() && error.field.as_deref() == Some("last") {
                error.field = Some("window".to_owned());
            }
            error
        };
        let range = self.range_of(viewer.scope(), &frame).await.map_err(named)?;
        let bucket = bucket(wanted.bucket.as_deref(), range.length())?;
        Ok(Framed {
            view: OutputWindow {
                range: range.into(),
                window: frame.last.clone(),
                bucket,
            },
            frame: frame.within(range),
            range,
        })
    }
}

fn bucket(word: Option<&str>, length: i64) -> Result<Interval, AppError> {
    let Some(word) = word else {
        return Ok(match length {
            _ if length <= 6 * HOUR => Interval::FiveMinutes,
            _ if length <= 8 * DAY => Interval::Hour,
            _ => Interval::Day,
        });
    };
    let found = BUCKETS.iter().find(|(name, _)| *name == word);
    found.map(|&(_, interval)| interval).ok_or_else(|| {
        let names = BUCKETS.map(|(name, _)| name);
        let detail = format!("There is no bucket {word:?}.");
        AppError::new(ErrorCode::InvalidParameter, detail)
            .field("bucket")
            .fix(format!("Use one of {}.", names.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_as_requested_or_suits_the_window() {
        assert_eq!(bucket(Some("5m"), DAY).unwrap(), Interval::FiveMinutes);
        assert_eq!(bucket(None, 7 * DAY).unwrap(), Interval::Hour);
        assert_eq!(bucket(None, 30 * DAY).unwrap(), Interval::Day);
        let error = bucket(Some("2h"), DAY).unwrap_err();
        assert_eq!(error.fix.as_deref(), Some("Use one of 1m, 5m, 1h, 1d."));
    }
}
