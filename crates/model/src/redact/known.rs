//! Secrets that are known by how they begin: a table of who issues what, with its source.

use std::sync::LazyLock;

use super::shape::{Body, is_made_up};

/// What a secret is made of behind its prefix.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub prefix: &'static str,
    body: Body,
    /// The shortest that is issued, without the prefix.
    least: usize,
    /// Whether the prefix says where the secret belongs and is none itself, as in the address of a hook.
    pub keeps_prefix: bool,
}

/// Whoever issues secrets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Provider {
    pub name: &'static str,
    /// Its name in keys: a `{WORD}_KEY` is a secret. None where the name is a word that other keys have.
    words: &'static [&'static str],
    tokens: &'static [Token],
    /// Where the form of its secrets is described.
    #[cfg_attr(not(test), expect(dead_code, reason = "it says where to look"))]
    source: &'static str,
}

const fn token(prefix: &'static str, body: Body, least: usize) -> Token {
    Token {
        prefix,
        body,
        least,
        keeps_prefix: false,
    }
}

/// The address of a hook, which is a secret from here on.
const fn hook(prefix: &'static str, least: usize) -> Token {
    Token {
        prefix,
        body: Body::Path,
        least,
        keeps_prefix: true,
    }
}

const fn provider(
    name: &'static str,
    words: &'static [&'static str],
    tokens: &'static [Token],
    source: &'static str,
) -> Provider {
    Provider {
        name,
        words,
        tokens,
        source,
    }
}

/// The rules of a scanner of repositories, which describe the secrets of those who do not do so themselves.
const GITLEAKS: &str = "https://github.com/gitleaks/gitleaks/blob/b58d3f10/config/gitleaks.toml";

use Body::{Alnum, Base64, Dotted, Hex, Mixed, Upper, Url};

