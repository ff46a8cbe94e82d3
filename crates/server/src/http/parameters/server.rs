//! Parameters of the operator's view.

use serde::Deserialize;
use utoipa::IntoParams;

/// Parameters of the operator's view.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ServerParameters {
    /// Number of days, today included: 1 to 365; 30 by default.
    pub days: Option<u32>,
}

never_narrowed! { ServerParameters }
