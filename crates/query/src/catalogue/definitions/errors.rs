//! Error groups and classes.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "error_group",
        label: "Error group",
        unit: "none",
        formula: "hash of the cause that the message tells and the words before it, or of the message's words without values; merged groups hold the fingerprints of their examples",
        description: "Errors that are the same error whichever library said it: identifiers, numbers, addresses, dates, hosts, paths and quoted values do not matter, nor do names of the step that failed, its type and its workflow, HTTP statuses only where a message says nothing else. The project's rules come before (replace) and after (group, class). Counted are failed and crashed executions.",
        source: "Weir's own; fitted to a table of messages grouped by hand (crates/analysis/src/fingerprint/table)",
    },
    Definition {
        name: "error_class",
        label: "Error class",
        unit: "none",
        formula: "of the cause, else the first class whose words the message has, else that of its HTTP status, else that of its error type; a rule of the project overrides it",
        description: "timeout: no answer in time. network: not reached, or not safely. auth: credentials or permissions refused. rate_limit: too much in a short time, later it works again. validation: the input was refused. not_found: what was named is not there. server: the other side failed by itself. quota: an allowance is used up, of credits, a plan, connections, memory or space. code: the workflow's own code or expression is wrong. unknown: none of these, as far as the error says.",
        source: "Weir's own",
    },
    Definition {
        name: "error_share",
        label: "Share of a group",
        unit: "percent",
        formula: "100 x errors of the group / errors of the range",
        description: "0 where the range has no errors. The share is of all errors that the filters let through, listed or not.",
        source: "Weir",
    },
    Definition {
        name: "error_change",
        label: "Change of a group",
        unit: "percent",
        formula: "100 x (count - previousCount) / previousCount",
        description: "Against the range before, of the same shape; null where the group had no errors in it.",
        source: "Weir's own",
    },
];
