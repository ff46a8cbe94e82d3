//! `weir sli`.

use std::{fmt::Write, process::ExitCode, sync::Arc};

use anyhow::{Context, Result, bail};
use weir_delivery::mail::ConsoleMailer;
use weir_insights::{
    privacy::Viewer,
    query::Freshness,
    views::{
        Frame,
        sli::{BurnAlertView, SliReport, Wanted},
    },
};
use weir_meta::{Project, SystemEntropy};
use weir_model::{Scope, SystemClock};
use weir_server::{App, Parts};
use weir_store::EventStore;

use crate::{arguments::Sli, data_dir, environment, instance, output::print};

/// Measures the windows that have ended, and shows the current ones. Fails if the server is running or the project
/// or window does not exist.
pub async fn run(arguments: Sli) -> Result<ExitCode> {
    let config = environment::configuration(&arguments.place)?;
    let _claim = data_dir::claim(&config).context(
        "a running server measures automatically: GET /api/workflow-analytics/sli returns its results",
    )?;
    let (meta, store) = instance::open_stores(&config).await?;
    let meta = Arc::new(meta);
    let store = Arc::new(store);
    let app = App::new(Parts {
        store: store.clone(),
        meta: meta.clone(),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        mailer: Arc::new(ConsoleMailer),
        settings: config.settings(),
    })?;
    let operator = meta.operator().await?.context("there is no project yet")?;
    let projects = meta.door(&operator).projects().await?;
    let shown = show(
        &app,
        &wanted(projects, arguments.project.as_deref())?,
        &arguments,
    )
    .await;
    store.close().await?;
    meta.close().await;
    print(&shown?)?;
    Ok(ExitCode::SUCCESS)
}

fn wanted(mut projects: Vec<Project>, id: Option<&str>) -> Result<Vec<Project>> {
    if let Some(id) = id {
        projects.retain(|project| project.id.to_string().eq_ignore_ascii_case(id));
        if projects.is_empty() {
            bail!("there is no project {id}");
        }
    }
    Ok(projects)
}

async fn show(app: &App, projects: &[Project], arguments: &Sli) -> Result<String> {
    let mut text = String::new();
    for project in projects {
        let scope = project.scope;
        let subjects = match &arguments.workflow {
            Some(workflow) => vec![Some(workflow.clone())],
            None => app.sli_subjects(scope).await?,
        };
        for workflow in subjects {
            let (measured, report) = measure(app, scope, workflow.clone(), arguments).await?;
            match arguments.json {
                true => writeln!(text, "{}", serde_json::to_string(&report)?)?,
                false => {
                    let subject = workflow.as_deref().unwrap_or("all workflows");
                    let title = format!("{}, {subject}", project.name);
                    text += &described(&title, measured, &report);
                }
            }
        }
    }
    Ok(text)
}

async fn measure(
    app: &App,
    scope: Scope,
    workflow: Option<String>,
    arguments: &Sli,
) -> Result<(usize, SliReport)> {
    let window = arguments.window.as_deref();
    let measured = app
        .reading
        .measure_windows(scope, workflow.as_deref(), window)
        .await?;
    let wanted = Wanted {
        window: arguments.window.clone(),
        frame: Frame {
            workflow,
            ..Frame::default()
        },
    };
    let report = app
        .reading
        .sli_report(Viewer::clear(scope), &wanted, Freshness::Computed)
        .await?;
    Ok((measured, report.body))
}

/// A report as text.
fn described(title: &str, measured: usize, report: &SliReport) -> String {
    let (now, config) = (&report.current, &report.config);
    let latency = &now.latency;
    let rows = [
        (
            "window",
            format!(
                "{}, {} to {}, days of {}",
                report.burn_rates.period, now.window_start, now.window_end, config.timezone
            ),
        ),
        (
            "success",
            format!(
                "{} of {} runs{}; target {} %: {}",
                percent(now.success_pct),
                now.total_runs,
                now.bounds.map_or_else(String::new, |bounds| format!(
                    " ({} to {} % at {} % confidence)",
                    bounds.lower_pct, bounds.upper_pct, bounds.confidence_pct
                )),
                config.target_success_pct,
                now.verdict.name()
            ),
        ),
        (
            "latency",
            format!(
                "p95 {}, {} of {} runs within {} ms; target {} %: {}",
                now.p95_ms
                    .map_or_else(|| "unknown".to_owned(), |p95| format!("{p95} ms")),
                percent(latency.in_time_pct),
                latency.timed_runs,
                latency.threshold_ms,
                latency.target_pct,
                latency.verdict.name()
            ),
        ),
        (
            "budget",
            format!(
                "{} of the error budget and {} of the latency budget are spent",
                percent(now.error_budget_burn_pct),
                percent(latency.error_budget_burn_pct)
            ),
        ),
        ("alerts", alerts(&report.burn_rates.alerts)),
        (
            "history",
            format!(
                "{} windows stored, {measured} measured now",
                report.history.len()
            ),
        ),
    ];
    let mut text = format!("{title}\n");
    for (name, value) in rows {
        text += &format!("  {name:<9}{value}\n");
    }
    text
}

fn percent(value: Option<f64>) -> String {
    value.map_or_else(
        || "an unknown share".to_owned(),
        |value| format!("{value} %"),
    )
}

fn alerts(alerts: &[BurnAlertView]) -> String {
    let firing = alerts.iter().filter(|alert| alert.is_firing());
    let named: Vec<_> = firing
        .map(|alert| {
            format!(
                "{} for {}: burn rates over {} and {} are {} or higher",
                alert.severity.name(),
                alert.objective.name(),
                alert.long.window,
                alert.short.window,
                alert.factor
            )
        })
        .collect();
    match named.is_empty() {
        true => "none".to_owned(),
        false => named.join("; "),
    }
}
