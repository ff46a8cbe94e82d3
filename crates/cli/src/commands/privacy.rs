//! `weir privacy`.

use std::{fmt::Write, process::ExitCode, sync::Arc};

use anyhow::{Context, Result, bail};
use weir_delivery::mail::ConsoleMailer;
use weir_meta::{Origin, SystemEntropy};
use weir_model::SystemClock;
use weir_server::{App, Parts, app::privacy::ErasureInput};
use weir_store::EventStore;

use crate::{
    arguments::{Erase, Privacy},
    data_dir, environment, instance,
    output::print,
};

/// Runs a subcommand of `weir privacy`. Fails if the server is running or the project does not exist.
pub async fn run(command: Privacy) -> Result<ExitCode> {
    match command {
        Privacy::Erase(arguments) => erase(arguments).await,
    }
}

/// Erases a user in one project or in all of them.
async fn erase(arguments: Erase) -> Result<ExitCode> {
    let config = environment::configuration(&arguments.place)?;
    let _claim = data_dir::claim(&config)
        .context("use POST /api/v1/privacy/erasures while the server is running")?;
    let (meta, store) = instance::open_stores(&config).await?;
    let meta = Arc::new(meta);
    let store = Arc::new(store);
    let app = Arc::new(App::new(Parts {
        store: store.clone(),
        meta: meta.clone(),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        mailer: Arc::new(ConsoleMailer),
        settings: config.settings(),
    })?);
    let text = erase_everywhere(&app, &meta, &arguments).await;
    store.close().await?;
    meta.close().await;
    print(&text?)?;
    Ok(ExitCode::SUCCESS)
}

async fn erase_everywhere(
    app: &Arc<App>,
    meta: &weir_meta::MetaStore,
    arguments: &Erase,
) -> Result<String> {
    let operator = meta.operator().await?.context("there is no project yet")?;
    let mut projects = meta.door(&operator).projects().await?;
    if let Some(id) = &arguments.project {
        projects.retain(|project| project.id.to_string().eq_ignore_ascii_case(id));
        if projects.is_empty() {
            bail!("there is no project {id}");
        }
    }
    let actor = operator.actor(&Origin::default());
    let input = ErasureInput {
        user_id: arguments.user.clone(),
    };
    let mut text = String::new();
    for project in projects {
        let done = app.erase_now(project.scope, &input, &actor).await?;
        writeln!(
            text,
            "{}: erased from {} events of this user, {} other values and {} rollup rows; erasure {}",
            project.name,
            done.events.unwrap_or(0),
            done.mentions.unwrap_or(0),
            done.cube_rows.unwrap_or(0),
            done.id,
        )?;
    }
    Ok(text)
}
