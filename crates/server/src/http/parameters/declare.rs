//! Macros that declare the parameters of views.

/// Implements [`Narrowed`](crate::http::parameters::extract::Narrowed) for parameters that accept no
/// conditions on declared dimensions.
macro_rules! never_narrowed {
    ($($name:ident)*) => {$(
        impl crate::http::parameters::extract::Narrowed for $name {
            fn narrow(&mut self, _: Vec<weir_query::Filter>) {}

            fn environment(&mut self) -> Option<&mut Option<String>> {
                None
            }
        }
    )*};
}

/// Gives parameters with a range the frame that they describe.
macro_rules! of_range {
    ($($name:ident)*) => {$(
        impl $name {
            /// The range and every condition except the workflow.
            fn of_range(&self) -> weir_insights::views::Frame {
                use crate::http::parameters::extract::given;
                weir_insights::views::Frame {
                    from: given(&self.from),
                    to: given(&self.to),
                    last: given(&self.last),
                    timezone: given(&self.timezone),
                    environment: given(&self.environment),
                    workflow: None,
                    declared: self.declared.clone(),
                }
            }
        }
    )*};
}

macro_rules! parameters {
    ($(#[$doc:meta])* $name:ident of a range { $($fields:tt)* }) => {
        parameters! {
            $(#[$doc])*
            $name {
                /// Start of the range (inclusive), RFC 3339.
                from: Option<String>,
                /// End of the range (exclusive), RFC 3339.
                to: Option<String>,
                /// A range that ends now, instead of `from` and `to`: `24h`, `4w`, or `30d`, which is today and the 29 days before it. The default is `30d`.
                last: Option<String>,
                $($fields)*
            }
        }

        of_range! { $name }
    };
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Deserialize, IntoParams)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub(in crate::http) struct $name {
            /// UUID of the project; required only if the caller has access to several.
            #[serde(rename = "projectId")]
            #[allow(dead_code, reason = "the guard reads it")]
            pub project_id: Option<String>,
            /// Only this environment.
            pub environment: Option<String>,
            /// IANA time zone of buckets and relative ranges; UTC by default.
            #[param(example = "Europe/Amsterdam")]
            pub timezone: Option<String>,
            /// Whether to bypass the cache: true or false.
            #[allow(dead_code, reason = "the frame around every handler reads it")]
            pub refresh: Option<bool>,
            $($(#[$fdoc])* pub $field: $type,)*
            /// Conditions on declared dimensions.
            #[serde(skip)]
            pub declared: Vec<weir_query::Filter>,
        }

        impl crate::http::parameters::extract::Narrowed for $name {
            fn narrow(&mut self, declared: Vec<weir_query::Filter>) {
                self.declared = declared;
            }

            fn environment(&mut self) -> Option<&mut Option<String>> {
                Some(&mut self.environment)
            }
        }
    };
}

macro_rules! frames {
    ($($name:ident: $workflow:expr;)*) => {$(
        impl $name {
            /// What the view covers.
            pub(in crate::http) fn frame(&self) -> weir_insights::views::Frame {
                let workflow: fn(&Self) -> Option<String> = $workflow;
                weir_insights::views::Frame {
                    workflow: workflow(self),
                    ..self.of_range()
                }
            }
        }
    )*};
}
