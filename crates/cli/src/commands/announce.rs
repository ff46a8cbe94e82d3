//! `weir announce`.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use weir_meta::AnnouncementLevel;
use weir_model::Timestamp;

use crate::{arguments::Announce, data_dir, environment, instance, output::print};

/// The longest announcement, in bytes: it is a line above every page.
const TEXT_BYTES: usize = 500;

/// Shows a text above every page of the application, or takes it away. Fails if the text or its end is not
/// valid, or the data directory does not exist.
pub async fn run(arguments: Announce) -> Result<ExitCode> {
    let said = arguments.text.as_deref().map(checked).transpose()?;
    let until = arguments.until.as_deref().map(moment).transpose()?;
    let level = match arguments.warning {
        true => AnnouncementLevel::Warning,
        false => AnnouncementLevel::Info,
    };
    let config = environment::configuration(&arguments.place)?;
    data_dir::require(&config)?;
    let meta = instance::open_meta_beside(&config).await?;
    let done = match said {
        Some(text) => meta
            .announce(text, level, until)
            .await
            .map(|()| "Everyone who has the application open sees it within half a minute."),
        None => meta.end_announcement().await.map(|ended| match ended {
            true => "The announcement is over.",
            false => "There was no announcement.",
        }),
    };
    meta.close().await;
    print(&format!("  {}\n", done?))?;
    Ok(ExitCode::SUCCESS)
}

fn checked(text: &str) -> Result<&str> {
    let text = text.trim();
    if text.is_empty() || text.len() > TEXT_BYTES || text.chars().any(char::is_control) {
        bail!("the text must be 1 to {TEXT_BYTES} bytes long, without line breaks");
    }
    Ok(text)
}

fn moment(text: &str) -> Result<Timestamp> {
    Timestamp::parse(text)
        .with_context(|| format!("{text:?} is not a time; give one like 2026-01-31T22:00:00Z"))
}
