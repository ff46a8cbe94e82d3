//! Costs, waste, forecasts and budgets.

use super::Definition;

pub(super) const DEFINITIONS: &[Definition] = &[
    Definition {
        name: "cost_per_execution",
        label: "Cost of an execution",
        unit: "US dollars",
        formula: "cost / executions",
        description: "Money spent over every execution once, finished or not. Null without executions, and where executions can not be told apart as the costs are: a cost has a provider, an execution has none.",
        source: "Paper 2",
    },
    Definition {
        name: "cost_per_successful_execution",
        label: "Cost of a success",
        unit: "US dollars",
        formula: "cost / completed",
        description: "All money spent, that of failed and repeated executions among it, over completed executions. Null without any.",
        source: "Weir",
    },
    Definition {
        name: "waste",
        label: "Waste",
        unit: "US dollars",
        formula: "cost of failed executions + cost of retried executions",
        description: "Failed: they failed or crashed and no other execution names them in retryOf. Retried: another names them, however they ended. Ends and retries are looked for up to 31 days from the range; costs without an execution are unattributed and no waste.",
        source: "Weir",
    },
    Definition {
        name: "waste_share",
        label: "Share of waste",
        unit: "percent",
        formula: "100 x waste / cost",
        description: "Null where nothing was spent.",
        source: "Weir",
    },
    Definition {
        name: "cost_forecast",
        label: "Forecast",
        unit: "US dollars",
        formula: "the method with the smallest mean absolute error of a rolling back-test, applied to up to 182 whole days since the first cost",
        description: "Methods: mstl_ets takes a weekly season out with MSTL and carries the rest on with exponential smoothing of additive errors chosen by AICc; ets is the same without a season; seasonal_naive is the same day of the week before. None below 14 days or 5 days with costs; called short below 56 days.",
        source: "Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., chapters 5, 8 and 12; Bandara, Hyndman & Bergmeir (2021), MSTL",
    },
    Definition {
        name: "forecast_interval",
        label: "Bounds of a forecast",
        unit: "percent",
        formula: "value +- 1.2816 x standard deviation x max(1, 80 % quantile of back-test errors over their bounds)",
        description: "80 of 100 days, or sums of days, should lie within their bounds. The deviation of a sum follows from how the model carries a day's shock on. Never below 0.",
        source: "Hyndman et al. (2008), Forecasting with Exponential Smoothing, chapter 6",
    },
    Definition {
        name: "forecast_error",
        label: "Error of the back-test",
        unit: "percent",
        formula: "100 x sum of |forecast - actual| / sum of |actual|",
        description: "Over forecasts from up to four days in the past, a week apart, each of up to 30 days (WAPE). Null if nothing was spent.",
        source: "Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., 5.8 and 5.10",
    },
];