const CLOUD: &[Provider] = &[
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

const MODELS: &[Provider] = &[
    provider(
        "Anthropic",
        &["anthropic", "claude"],
        &[token("sk-ant-", Url, 20)],
        GITLEAKS,
    ),
    provider(
        "OpenRouter",
        &["openrouter"],
        &[token("sk-or-", Url, 24)],
        "https://openrouter.ai/docs/api-reference/authentication",
    ),
    provider(
        "Langfuse",
        &["langfuse"],
        &[token("sk-lf-", Url, 30)],
        "https://langfuse.com/docs",
    ),
    // OpenAI's form is that of many who offer its interface: DeepSeek, Moonshot, LiteLLM, ...
    provider(
        "OpenAI",
        &[
            "openai",
            "deepseek",
            "moonshot",
            "litellm",
            "stability",
            "dashscope",
        ],
        &[token("sk-", Url, 20), token("sess-", Alnum, 40)],
        "https://platform.openai.com/docs/api-reference/authentication",
    ),
    provider(
        "Hugging Face",
        &["huggingface", "hf"],
        &[token("hf_", Alnum, 30), token("api_org_", Alnum, 30)],
        "https://huggingface.co/docs/hub/security-tokens",
    ),
    provider(
        "Groq",
        &["groq"],
        &[token("gsk_", Alnum, 40)],
        "https://console.groq.com/docs/quickstart",
    ),
    provider(
        "xAI",
        &["xai", "grok"],
        &[token("xai-", Alnum, 60)],
        "https://docs.x.ai/docs/overview",
    ),
    provider(
        "Replicate",
        &["replicate"],
        &[token("r8_", Alnum, 32)],
        "https://replicate.com/docs/topics/security/api-tokens",
    ),
    provider(
        "Perplexity",
        &["perplexity"],
        &[token("pplx-", Alnum, 40)],
        GITLEAKS,
    ),
    provider(
        "Nvidia",
        &["nvidia"],
        &[token("nvapi-", Url, 50)],
        "https://docs.api.nvidia.com",
    ),
    provider(
        "Cerebras",
        &["cerebras"],
        &[token("csk-", Alnum, 40)],
        "https://inference-docs.cerebras.ai",
    ),
    provider(
        "Fireworks",
        &["fireworks"],
        &[token("fw_", Alnum, 20)],
        "https://docs.fireworks.ai",
    ),
    provider(
        "Together",
        &["togetherai"],
        &[token("tgp_v1_", Url, 40)],
        "https://docs.together.ai",
    ),
    provider(
        "Pinecone",
        &["pinecone"],
        &[token("pcsk_", Url, 40)],
        "https://docs.pinecone.io/guides/projects/manage-api-keys",
    ),
    provider(
        "LangSmith",
        &["langsmith", "langchain"],
        &[token("lsv2_pt_", Url, 40), token("lsv2_sk_", Url, 40)],
        "https://docs.smith.langchain.com",
    ),
    provider(
        "ElevenLabs",
        &["elevenlabs"],
        &[token("sk_", Hex, 48)],
        "https://elevenlabs.io/docs/api-reference/authentication",
    ),
    provider(
        "Voyage",
        &["voyage"],
        &[token("pa-", Mixed, 40)],
        "https://docs.voyageai.com",
    ),
    provider(
        "Tavily",
        &["tavily"],
        &[token("tvly-", Url, 24)],
        "https://docs.tavily.com",
    ),
    provider(
        "Firecrawl",
        &["firecrawl"],
        &[token("fc-", Hex, 32)],
        "https://docs.firecrawl.dev",
    ),
    provider(
        "Jina",
        &["jina"],
        &[token("jina_", Alnum, 40)],
        "https://jina.ai",
    ),
    provider(
        "E2B",
        &["e2b"],
        &[token("e2b_", Hex, 40)],
        "https://e2b.dev/docs",
    ),
    provider("Mistral", &["mistral"], &[], "https://docs.mistral.ai"),
    provider("Cohere", &["cohere"], &[], GITLEAKS),
    provider(
        "Weights & Biases",
        &["wandb"],
        &[token("wandb_v1_", Url, 40)],
        "https://docs.wandb.ai",
    ),
];

const GIT: &[Provider] = &[
    provider(
        "GitHub",
        &["github", "gh"],
        &[
            token("ghp_", Alnum, 36),
            token("gho_", Alnum, 36),
            token("ghu_", Alnum, 36),
            token("ghs_", Alnum, 36),
            token("ghr_", Alnum, 36),
            token("github_pat_", Url, 40),
        ],
        "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github",
    ),
    provider(
        "GitLab",
        &["gitlab"],
        &[
            token("glpat-", Dotted, 20),
            token("gldt-", Url, 20),
            token("glrt-", Dotted, 20),
            token("glcbt-", Url, 20),
            token("glptt-", Hex, 40),
            token("glft-", Url, 20),
            token("glimt-", Url, 20),
            token("glagent-", Url, 40),
            token("glsoat-", Url, 20),
            token("gloas-", Hex, 64),
            token("glffct-", Url, 20),
        ],
        "https://docs.gitlab.com/security/tokens/",
    ),
    provider(
        "Atlassian",
        &["atlassian", "bitbucket"],
        &[
            token("ATATT3", Base64Url, 60),
            token("ATCTT3", Base64Url, 60),
            token("ATBB", Alnum, 28),
        ],
        GITLEAKS,
    ),
    provider("npm", &["npm"], &[token("npm_", Alnum, 36)], GITLEAKS),
    provider("PyPI", &["pypi"], &[token("pypi-AgE", Url, 50)], GITLEAKS),
    provider(
        "RubyGems",
        &["rubygems"],
        &[token("rubygems_", Hex, 48)],
        GITLEAKS,
    ),
    provider("crates.io", &[], &[token("cio", Alnum, 32)], GITLEAKS),
    provider(
        "Docker",
        &["docker", "dockerhub"],
        &[token("dckr_pat_", Url, 24), token("dckr_oat_", Url, 24)],
        "https://docs.docker.com/security/access-tokens/",
    ),
    provider(
        "JFrog",
        &["jfrog", "artifactory"],
        &[token("AKCp", Alnum, 60), token("cmVmdGtu", Alnum, 50)],
        GITLEAKS,
    ),
    provider(
        "SonarQube",
        &["sonar"],
        &[
            token("squ_", Hex, 40),
            token("sqp_", Hex, 40),
            token("sqa_", Hex, 40),
        ],
        GITLEAKS,
    ),
    provider(
        "Sourcegraph",
        &["sourcegraph"],
        &[token("sgp_", Url, 40)],
        GITLEAKS,
    ),
    provider(
        "Buildkite",
        &["buildkite"],
        &[token("bkua_", Alnum, 40)],
        "https://buildkite.com/docs/apis",
    ),
    provider(
        "CircleCI",
        &["circleci"],
        &[token("CCIPAT_", Url, 40)],
        "https://circleci.com/docs/managing-api-tokens/",
    ),
    provider(
        "Postman",
        &["postman"],
        &[token("PMAK-", Url, 40)],
        GITLEAKS,
    ),
    provider("Prefect", &[], &[token("pnu_", Alnum, 36)], GITLEAKS),
    provider(
        "dbt",
        &["dbt"],
        &[token("dbtc_", Url, 30), token("dbtu_", Url, 30)],
        "https://docs.getdbt.com/docs/dbt-cloud-apis/authentication",
    ),
    provider("ReadMe", &[], &[token("rdme_", Alnum, 60)], GITLEAKS),
];

const PAYMENT: &[Provider] = &[
    // Publishable keys (`pk_`) are made to be seen.
    provider(
        "Stripe",
        &["stripe", "clerk", "paystack"],
        &[
            token("sk_live_", Alnum, 16),
            token("sk_test_", Alnum, 16),
            token("rk_live_", Alnum, 16),
            token("rk_test_", Alnum, 16),
            token("whsec_", Base64, 24),
        ],
        "https://docs.stripe.com/keys",
    ),
    provider(
        "PayPal and Braintree",
        &["paypal", "braintree"],
        &[
            token("access_token$production$", Dollar, 32),
            token("access_token$sandbox$", Dollar, 32),
        ],
        "https://developer.paypal.com/braintree/docs/guides/authorization/overview",
    ),
    provider(
        "Square",
        &[],
        &[
            token("sq0atp-", Url, 22),
            token("sq0csp-", Url, 43),
            token("EAAA", Mixed, 56),
        ],
        GITLEAKS,
    ),
    provider(
        "Adyen",
        &["adyen"],
        &[token("AQE", Mixed, 80)],
        "https://docs.adyen.com/development-resources/api-credentials/",
    ),
    provider(
        "Mollie, GoCardless and Lob",
        &["mollie", "gocardless"],
        &[
            token("live_", Alnum, 30),
            token("test_", Alnum, 30),
            token("live_", Mixed, 40),
        ],
        "https://docs.mollie.com/reference/authentication",
    ),
    provider(
        "Flutterwave",
        &["flutterwave"],
        &[token("FLWSECK-", Url, 30), token("FLWSECK_TEST-", Url, 12)],
        GITLEAKS,
    ),
    provider(
        "Shopify",
        &["shopify"],
        &[
            token("shpat_", Hex, 32),
            token("shpca_", Hex, 32),
            token("shppa_", Hex, 32),
            token("shpss_", Hex, 32),
            token("shptka_", Hex, 32),
        ],
        "https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens",
    ),
    provider(
        "Plaid",
        &["plaid"],
        &[
            token("access-sandbox-", Url, 36),
            token("access-development-", Url, 36),
            token("access-production-", Url, 36),
        ],
        GITLEAKS,
    ),
    provider(
        "Paddle",
        &["paddle"],
        &[
            token("pdl_live_apikey_", Url, 30),
            token("pdl_sdbx_apikey_", Url, 30),
        ],
        "https://developer.paddle.com/api-reference/about/api-keys",
    ),
    provider(
        "Duffel",
        &["duffel"],
        &[
            token("duffel_live_", Url, 40),
            token("duffel_test_", Url, 40),
        ],
        GITLEAKS,
    ),
    provider(
        "Shippo",
        &["shippo"],
        &[
            token("shippo_live_", Hex, 40),
            token("shippo_test_", Hex, 40),
        ],
        GITLEAKS,
    ),
    provider(
        "EasyPost",
        &["easypost"],
        &[token("EZAK", Alnum, 54), token("EZTK", Alnum, 54)],
        GITLEAKS,
    ),
    provider(
        "Razorpay",
        &["razorpay"],
        &[],
        "https://razorpay.com/docs/api/authentication/",
    ),
];

const CHAT: &[Provider] = &[
    provider(
        "Slack",
        &["slack"],
        &[
            token("xoxb-", Url, 20),
            token("xoxp-", Url, 20),
            token("xoxa-", Url, 20),
            token("xoxr-", Url, 20),
            token("xoxs-", Url, 20),
            token("xoxo-", Url, 20),
            token("xoxc-", Url, 20),
            token("xoxd-", Url, 20),
            token("xoxe-", Url, 20),
            token("xoxe.xox", Url, 20),
            token("xapp-", Url, 20),
            hook("hooks.slack.com/services/", 20),
            hook("hooks.slack.com/workflows/", 20),
            hook("hooks.slack.com/triggers/", 20),
        ],
        "https://docs.slack.dev/authentication/tokens",
    ),
    provider(
        "Discord",
        &["discord"],
        &[
            hook("discord.com/api/webhooks/", 40),
            hook("discordapp.com/api/webhooks/", 40),
        ],
        "https://docs.discord.com/developers/resources/webhook",
    ),
    provider(
        "Microsoft Teams",
        &[],
        &[hook("outlook.office.com/webhook/", 40)],
        GITLEAKS,
    ),
    provider(
        "Telegram",
        &["telegram"],
        &[],
        "https://core.telegram.org/bots/api#authorizing-your-bot",
    ),
    provider(
        "Twilio",
        &["twilio"],
        &[token("SK", Hex, 32), token("SG.", Dotted, 50)],
        "https://www.twilio.com/docs/iam/api-keys",
    ),
    provider(
        "SendGrid",
        &["sendgrid"],
        &[],
        "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys",
    ),
    provider("Mailgun", &["mailgun"], &[token("key-", Hex, 32)], GITLEAKS),
    provider(
        "Mailchimp",
        &["mailchimp", "mandrill"],
        &[token("md-", Mixed, 20)],
        GITLEAKS,
    ),
    provider(
        "Brevo",
        &["brevo", "sendinblue"],
        &[token("xkeysib-", Url, 64), token("xsmtpsib-", Url, 64)],
        GITLEAKS,
    ),
    provider(
        "Resend",
        &["resend"],
        &[token("re_", Mixed, 24)],
        "https://resend.com/docs/api-reference/introduction",
    ),
    provider(
        "Postmark",
        &["postmark"],
        &[],
        "https://postmarkapp.com/developer/api/overview",
    ),
    provider(
        "Meta",
        &["facebook", "whatsapp", "instagram"],
        &[token("EAA", Alnum, 80)],
        GITLEAKS,
    ),
    provider(
        "HubSpot",
        &["hubspot"],
        &[token("pat-na", Url, 36), token("pat-eu", Url, 36)],
        "https://developers.hubspot.com/docs/apps/legacy-apps/private-apps/overview",
    ),
    provider(
        "Notion",
        &["notion"],
        &[token("ntn_", Alnum, 40), token("secret_", Alnum, 40)],
        GITLEAKS,
    ),
    provider(
        "Linear",
        &[],
        &[token("lin_api_", Alnum, 32), token("lin_oauth_", Alnum, 32)],
        GITLEAKS,
    ),
    provider("Airtable", &["airtable"], &[], GITLEAKS),
    provider(
        "Figma",
        &["figma"],
        &[token("figd_", Url, 36), token("figo_", Url, 36)],
        "https://www.figma.com/developers/api#access-tokens",
    ),
    provider(
        "Typeform",
        &["typeform"],
        &[token("tfp_", Dotted, 40)],
        GITLEAKS,
    ),
    provider(
        "Contentful",
        &["contentful"],
        &[token("CFPAT-", Url, 40)],
        "https://www.contentful.com/developers/docs/references/authentication/",
    ),
    provider("Intercom", &["intercom"], &[], GITLEAKS),
    provider("Dropbox", &["dropbox"], &[token("sl.", Url, 100)], GITLEAKS),
    provider(
        "PostHog",
        &["posthog"],
        &[token("phx_", Alnum, 36), token("phs_", Alnum, 36)],
        "https://posthog.com/docs/api",
    ),
    provider(
        "Mapbox",
        &["mapbox"],
        &[token("sk.eyJ", Dotted, 60)],
        "https://docs.mapbox.com/help/glossary/access-token/",
    ),
    provider(
        "n8n",
        &["n8n"],
        &[token("n8n_api_", Url, 32)],
        "https://docs.n8n.io/api/authentication/",
    ),
    provider(
        "Weir",
        &["weir"],
        &[token("weir_", Keyed, 32)],
        "docs/SECURITY.md",
    ),
];

use Body::{Base64Url, Dollar, Keyed};

/// The tables by what their providers do.
pub(super) const KINDS: &[(&str, &[Provider])] = &[
    ("cloud", CLOUD),
    ("models", MODELS),
    ("git and packages", GIT),
    ("payment", PAYMENT),
    ("chat and services", CHAT),
];

pub(super) fn providers() -> impl Iterator<Item = &'static Provider> {
    KINDS.iter().flat_map(|(_, providers)| *providers)
}

