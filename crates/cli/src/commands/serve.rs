//! `weir serve`.

use std::{fs::File, process::ExitCode, sync::Arc};

use anyhow::{Context, Result};
use tokio::net::TcpListener;
use weir_meta::{FirstStart, MetaStore, SystemEntropy};
use weir_model::SystemClock;
use weir_server::{App, Parts, Tls, Waiting};
use weir_store_duckdb::DuckDbStore;

use crate::{
    arguments::Serve,
    config::Config,
    data_dir, environment, files,
    greeting::{self, Access},
    instance, logging,
    output::print,
};

/// The variable with the API key that the first start creates.
const BOOTSTRAP_KEY: &str = "WEIR_BOOTSTRAP_API_KEY";

/// A server that is ready to serve requests.
pub struct Ready {
    pub app: Arc<App>,
    pub meta: Arc<MetaStore>,
    pub store: Arc<DuckDbStore>,
    pub listener: TcpListener,
    /// TLS, if Weir terminates it.
    pub tls: Option<Arc<Tls>>,
    /// Its URL on this machine.
    pub url: String,
    /// Its URL for browsers.
    pub public_url: String,
    pub first: Option<FirstStart>,
    /// The claim on the data directory, held as long as this exists.
    pub _claim: File,
}

/// Runs the server until it receives a signal to stop. Fails if it cannot start.
pub async fn run(arguments: Serve) -> Result<ExitCode> {
    let ready = prepare(arguments).await?;
    let access = match ready.meta.offer_setup().await {
        Ok(Some(token)) => Access::Setup(greeting::setup_link(&ready.public_url, &token)),
        Ok(None) => Access::Existing,
        Err(error) if error.is_full() => {
            tracing::error!(%error, "cannot create a setup link until there is disk space");
            Access::Existing
        }
        Err(error) => return Err(error.into()),
    };
    print(&greeting::text(&ready.url, &access, ready.first.as_ref()))?;
    weir_server::serve(ready.app, ready.listener, ready.tls, stop_signal()?).await?;
    Ok(ExitCode::SUCCESS)
}

/// Opens the stores and the port, and creates what a first start creates. Fails if the configuration is not valid,
/// the data directory is in use, its parts do not match, or the port is taken.
pub async fn prepare(arguments: Serve) -> Result<Ready> {
    let mut config = environment::configuration(&arguments.place)?;
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
    // Checked again, now with the flags.
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
    for message in environment::unknown_variables() {
        tracing::warn!("{message}");
    }
    data_dir::create(&config.data_dir)?;
    let claim = data_dir::claim(&config)?;
    // A start that is going to be refused must not first ask clients to wait.
    let checked = instance::look_at_both(&config).await?;
    // The port comes before the stores, so that a taken port is reported without delay.
    let listener = listen(&config).await?;
    let url = greeting::url(listener.local_addr()?, tls.is_some());
    // Until the stores are open, requests are answered with 503 and not left waiting.
    let waiting = Waiting::start(listener, tls.clone());
    let mailer = config.mail.mailer()?;
    let (meta, store) = checked.open(&config).await?;
    let first = meta.bootstrap(given).await?;
    if let Some(key) = given
        && !meta.has_key(key).await?
    {
        tracing::warn!(
            "{BOOTSTRAP_KEY} is not a valid key of this server and has no effect: it creates a key on the first start \
             only. Create one under Settings, API keys (or POST /api/v1/projects/ID/keys), and unset the variable"
        );
    }
    let (store, meta) = (Arc::new(store), Arc::new(meta));
    let mut settings = config.settings();
    settings.outgoing = config.outgoing.settings()?;
    settings.check_control_data = instance::is_large(&files::meta(&config));
    let public_url = match config.public_url.as_str() {
        "" => url.clone(),
        given => given.trim_end_matches('/').to_owned(),
    };
    settings.public_url.clone_from(&public_url);
    data_dir::announce(&claim, &public_url)?;
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

/// Completes at the first SIGINT or SIGTERM. Fails if the signals cannot be handled.
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
