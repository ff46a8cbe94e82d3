//! The demonstration company's automations.

/// An automation, which exists once per region.
pub(crate) struct Template {
    pub name: &'static str,
    pub trigger: &'static str,
    /// Steps as `Step name:stepType`, separated by `|`; `Sub-process/Step name:stepType` inside a
    /// sub-process.
    pub steps: &'static str,
    /// A goal that a completed execution can reach for its subject, and the median value of that
    /// goal.
    pub goal: Option<(&'static str, f64)>,
}

const fn plain(name: &'static str, trigger: &'static str, steps: &'static str) -> Template {
    Template {
        name,
        trigger,
        steps,
        goal: None,
    }
}

const fn with_goal(
    name: &'static str,
    trigger: &'static str,
    steps: &'static str,
    goal: &'static str,
    value: f64,
) -> Template {
    Template {
        name,
        trigger,
        steps,
        goal: Some((goal, value)),
    }
}

/// The regions in which each automation exists.
pub(crate) const REGIONS: [&str; 4] = ["EMEA", "AMER", "APAC", "DACH"];

/// The workflow whose release made a step slow.
pub(crate) const SLOW_WORKFLOW: &str = "invoice-capture-emea";
/// The step that became slow.
pub(crate) const SLOW_STEP: &str = "Extract fields";
/// The connector that was down.
pub(crate) const DOWN_CONNECTOR: &str = "hubspot";
/// The automation (in all regions) that ran on an expensive model for a day.
pub(crate) const COSTLY_TEMPLATE: &str = "Ticket triage";

/// Every automation.
pub(crate) const TEMPLATES: [Template; 50] = [
    with_goal(
        "Lead routing",
        "webhook",
        "Parse form:set|Enrich company:clearbit|Score lead:code|Assign owner:hubspot|Notify rep:slack",
        "lead_qualified",
        0.0,
    ),
    plain(
        "Invoice capture",
        "event",
        "Fetch attachment:gmail|Read document:ocr|Extract fields:openai|Match order:postgres|Post entry:sap",
    ),
    plain(
        "GDPR export",
        "manual",
        "Collect profile:postgres|Collect events:httpRequest|Build archive:code|Upload archive:s3|Send link:gmail",
    ),
    plain(
        "GDPR erasure",
        "manual",
        "Find records:postgres|Erase in CRM:hubspot|Erase in mail tool:mailchimp|Write proof:pdf|Confirm:gmail",
    ),
    plain(
        "Ticket triage",
        "webhook",
        "Load ticket:zendesk|Classify:openai|Find similar:pinecone|Set priority:zendesk|Alert on-call:slack",
    ),
    plain(
        "Support reply draft",
        "webhook",
        "Load ticket:zendesk|Retrieve articles:pinecone|Draft reply:anthropic|Save draft:zendesk",
    ),
    with_goal(
        "Trial nurturing",
        "schedule",
        "Select trials:postgres|Check usage:httpRequest|Choose mail:code|Send mail:sendgrid",
        "trial_converted",
        49.0,
    ),
    with_goal(
        "Abandoned cart",
        "event",
        "Load cart:shopify|Wait an hour:wait|Check order:shopify|Send reminder:sendgrid",
        "cart_recovered",
        84.0,
    ),
    with_goal(
        "Customer onboarding",
        "api",
        "Create account:httpRequest|Create folder:googleDrive|Invite users:auth0|Send welcome:sendgrid|Announce:slack",
        "onboarding_done",
        0.0,
    ),
    plain(
        "Employee onboarding",
        "manual",
        "Create mailbox:googleWorkspace|Add to groups:googleWorkspace|Order laptop:jira|Write contract:docx|Ask signature:docusign",
    ),
    plain(
        "Employee offboarding",
        "manual",
        "Disable login:auth0|Move files:googleDrive|Revoke keys:httpRequest|Close tickets:jira",
    ),
    plain(
        "Contract generation",
        "api",
        "Load deal:salesforce|Fill template:docx|Convert:pdf|Ask signature:docusign",
    ),
    with_goal(
        "Quote approval",
        "webhook",
        "Load quote:salesforce|Check margin:code|Ask manager:wait|Write quote:pdf|Send quote:gmail",
        "quote_accepted",
        4200.0,
    ),
    plain(
        "Order sync",
        "schedule",
        "List orders:shopify|Map fields:code|Upsert orders:postgres|Update stock:sap",
    ),
    plain(
        "Stock alert",
        "schedule",
        "Read stock:sap|Compare:code|Notify buyers:slack",
    ),
    plain(
        "Daily sales report",
        "schedule",
        "Query sales:bigquery|Draw charts:code|Write report:pdf|Mail report:gmail",
    ),
    plain(
        "Weekly board pack",
        "schedule",
        "Query figures:bigquery|Summarise:anthropic|Write slides:docx|Share:googleDrive",
    ),
    plain(
        "Churn watch",
        "schedule",
        "Score accounts:bigquery|Select risky:code|Create tasks:hubspot|Notify team:slack",
    ),
    with_goal(
        "Renewal reminder",
        "schedule",
        "Find renewals:salesforce|Draft mail:openai|Send mail:gmail|Log task:salesforce",
        "renewed",
        1900.0,
    ),
    plain(
        "Expense approval",
        "webhook",
        "Read receipt:ocr|Check policy:code|Ask manager:wait|Book expense:sap",
    ),
    plain(
        "Payment reconciliation",
        "schedule",
        "List payments:stripe|List invoices:postgres|Match:code|Book:sap|Report gaps:slack",
    ),
    plain(
        "Failed payment dunning",
        "event",
        "Load invoice:stripe|Choose step:code|Send mail:sendgrid|Update CRM:hubspot",
    ),
    plain(
        "Refund handling",
        "api",
        "Check order:shopify|Check fraud:httpRequest|Refund:stripe|Tell customer:sendgrid",
    ),
    plain(
        "Fraud screening",
        "webhook",
        "Load payment:stripe|Score:httpRequest|Decide:code|Hold payment:stripe",
    ),
    plain(
        "KYC check",
        "api",
        "Read passport:ocr|Check sanctions:httpRequest|Score:code|Store result:postgres",
    ),
    plain(
        "Address validation",
        "api",
        "Normalise:code|Look up:httpRequest|Store:postgres",
    ),
    plain(
        "CRM deduplication",
        "schedule",
        "Export contacts:hubspot|Find pairs:code|Merge:hubspot",
    ),
    plain(
        "Lead enrichment",
        "event",
        "Load contact:hubspot|Look up company:clearbit|Summarise site:openai|Save:hubspot",
    ),
    with_goal(
        "Webinar follow-up",
        "webhook",
        "List attendees:zoom|Segment:code|Write mails:anthropic|Send mails:mailchimp",
        "meeting_booked",
        0.0,
    ),
    plain(
        "Newsletter build",
        "schedule",
        "Collect posts:httpRequest|Summarise:openai|Lay out:code|Create campaign:mailchimp",
    ),
    plain(
        "Social publishing",
        "schedule",
        "Read plan:notion|Write posts:openai|Publish:httpRequest",
    ),
    plain(
        "Review monitoring",
        "schedule",
        "Fetch reviews:httpRequest|Judge tone:openai|Store:postgres|Notify:slack",
    ),
    plain(
        "Survey analysis",
        "event",
        "Load answers:typeform|Find themes:anthropic|Store:postgres|Share:notion",
    ),
    plain(
        "Meeting notes",
        "event",
        "Fetch recording:zoom|Transcribe:openai|Summarise:anthropic|Save notes:notion",
    ),
    plain(
        "CV screening",
        "webhook",
        "Fetch CV:gmail|Read CV:ocr|Compare with role:anthropic|File candidate:notion",
    ),
    plain(
        "Interview scheduling",
        "webhook",
        "Find slots:googleCalendar|Ask candidate:gmail|Book:googleCalendar",
    ),
    plain(
        "Release notes",
        "event",
        "List changes:github|Write notes:openai|Publish:notion|Announce:slack",
    ),
    plain(
        "Incident bridge",
        "webhook",
        "Open channel:slack|Page on-call:pagerduty|Open ticket:jira|Start timeline:notion",
    ),
    plain(
        "Deploy approval",
        "api",
        "Read checks:github|Ask lead:wait|Trigger deploy:httpRequest|Announce:slack",
    ),
    plain(
        "Certificate watch",
        "schedule",
        "Probe hosts:httpRequest|Compare dates:code|Open ticket:jira",
    ),
    plain(
        "Database backup check",
        "schedule",
        "List backups:s3|Verify newest:code|Report:slack",
    ),
    plain(
        "Log archive",
        "schedule",
        "List logs:s3|Compress:code|Upload:s3|Record:postgres",
    ),
    plain(
        "Usage metering",
        "schedule",
        "Read usage:postgres|Aggregate:code|Push meters:stripe",
    ),
    plain(
        "Price update",
        "event",
        "Load prices:sap|Compute:code|Update shop:shopify|Notify sales:slack",
    ),
    plain(
        "Shipment tracking",
        "schedule",
        "List parcels:postgres|Ask carrier:httpRequest|Update:shopify|Mail delays:sendgrid",
    ),
    plain(
        "Returns label",
        "api",
        "Check order:shopify|Buy label:httpRequest|Write label:pdf|Send label:sendgrid",
    ),
    plain(
        "Product import",
        "manual",
        "Read sheet:googleSheets|Clean:code|Describe:openai|Create products:shopify",
    ),
    plain(
        "Translation queue",
        "event",
        "Load texts:postgres|Translate:anthropic|Check terms:code|Save:postgres",
    ),
    plain(
        "Knowledge base sync",
        "schedule",
        "List pages:notion|Index pages/Split:code|Index pages/Embed:openai|Index pages/Upsert vectors:pinecone",
    ),
    plain(
        "SLA escalation",
        "schedule",
        "Find late tickets:zendesk|Rank:code|Escalate:jira|Notify lead:slack",
    ),
];
