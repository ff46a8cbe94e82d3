//! Comparing the pages of control data once, where the start did not.

use tokio::sync::watch;

use crate::app::App;

/// Looks through control data beside the first requests.
pub(super) async fn check(app: &App, mut stopped: watch::Receiver<bool>) {
    if !app.settings.check_control_data {
        return;
    }
    let checked = tokio::select! {
        checked = app.check_control_data() => checked,
        _ = stopped.wait_for(|stopped| *stopped) => return,
    };
    match checked {
        Ok(()) => tracing::debug!("the pages of control data agree with one another"),
        Err(error) => tracing::error!(
            %error,
            "control data is damaged: stop the server and bring meta.sqlite back from a backup"
        ),
    }
}
