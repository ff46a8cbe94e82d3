//! The properties by which facts are grouped and filtered.

macro_rules! dimensions {
    (
        hidden { $($own:ident = $own_name:literal, $own_label:literal, $own_description:literal;)* }
        $($variant:ident = $name:literal, $label:literal, $description:literal;)*
    ) => {
        /// A property by which facts are grouped and filtered. Its name is used both in the API and
        /// as the column.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Dimension { $(#[doc = $description] $variant,)* $(#[doc = $own_description] $own,)* }

        impl Dimension {
            /// Every dimension that queries can use, in the order of the catalogue.
            pub const ALL: &'static [Dimension] = &[$(Dimension::$variant,)*];
            /// The name in the API and of the column.
            pub fn name(self) -> &'static str { match self { $(Dimension::$variant => $name,)* $(Dimension::$own => $own_name,)* } }
            /// The display name.
            pub fn label(self) -> &'static str { match self { $(Dimension::$variant => $label,)* $(Dimension::$own => $own_label,)* } }
            /// One sentence for the catalogue.
            pub fn description(self) -> &'static str { match self { $(Dimension::$variant => $description,)* $(Dimension::$own => $own_description,)* } }
        }
    };
}

dimensions! {
    hidden {
        DeclaredKey = "declared_key", "Declared key", "In cubes of declared dimensions: the key of the declared dimension.";
        DeclaredValue = "declared_value", "Declared value", "In cubes of declared dimensions: the value of the declared dimension.";
    }
    Environment = "environment", "Environment", "Where the workflow ran, for example production.";
    Workflow = "workflow", "Workflow", "The workflow's id.";
    Version = "version", "Version", "The workflow's version.";
    TriggerType = "trigger_type", "Trigger type", "What started the execution: webhook, schedule, manual, api, ...";
    Called = "called", "Called by", "Whether another execution called this one (child) or none did (root).";
    Status = "status", "Status", "The state of an execution, step or document.";
    ErrorType = "error_type", "Error type", "The error's type, as the producer named it.";
    ErrorGroup = "error_group", "Error group", "The error group, as determined by fingerprints, rules and merges.";
    ErrorClass = "error_class", "Error class", "The class of the error: timeout, network, auth, rate_limit, validation, not_found, server, quota, code or unknown.";
    ErrorStep = "error_step", "Failed step", "The step at which an execution failed.";
    User = "user", "User", "The user who caused the event.";
    Step = "step", "Step", "The step's id within its workflow.";
    StepType = "step_type", "Step type", "The kind of step: httpRequest, postgres, openai, ...";
    EventType = "event_type", "Event type", "The type of the ingested event.";
    Action = "action", "Action", "What a user did.";
    Resource = "resource", "Resource", "The kind of resource that a user acted on.";
    ActionType = "action_type", "Action type", "What was paid for.";
    Provider = "provider", "Provider", "The provider that was paid.";
    Model = "model", "Model", "The model that was used.";
    BilledUnit = "unit", "Unit", "The unit that a cost is billed in: image, second, ...";
    DocumentKind = "document_kind", "Document kind", "The kind of document: pdf, docx, ...";
    Queue = "queue", "Queue", "The queue's name.";
    QueueAction = "queue_action", "Queue action", "What happened in the queue: enqueued or dequeued.";
    Goal = "goal", "Goal", "The goal that was reached.";
    Source = "source", "Source", "Where the event came from: http, an importer, a CloudEvents source.";
}
