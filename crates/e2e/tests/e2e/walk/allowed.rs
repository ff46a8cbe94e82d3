//! Fields that can be null or empty, and why.

/// Endpoints that are skipped.
pub const NOT_WALKED: &[(&str, &str)] = &[
    ("/openapi.json", "the document itself"),
    (
        "/api/v1/sse/counts/{tenant_id}",
        "a stream, with tests of its own",
    ),
    (
        "/api/v1/workflows/{id}/analytics/stream",
        "a stream, with tests of its own",
    ),
    (
        "/api/v1/identity-provider",
        "404 until one is configured; single sign-on has tests of its own",
    ),
    (
        "/api/v1/server",
        "its figures are noted once a minute; the operator's view has tests of its own",
    ),
];

/// Endpoint, place in its answer, reason. `*` is every endpoint that has a place with this ending; a place that ends
/// with `*` is everything that begins like it.
pub const ALLOWED: &[(&str, &str, &str)] = &[
    ("*", "/completeness/gaps[]", "no source fell silent"),
    (
        "*",
        "/triage/cameBackAt",
        "no error occurred after the group was resolved",
    ),
    (
        "/api/v1/views",
        "/views[]",
        "a key sees shared views only; saved views have tests of their own",
    ),
    (
        "/api/v1/analytics/costs/forecast",
        "/leftOut[]",
        "no day is left out",
    ),
    ("*", "/nextCursor", "everything is on the first page"),
    (
        "/api/v1/analytics/costs/prices/starter",
        "/prices[]/reasoningPerMillion",
        "no price in the book has a separate rate for reasoning",
    ),
    (
        "/api/v1/analytics/costs/prices/starter",
        "/prices[]/tiers[]/reasoningPerMillion",
        "no price in the book has a separate rate for reasoning",
    ),
    (
        "*",
        "/rollups/reconciliation",
        "the first comparison is at night",
    ),
    (
        "/api/v1/redaction",
        "/builtIn/values[]",
        "the configuration has no expressions",
    ),
    (
        "/api/v1/executions/{id}",
        "/tree/cutAtLevel",
        "the tree is small",
    ),
    (
        "/api/v1/executions/{id}",
        "/timeline/waits[]",
        "the execution did not wait",
    ),
    (
        "/api/v1/executions/{id}",
        "/children[]/stepId",
        "the child started while no step was running",
    ),
    (
        "/api/v1/executions/{id}",
        "/children[]/occurrence",
        "the child started while no step was running",
    ),
    (
        "/api/v1/executions/{id}/norms",
        "/findings[]",
        "nothing is unusual about the execution",
    ),
    (
        "/api/v1/executions/{id}/neighbours",
        "/newer/error*",
        "the newer execution completed",
    ),
    (
        "/api/v1/executions/{id}/neighbours",
        "/older/parent*",
        "no other execution called the older one",
    ),
    (
        "/api/v1/executions/{id}/neighbours",
        "/older/retryOf",
        "the older execution retries no other",
    ),
    (
        "/api/v1/executions/comparison",
        "/b/error*",
        "the second execution completed",
    ),
    (
        "/api/v1/executions/comparison",
        "/rows[]/counterpart",
        "both executions ran their steps in the same order",
    ),
    (
        "*",
        "/definition/conditions[]",
        "the segment contains everyone and has no conditions",
    ),
    (
        "/api/v1/analytics/activity/engagement",
        "/rule/updatedAt",
        "no one changed the rule",
    ),
    (
        "/api/v1/analytics/activity/engagement/rule",
        "/updatedAt",
        "no one changed the rule",
    ),
    (
        "/api/v1/analytics/changes",
        "/changes[]",
        "the data is too young to show a change",
    ),
    (
        "/api/v1/analytics/costs/breakdown",
        "/breakdown[]/name",
        "action types have no names",
    ),
    (
        "/api/v1/analytics/costs/breakdown",
        "/breakdown[]/executions",
        "an execution has no action type",
    ),
    (
        "/api/v1/analytics/costs/breakdown",
        "/breakdown[]/successful",
        "an execution has no action type",
    ),
    (
        "/api/v1/analytics/costs/breakdown",
        "/breakdown[]/costPerExecution",
        "an execution has no action type",
    ),
    (
        "/api/v1/analytics/costs/breakdown",
        "/breakdown[]/costPerSuccessfulExecution",
        "an execution has no action type",
    ),
    (
        "/api/v1/analytics/costs/breakdown",
        "/breakdown[]/creditsPerExecution",
        "an execution has no action type",
    ),
    (
        "/api/v1/analytics/costs/budgets",
        "/budgets[]/workflowId",
        "the budget is for the whole project",
    ),
    (
        "/api/v1/analytics/costs/budgets",
        "/budgets[]/userId",
        "the budget is for the whole project",
    ),
    (
        "/api/v1/analytics/segments/{id}/members",
        "/members[]/name",
        "users have no names",
    ),
    (
        "/api/v1/analytics/workflows/comparison",
        "/groups[]/name",
        "versions have no names",
    ),
    (
        "/api/v1/analytics/workflows/{id}/performance",
        "/trend[]/group",
        "the trend is for one workflow",
    ),
    (
        "/api/v1/analytics/workflows/{id}/performance",
        "/trend[]/name",
        "the trend is for one workflow",
    ),
    (
        "/api/v1/analytics/workflows/{id}/versions",
        "/versions[]/change/responsibleStep",
        "both versions take equally long",
    ),
    (
        "/api/v1/api-keys",
        "/keys[]/environment",
        "the key is for every environment",
    ),
    (
        "/api/v1/api-keys",
        "/keys[]/createdBy",
        "the first start created the key",
    ),
    (
        "/api/v1/api-keys",
        "/keys[]/expiresAt",
        "the key does not expire",
    ),
    ("/api/v1/api-keys", "/keys[]/revokedAt", "the key is in use"),
    (
        "/api/v1/api-keys",
        "/keys[]/replacedBy",
        "the key is in use",
    ),
    (
        "/api/v1/audit",
        "/entries[]/detail*",
        "the value as it was sent",
    ),
    (
        "/api/v1/errors/rules",
        "/rules[]",
        "the project has none of its own",
    ),
    (
        "/api/v1/errors/rules",
        "/versions[]",
        "the project has none of its own",
    ),
    (
        "/api/v1/invitations",
        "/invitations[]/name",
        "the invitation gives none",
    ),
    (
        "/api/v1/invitations",
        "/invitations[]/projects[]",
        "the role applies to the whole organisation",
    ),
    (
        "/api/v1/observability/overview",
        "/status/insights[]/previous",
        "no figure fell compared with the previous range",
    ),
    (
        "/api/v1/observability/status",
        "/insights[]/previous",
        "no figure fell compared with the previous range",
    ),
    (
        "/api/v1/people",
        "/people[]/projects[]",
        "the role applies to the whole organisation",
    ),
    (
        "/api/v1/privacy/erasures",
        "/erasures[]",
        "no one was erased",
    ),
    ("/api/v1/projects", "/projects[]/role", "a key has no role"),
    (
        "/api/v1/redaction",
        "/keys[]",
        "the project has no rules of its own",
    ),
    (
        "/api/v1/redaction",
        "/values[]",
        "the project has no rules of its own",
    ),
    (
        "/api/v1/redaction",
        "/by",
        "the project has no rules of its own",
    ),
    (
        "/api/v1/redaction",
        "/changedAt",
        "the project has no rules of its own",
    ),
    (
        "/api/v1/session",
        "/projects[]/role",
        "the role applies to the whole organisation",
    ),
    (
        "/api/v1/workflows/{id}/analytics",
        "/goal",
        "any goal counts",
    ),
    (
        "/api/workflow-analytics/sli",
        "/config/workflowId",
        "the target is the project's",
    ),
    (
        "/api/v1/analytics/workflows/{id}/versions",
        "/versions[]/durationP95",
        "a version has too few runs for the bounds of its p95",
    ),
];
