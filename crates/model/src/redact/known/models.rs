//! Language models and the services around them.

use super::provider::{GITLEAKS, Provider, provider, token};
use crate::redact::shape::Body::{Alnum, Hex, Mixed, Url};

pub(super) const MODELS: &[Provider] = &[
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
    // Many providers with a compatible API use OpenAI's form: DeepSeek, Moonshot, LiteLLM, ...
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
