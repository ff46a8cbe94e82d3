//! Error groups and classes.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "error_group",
        label: "Error group",
        unit: "none",
        formula: "hash of the cause that the message states and the words before it, or of the words of the message without values; a merged group holds the fingerprints of its examples",
        description: "The same error, whichever library reported it. Identifiers, numbers, addresses, dates, hosts, paths and quoted values are ignored, as are the names of the failed step, its type and its workflow; an HTTP status matters only if the message says nothing else. The project's rules apply before (replace) and after (group, class). Failed and crashed executions count.",
        source: "Weir's own; fitted to a table of manually grouped messages (crates/analysis/src/fingerprint/table)",
    },
    Definition {
        name: "error_class",
        label: "Error class",
        unit: "none",
        formula: "the class of the cause, else the first class whose words the message contains, else the class of its HTTP status, else that of its error type; a rule of the project overrides it",
        description: "timeout: no answer in time. network: could not connect, or not securely. auth: credentials or permissions were rejected. rate_limit: too many requests in a short time; works again later. validation: the input was rejected. not_found: the requested object does not exist. server: the remote system failed. quota: an allowance of credits, a plan, connections, memory or disk space is used up. code: the workflow's own code or expression is wrong. unknown: the error points to none of these.",
        source: "Weir's own",
    },
    Definition {
        name: "error_share",
        label: "Group share",
        unit: "percent",
        formula: "100 x errors of the group / errors of the range",
        description: "0 if the range has no errors. The total includes all errors that match the filters, whether listed or not.",
        source: "Weir's own",
    },
    Definition {
        name: "error_change",
        label: "Group change",
        unit: "percent",
        formula: "100 x (count - previousCount) / previousCount",
        description: "Compared with the previous range of the same shape; null if the group had no errors in it.",
        source: "Weir's own",
    },
];
