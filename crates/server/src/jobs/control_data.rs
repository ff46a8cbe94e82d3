//! Checking the pages of control data once, if the start did not.

use tokio::sync::watch;

use crate::app::App;

/// Checks control data in the background.
pub(super) async fn check(app: &App, mut stopped: watch::Receiver<bool>) {
    if !app.settings.check_control_data {
        return;
    }
    let checked = tokio::select! {
        checked = app.check_control_data() => checked,
        _ = stopped.wait_for(|stopped| *stopped) => return,
    };
    match checked {
        Ok(()) => tracing::debug!("control data is intact"),
        Err(error) => tracing::error!(
            %error,
            "control data is damaged: stop the server and restore meta.sqlite from a backup"
        ),
    }
}
