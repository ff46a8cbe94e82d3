//! Parameters of the views of service levels.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_insights::views::{
    Frame,
    sli::{StandingsWanted, Wanted},
};

use super::extract::given;

parameters! {
    /// Parameters of the overview.
    OverviewParameters {
        /// The window up to now: 1d, 7d (the default), 28d or 30d.
        window: Option<String>,
        /// Only this workflow.
        workflow_id: Option<String>,
    }
}

parameters! {
    /// Parameters of service levels.
    SliParameters {
        /// The window up to now: 1d, 7d, 28d or 30d; by default, the window of the target.
        window: Option<String>,
        /// Only this workflow, measured against its own target if it has one.
        workflow_id: Option<String>,
    }
}

parameters! {
    /// Parameters of the service levels of a project.
    StandingsParameters {
        /// The window up to now: 1d, 7d, 28d or 30d; by default, the window of each target.
        window: Option<String>,
        /// Maximum number of service levels: 1 to 500; 200 by default.
        limit: Option<u32>,
    }
}

impl StandingsParameters {
    /// Which service levels to return.
    pub(in crate::http) fn wanted(&self) -> StandingsWanted {
        StandingsWanted {
            window: given(&self.window),
            frame: Frame {
                timezone: given(&self.timezone),
                environment: given(&self.environment),
                ..Frame::default()
            },
            limit: self.limit,
        }
    }
}

parameters! {
    /// Parameters of the time series.
    TimeseriesParameters {
        /// The window up to now: 1d, 7d (the default), 28d or 30d.
        window: Option<String>,
        /// The length of buckets: 1m, 5m (the default), 1h or 1d.
        bucket: Option<String>,
        /// Only this workflow.
        workflow_id: Option<String>,
    }
}

macro_rules! windows {
    ($($name:ident)*) => {$(
        impl $name {
            /// What the view covers.
            pub(in crate::http) fn wanted(&self) -> Wanted {
                Wanted {
                    window: given(&self.window),
                    frame: Frame {
                        timezone: given(&self.timezone),
                        environment: given(&self.environment),
                        workflow: given(&self.workflow_id),
                        ..Frame::default()
                    },
                }
            }
        }
    )*};
}

windows! { OverviewParameters SliParameters TimeseriesParameters }
