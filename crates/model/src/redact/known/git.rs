//! Source code, packages and builds.

use super::provider::{GITLEAKS, Provider, provider, token};
use crate::redact::shape::Body::{Alnum, Base64Url, Dotted, Hex, Url};

pub(super) const GIT: &[Provider] = &[
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
