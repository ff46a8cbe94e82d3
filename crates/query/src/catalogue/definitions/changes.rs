//! What changed.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "step_slower",
        label: "Slower step or workflow",
        unit: "milliseconds",
        formula: "after - before: the mean duration since the change, minus that before it; of steps, the mean working time; bounds as for comparisons",
        description: "Found in the logarithms of the daily medians without their weekly rhythm, by Student's t of a window of days against all days before it, whose variance is raised where days resemble their neighbours. Reported from a ratio of 1.25, 50 ms and 20 runs on. The hour is the most likely one; the first execution of a version within 12 hours of it is named as the cause. A workflow is not reported if one of its steps explains half of the additional time. A step that only waits longer (for a person or until a time) is not reported, nor is its workflow if that explains it. The bounds of working times come from the deviation of durations.",
        source: "Levin, Kline, Statistics in Medicine 4 (1985); Olshen et al., Biostatistics 5 (2004); Bayley, Hammersley, JRSS Supplement 8 (1946); Hinkley, Biometrika 57 (1970)",
    },
    Definition {
        name: "connector_down",
        label: "Connector down",
        unit: "percent",
        formula: "after - before: the failure rate of a type of step in a window of hours, minus that before it; Newcombe's bounds",
        description: "Found by the likelihood ratio of a window of hours against all hours before it, over all workflows together. A connector is down if half of its runs or more fail, in two workflows or more; if fewer fail, its failures rise. Failures of its workflows until an hour after the outage are not reported again, neither as failures of workflows and steps nor as errors.",
        source: "Kulldorff, Communications in Statistics 26 (1997); Zhang, Assunção, Kulldorff, Journal of Probability and Statistics (2010); McCullagh, Nelder, Generalized Linear Models (1989)",
    },
    Definition {
        name: "failures_rising",
        label: "Failures rising",
        unit: "percent",
        formula: "after - before: the failure rate of a workflow or step in a window of days, minus that before it; Newcombe's bounds",
        description: "Found like a connector that is down, by the day. Reported from twice the rate, 5 percentage points, 10 failures beyond the usual number and 20 runs on.",
        source: "Kulldorff, Communications in Statistics 26 (1997)",
    },
    Definition {
        name: "cost_spike",
        label: "Cost spike",
        unit: "US dollars per day",
        formula: "after - before: the cost per day in a window, minus the medians of the same weekdays before it",
        description: "Found like a slower step, in the logarithms of the daily costs of each model (or provider without a model), over all workflows and for each. Reported from 1.5 times the usual cost, 1 US dollar per day and 2 % of the daily costs on. The workflows named make up 95 % of the additional cost; only the first, if it makes up 80 %.",
        source: "Levin, Kline, Statistics in Medicine 4 (1985)",
    },
    Definition {
        name: "error_escalating",
        label: "New or escalating error",
        unit: "errors per day",
        formula: "after - before: errors of a group per day in a window, minus the number that the executions of its days had at the rate before it",
        description: "Found in errors per execution by the day, like failures. An error is new if its group never occurred before the range, its first day is a week or more after the first data, and it occurs in 5 executions or more. Others are reported from twice the rate and 10 errors beyond the usual number on.",
        source: "Kulldorff, Communications in Statistics 26 (1997); Przyborowski, Wilenski, Biometrika 31 (1940)",
    },
    Definition {
        name: "workflow_silent",
        label: "Silent workflow",
        unit: "executions",
        formula: "effect.runs = the sum over the hours since the last run of the mean executions of each hour of the week, reduced as much as everything else ran less often",
        description: "Reported if it is improbable that none ran by chance: by the number that were due, or by the longest pause in earlier weeks if pauses vary little. Three workflows or more that stopped while nearly everything else stopped as well are reported as one change. Needs two weeks and 20 executions.",
        source: "Gelman et al., Bayesian Data Analysis (2013); Rényi, Acta Mathematica 4 (1953)",
    },
    Definition {
        name: "change_p_value",
        label: "p-value of a change",
        unit: "probability",
        formula: "min over ranks from its own on of p x tested / rank, where p is the p-value of the best window times the number of windows",
        description: "Changes up to 0.01 are reported, so that of each kind, one in a hundred is expected to be chance. certain: up to 0.0001, with 50 samples or more on each side. likely: up to 0.001. possible: the rest.",
        source: "Benjamini, Hochberg, JRSS B 57 (1995)",
    },
    Definition {
        name: "change_rank",
        label: "Rank of a change",
        unit: "ratio",
        formula: "failedRuns / failed executions + milliseconds / time of all executions + cost / cost of everything + missing runs / executions, each of the searched days",
        description: "The largest effect comes first. Missing runs are those of a silent workflow.",
        source: "Weir's own",
    },
];
