//! `weir serve`.

use std::{
    fs::File,
    io::{self, Write},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, Result};
use tokio::net::TcpListener;
use weir_meta::{FirstStart, MetaStore, SystemEntropy};
use weir_model::SystemClock;
use weir_server::{App, Parts, Tls, Waiting};
use weir_store_duckdb::DuckDbStore;

use crate::{
    arguments::Serve,
    config::Config,
    greeting::{self, Access},
    instance, logging,
};

/// What gives the first start's key.
const BOOTSTRAP_KEY: &str = "WEIR_BOOTSTRAP_API_KEY";

/// A server that is ready to answer.
pub struct Ready {
    pub app: Arc<App>,
    pub meta: Arc<MetaStore>,
    pub store: Arc<DuckDbStore>,
    pub listener: TcpListener,
    /// TLS, if it is spoken.
    pub tls: Option<Arc<Tls>>,
    pub url: String,
    /// Where people reach it.
    pub public_url: String,
    pub first: Option<FirstStart>,
    /// The data directory is this process's as long as this lives.
    pub _claim: File,
}

/// Runs the server until it is told to stop.
pub async fn run(arguments: Serve) -> Result<ExitCode> {
    let ready = prepare(arguments).await?;
    let access = match ready.meta.offer_setup().await {
        Ok(Some(token)) => Access::SetUp(greeting::setup_link(&ready.public_url, &token)),
        Ok(None) => Access::AsBefore,
        Err(error) if error.is_full() => {
            tracing::error!(%error, "nobody can be invited to set up until there is room");
            Access::AsBefore
        }
        Err(error) => return Err(error.into()),
    };
    say(&greeting::text(&ready.url, &access, ready.first.as_ref()))?;
    weir_server::serve(ready.app, ready.listener, ready.tls, stop_signal()?).await?;
    Ok(ExitCode::SUCCESS)
}

/// Opens the stores and the port, and makes what the first start makes.
pub async fn prepare(arguments: Serve) -> Result<Ready> {
    let mut config = instance::configuration(&arguments.place)?;
    if let Some(listen) = arguments.listen {
        config.listen = listen;
    }
    config.encrypt_store |= arguments.encrypt_store;
    if let (Some(certificate), Some(key)) = (arguments.tls_cert, arguments.tls_key) {
        (config.tls_cert, config.tls_key) = (certificate, key);
    }
    if let Some(url) = arguments.smtp_url {
        config.mail.smtp_url = url;
    }
    // Once more, with what the command line says.
    let checked = config.check().and_then(|()| config.check_files());
    checked.context("the configuration is not valid")?;
    let given = arguments
        .bootstrap_api_key
        .as_deref()
        .filter(|key| !key.is_empty());
    if let Some(key) = given {
        weir_meta::check_given_key(key).context(BOOTSTRAP_KEY)?;
    }
    let tls = config.tls().map(Tls::load).transpose()?.map(Arc::new);
    logging::start(&config)?;
    for strange in instance::strange_variables() {
        tracing::warn!("{strange}");
    }
    instance::make_folder(&config.data_dir)?;
    let claim = instance::claim(&config)?;
    // What is refused is refused before anybody is told to wait for it.
    let sound = instance::look_at_both(&config).await?;
    // Then the port: who finds it taken should not have waited for the stores.
    let listener = listen(&config).await?;
    let url = greeting::url(listener.local_addr()?, tls.is_some());
    // Whoever asks meanwhile is told to wait, and not left without an answer.
    let waiting = Waiting::start(listener, tls.clone());
    let mailer = config.mail.mailer()?;
    let (meta, store) = sound.open(&config).await?;
    let first = meta.bootstrap(given).await?;
    if let Some(key) = given
        && !meta.has_key(key).await?
    {
        tracing::warn!(
            "{BOOTSTRAP_KEY} is no valid key here and does nothing: it makes a key on the first start only. Make \
             one under Settings, API keys (or POST /api/v1/projects/ID/keys), and unset the variable"
        );
    }
    let (store, meta) = (Arc::new(store), Arc::new(meta));
    let mut settings = config.settings();
    settings.outgoing = config.outgoing.settings()?;
    settings.check_control_data = instance::is_large(&instance::meta(&config));
    let public_url = match config.public_url.as_str() {
        "" => url.clone(),
        given => given.trim_end_matches('/').to_owned(),
    };
    settings.public_url.clone_from(&public_url);
    instance::announce(&claim, &public_url)?;
    let app = App::new(Parts {
        store: store.clone(),
        meta: meta.clone(),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        mailer,
        settings,
    })?;
    let listener = waiting.end().await?;
    Ok(Ready {
        app: Arc::new(app),
        meta,
        store,
        listener,
        tls,
        url,
        public_url,
        first,
        _claim: claim,
    })
}

async fn listen(config: &Config) -> Result<TcpListener> {
    TcpListener::bind(&config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))
}

/// Writes to standard output at once, also into a pipe.
pub fn say(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Ready at the first SIGINT or SIGTERM.
pub fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
