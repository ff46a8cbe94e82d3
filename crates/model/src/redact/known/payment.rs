//! Payments and commerce.

use super::provider::{GITLEAKS, Provider, provider, token};
use crate::redact::shape::Body::{Alnum, Base64, Dollar, Hex, Mixed, Url};

pub(super) const PAYMENT: &[Provider] = &[
    // Publishable keys (`pk_`) are not secret.
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