/// The names of providers in keys.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    providers().flat_map(|provider| provider.words.iter().copied())
}

/// The tokens by their first byte, longer prefixes first.
static BY_FIRST: LazyLock<[Vec<(&'static Provider, Token)>; 256]> = LazyLock::new(|| {
    let mut by_first = [const { Vec::new() }; 256];
    for provider in providers() {
        for token in provider.tokens {
            by_first[usize::from(token.prefix.as_bytes()[0])].push((provider, *token));
        }
    }
    for tokens in &mut by_first {
        tokens.sort_by_key(|(_, token)| std::cmp::Reverse(token.prefix.len()));
    }
    by_first
});

/// How much of a body is looked at to decide what it is, so that a hostile text takes no longer.
const LOOKED_AT: usize = 2_048;

/// Who issued the secret that a text begins with, of what form it is, and how long it is.
pub(super) fn at_start(text: &str) -> Option<(&'static Provider, Token, usize)> {
    let first = text.as_bytes().first()?;
    let mut tokens = BY_FIRST[usize::from(*first)].iter();
    tokens.find_map(|&(provider, token)| {
        let body = text.strip_prefix(token.prefix)?;
        let length = token.body.length(body, LOOKED_AT);
        if length < token.least || !is_made_up(token.body, &body[..length]) {
            return None;
        }
        let length = match length {
            LOOKED_AT => token.body.length(body, usize::MAX).max(LOOKED_AT),
            length => length,
        };
        Some((provider, token, token.prefix.len() + length))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_provider_names_its_source_and_can_be_told() {
        for provider in providers() {
            assert!(provider.source.contains("//") || provider.source.ends_with(".md"));
            let told = provider.words.len() + provider.tokens.len();
            assert!(told > 0, "{}", provider.name);
            for token in provider.tokens {
                assert!(token.prefix.len() >= 2 && token.least >= 12, "{token:?}");
            }
        }
    }
}
