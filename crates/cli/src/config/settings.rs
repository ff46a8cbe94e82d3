//! What the configuration means: settings of the server, the mailer, certificates and retention.

use std::{fs, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use weir_delivery::mail::{ConsoleMailer, DirectoryMailer, Mailer, SmtpMailer};
use weir_model::{Granularity, time};
use weir_server::{
    TlsFiles,
    app::settings::{
        AuditSettings, DimensionSettings, IntakeSettings, LimitSettings, LiveSettings, MetricsKey,
        OutgoingSettings, QuerySettings, Settings,
    },
};
use weir_store::StaleRule;

use super::declaration::{Config, MailConfig, OutgoingConfig};

impl Config {
    /// The settings of the server.
    pub fn settings(&self) -> Settings {
        Settings {
            intake: IntakeSettings {
                body_bytes: self.intake.body_bytes,
                decoded_bytes: self.intake.decoded_bytes,
                decoded_ratio: self.intake.decoded_ratio,
                decompressing: self.intake.decompressing,
                slices: self.intake.slices,
                memory_bytes: self.intake.memory_bytes,
                body_rate: self.intake.body_bytes_per_second,
                body_timeout: Duration::from_secs(self.intake.body_seconds),
                redaction: self.redaction.clone(),
                ..IntakeSettings::default()
            },
            query: QuerySettings {
                deadline: Duration::from_secs(self.query.deadline_seconds),
                light_deadline: Duration::from_secs(self.query.light_deadline_seconds),
                concurrent: self.query.concurrent,
                heavy_concurrent: self.query.heavy_concurrent,
                cache_bytes: self.query.cache_bytes,
                tree_executions: self.query.tree_executions,
                retention: self.retention(),
            },
            dimensions: DimensionSettings {
                most: self.dimensions.most,
                most_values: self.dimensions.most_values,
            },
            live: LiveSettings {
                subscribers: self.live.subscribers,
                heartbeat: Duration::from_secs(self.live.heartbeat_seconds),
                check: Duration::from_secs(self.live.check_seconds),
                waiting_bytes: self.live.waiting_bytes,
                ..LiveSettings::default()
            },
            audit: AuditSettings {
                kept: self.audit.kept.0,
                waiting: self.audit.waiting,
            },
            compaction_interval: Duration::from_secs(self.store.compaction_seconds),
            sli_interval: Duration::from_secs(self.sli.measure_seconds),
            budget_interval: Duration::from_secs(self.costs.budget_seconds),
            worths: self.costs.worths,
            rule_workflows: self.process.workflows,
            annotations: self.projects.annotations,
            saved_views: self.projects.saved_views,
            triaged_errors: self.projects.triaged_errors,
            stale: StaleRule {
                after: self.executions.stale_after.0,
                ..Settings::default().stale
            },
            limits: LimitSettings {
                person_reads: self.limits.person_reads,
                person_requests: self.limits.person_requests,
                key_requests: self.limits.key_requests,
                address_attempts: self.limits.address_attempts,
            },
            cors_origins: self.cors_origins.clone(),
            secure_cookie: self.secure_cookie
                || !self.tls_cert.is_empty()
                || self.public_url.starts_with("https://"),
            trusted_proxies: self.trusted_proxies.0.clone(),
            unread: Duration::from_secs(self.limits.unread_seconds),
            metrics_key: MetricsKey::new(&self.metrics_key),
            ..Settings::default()
        }
    }

    /// The certificate and its key, if the server terminates TLS itself.
    pub fn tls(&self) -> Option<TlsFiles> {
        let set = !self.tls_cert.is_empty();
        set.then(|| TlsFiles {
            certificate: self.tls_cert.clone().into(),
            key: self.tls_key.clone().into(),
        })
    }

    /// How long rollup rows are kept.
    pub fn retention(&self) -> time::Retention {
        let kept = &self.retention;
        time::Retention::FOREVER
            .with(Granularity::Minute, kept.minute.0)
            .with(Granularity::FiveMinutes, kept.five_minutes.0)
            .with(Granularity::Hour, kept.hour.0)
            .with(Granularity::Day, kept.day.0)
    }

    /// How far the clock may jump before expiry pauses, in milliseconds; `None` means any distance.
    pub fn clock_jump(&self) -> Option<i64> {
        self.retention.clock_jump.0
    }

    /// How long a query may take.
    pub fn query_deadline(&self) -> Duration {
        Duration::from_secs(self.query.deadline_seconds)
    }
}

impl OutgoingConfig {
    /// The settings of outgoing requests. Fails if the file of authorities cannot be read.
    pub fn settings(&self) -> Result<OutgoingSettings> {
        let file = &self.authorities;
        let authorities = match file.as_os_str().is_empty() {
            true => String::new(),
            false => fs::read_to_string(file).with_context(|| {
                format!("outgoing.authorities: {} cannot be read", file.display())
            })?,
        };
        Ok(OutgoingSettings {
            allowed: self.allowed.0.clone(),
            plain_http: self.plain_http,
            authorities,
        })
    }
}

impl MailConfig {
    /// What delivers mails: SMTP, a directory or the console. Fails if the settings of the chosen one are wrong.
    pub fn mailer(&self) -> Result<Arc<dyn Mailer>> {
        if !self.smtp_url.is_empty() {
            let mailer = SmtpMailer::new(&self.smtp_url, &self.from);
            return Ok(Arc::new(mailer.context("mail.smtp_url or mail.from")?));
        }
        if !self.directory.as_os_str().is_empty() {
            let mailer = DirectoryMailer::new(&self.directory);
            return Ok(Arc::new(mailer.context("mail.directory")?));
        }
        Ok(Arc::new(ConsoleMailer))
    }
}
