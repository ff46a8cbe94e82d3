//! Clouds, hosting and operations.

use super::provider::{GITLEAKS, Provider, provider, token};
use crate::redact::shape::Body::{Alnum, Base64, Dotted, Hex, Mixed, Upper, Url};

pub(super) const CLOUD: &[Provider] = &[
    provider(
        "Amazon Web Services",
        &["aws", "amazon", "bedrock"],
        &[
            token("AKIA", Upper, 16),
            token("ASIA", Upper, 16),
            token("ABIA", Upper, 16),
            token("ACCA", Upper, 16),
            token("ABSK", Base64, 60),
            token("bedrock-api-key-", Base64, 30),
        ],
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
    ),
    provider(
        "Google",
        &["google", "gcp", "gemini", "firebase", "youtube"],
        &[
            token("AIza", Url, 35),
            token("ya29.", Dotted, 30),
            token("GOCSPX-", Url, 24),
        ],
        "https://cloud.google.com/docs/authentication/api-keys",
    ),
    provider("Microsoft Azure", &["azure", "cosmos"], &[], GITLEAKS),
    provider(
        "Alibaba Cloud",
        &["alibaba", "aliyun"],
        &[token("LTAI", Alnum, 16)],
        GITLEAKS,
    ),
    provider(
        "DigitalOcean",
        &["digitalocean"],
        &[
            token("dop_v1_", Hex, 64),
            token("doo_v1_", Hex, 64),
            token("dor_v1_", Hex, 64),
        ],
        "https://docs.digitalocean.com/reference/api/create-personal-access-token/",
    ),
    provider(
        "Cloudflare",
        &["cloudflare"],
        &[token("v1.0-", Url, 100)],
        GITLEAKS,
    ),
    provider(
        "Heroku",
        &["heroku"],
        &[token("HRKU-", Url, 36)],
        "https://devcenter.heroku.com/articles/authentication",
    ),
    provider(
        "Fly.io",
        &[],
        &[
            token("fo1_", Url, 40),
            token("fm1a_", Base64, 80),
            token("fm1r_", Base64, 80),
            token("fm2_", Base64, 80),
        ],
        GITLEAKS,
    ),
    provider(
        "Netlify",
        &["netlify"],
        &[token("nfp_", Alnum, 36)],
        GITLEAKS,
    ),
    provider("Vercel", &["vercel"], &[token("vcp_", Url, 24)], GITLEAKS),
    provider(
        "Databricks",
        &["databricks"],
        &[token("dapi", Hex, 32), token("dose", Hex, 32)],
        "https://docs.databricks.com/aws/en/dev-tools/auth/pat",
    ),
    provider(
        "HashiCorp",
        &["tfe"],
        &[
            token("hvs.", Url, 24),
            token("hvb.", Url, 24),
            token("hvr.", Url, 24),
        ],
        "https://developer.hashicorp.com/vault/docs/concepts/tokens",
    ),
    provider(
        "PlanetScale",
        &["planetscale"],
        &[
            token("pscale_tkn_", Dotted, 32),
            token("pscale_pw_", Dotted, 32),
            token("pscale_oauth_", Dotted, 32),
        ],
        GITLEAKS,
    ),
    provider(
        "Supabase",
        &["supabase"],
        &[token("sbp_", Hex, 40), token("sb_secret_", Url, 20)],
        "https://supabase.com/docs/guides/api/api-keys",
    ),
    provider(
        "Doppler",
        &["doppler"],
        &[
            token("dp.pt.", Alnum, 40),
            token("dp.st.", Dotted, 40),
            token("dp.ct.", Alnum, 40),
            token("dp.sa.", Alnum, 40),
        ],
        "https://docs.doppler.com/reference/auth-token-formats",
    ),
    provider(
        "1Password",
        &["onepassword"],
        &[token("ops_eyJ", Base64, 100), token("A3-", Mixed, 30)],
        GITLEAKS,
    ),
    provider("Pulumi", &["pulumi"], &[token("pul-", Hex, 40)], GITLEAKS),
    provider(
        "Grafana",
        &["grafana"],
        &[token("glsa_", Url, 32), token("glc_", Base64, 32)],
        GITLEAKS,
    ),
    provider(
        "New Relic",
        &["newrelic"],
        &[
            token("NRAK-", Alnum, 27),
            token("NRII-", Url, 32),
            token("NRJS-", Hex, 19),
        ],
        "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/",
    ),
    provider(
        "Sentry",
        &["sentry"],
        &[token("sntrys_", Base64, 40), token("sntryu_", Hex, 64)],
        GITLEAKS,
    ),
    provider(
        "Dynatrace",
        &["dynatrace"],
        &[token("dt0c01.", Dotted, 80), token("dt0s01.", Dotted, 80)],
        "https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens",
    ),
    provider("Datadog", &["datadog"], &[], GITLEAKS),
    provider(
        "Age",
        &[],
        &[token("AGE-SECRET-KEY-1", Upper, 50)],
        "https://github.com/FiloSottile/age",
    ),
];
