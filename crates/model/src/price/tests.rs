use super::*;

fn rate(text: &str) -> Option<Decimal> {
    Decimal::parse(text)
}

fn terms(model: Option<&str>, from: i64, rates: [&str; 3]) -> PriceTerms {
    let [input, output, per_call] = rates.map(rate);
    PriceTerms {
        provider: "openai".to_owned(),
        model: model.map(str::to_owned),
        from: Timestamp(from),
        currency: USD.to_owned(),
        tokens: TokenRates {
            input,
            output,
            ..TokenRates::default()
        },
        per_call,
        per_unit: None,
        unit: None,
        tiers: Vec::new(),
    }
}

fn price(id: &str, model: Option<&str>, from: i64, rates: [&str; 3]) -> Price {
    terms(model, from, rates).with_id(Arc::from(id))
}

fn cost(fields: serde_json::Value) -> CostEvent {
    let mut json = serde_json::json!({"type": "cost", "timestamp": 1_700_000_000_000_i64,
        "provider": "openai", "model": "small"});
    for (name, value) in fields.as_object().unwrap() {
        json[name] = value.clone();
    }
    let decoder = crate::event::Decoder::new(crate::event::Limits::default(), Arc::default());
    let event = decoder.decode(
        json.to_string().as_bytes(),
        &Arc::from("http"),
        Timestamp(1_773_576_000_000),
    );
    match event.unwrap().kind {
        EventKind::Cost(cost) => cost,
        other => panic!("{other:?}"),
    }
}

fn amount(terms: &PriceTerms, fields: serde_json::Value) -> Option<String> {
    terms.amount(&cost(fields)).map(|amount| amount.to_string())
}

#[test]
fn an_amount_is_rates_times_quantities() {
    use serde_json::json;
    let all = terms(None, 0, ["0.15", "0.6", "0.01"]);
    let both = json!({"inputTokens": 1_000_000, "outputTokens": 500_000});
    assert_eq!(amount(&all, both).as_deref(), Some("0.45"));
    assert_eq!(
        amount(&all, json!({"apiCalls": 3})).as_deref(),
        Some("0.03")
    );
    // 0.15 dollars for a million are 150 billionths a token.
    let one = json!({"inputTokens": 1});
    assert_eq!(all.amount(&cost(one)), Some(Decimal(150)));
    assert_eq!(all.amount(&cost(json!({}))), None);
    let tokens_only = terms(None, 0, ["0.15", "", ""]);
    let others = json!({"outputTokens": 9, "apiCalls": 3});
    assert_eq!(tokens_only.amount(&cost(others)), None);
    let tiny = terms(None, 0, ["0.0000005", "", ""]);
    let half = json!({"inputTokens": 1_000});
    assert_eq!(tiny.amount(&cost(half)), Some(Decimal(1)), "half up");
    let less = json!({"inputTokens": 999});
    assert_eq!(tiny.amount(&cost(less)), Some(Decimal(0)));
    let dear = terms(None, 0, ["", "", "9000000000"]);
    assert_eq!(
        dear.amount(&cost(json!({"apiCalls": 2}))),
        None,
        "too large"
    );
}

#[test]
fn cached_tokens_have_their_own_rate_however_the_producer_counts_input() {
    use serde_json::json;
    let mut cached = terms(None, 0, ["0.50", "3.00", ""]);
    let without = json!({"inputTokens": 20_212, "cacheReadTokens": 16_298, "outputTokens": 931});
    assert_eq!(
        amount(&cached, without.clone()).as_deref(),
        Some("0.012899"),
        "without their own rate, they are input"
    );
    cached.tokens.cache_read = rate("0.05");
    assert_eq!(amount(&cached, without).as_deref(), Some("0.0055649"));
    let excluded = json!({"inputTokens": 3_914, "cacheReadTokens": 16_298, "outputTokens": 931,
        "inputIncludesCache": false});
    assert_eq!(amount(&cached, excluded).as_deref(), Some("0.0055649"));
    cached.tokens.cache_write = rate("0.625");
    let written = json!({"inputTokens": 3_000_000, "cacheReadTokens": 1_000_000, "cacheWriteTokens": 1_000_000});
    assert_eq!(amount(&cached, written).as_deref(), Some("1.175"));
}

#[test]
fn reasoning_is_part_of_the_output_or_added_to_it() {
    use serde_json::json;
    let mut thinking = terms(None, 0, ["", "10", ""]);
    let included = json!({"outputTokens": 1_000_000, "reasoningTokens": 400_000});
    assert_eq!(amount(&thinking, included.clone()).as_deref(), Some("10"));
    thinking.tokens.reasoning = rate("5");
    assert_eq!(amount(&thinking, included).as_deref(), Some("8"));
    let apart = json!({"outputTokens": 600_000, "reasoningTokens": 400_000, "outputIncludesReasoning": false});
    assert_eq!(amount(&thinking, apart).as_deref(), Some("8"));
}

#[test]
fn a_tier_applies_to_the_whole_call_and_counts_all_prompt_tokens() {
    use serde_json::json;
    let mut tiered = terms(None, 0, ["3", "15", ""]);
    tiered.tiers = vec![Tier {
        above_prompt_tokens: 200_000,
        rates: terms(None, 0, ["6", "22.5", ""]).tokens,
    }];
    let call = |input: i64| json!({"inputTokens": input, "outputTokens": 2_000});
    assert_eq!(amount(&tiered, call(200_000)).as_deref(), Some("0.63"));
    assert_eq!(amount(&tiered, call(200_001)).as_deref(), Some("1.245006"));
    assert_eq!(amount(&tiered, call(250_000)).as_deref(), Some("1.545"));
    let mut cached = call(150_000);
    cached["cacheReadTokens"] = json!(100_000);
    cached["inputIncludesCache"] = json!(false);
    assert_eq!(
        amount(&tiered, cached.clone()).as_deref(),
        Some("1.545"),
        "cached tokens count towards the length of a prompt"
    );
    tiered.tokens.cache_read = rate("0.3");
    assert_eq!(
        amount(&tiered, cached).as_deref(),
        Some("0.975"),
        "where a tier has no rate, the price's own applies"
    );
}

#[test]
fn only_units_that_the_price_is_for_are_priced() {
    use serde_json::json;
    let mut images = terms(None, 0, ["", "", ""]);
    images.per_unit = rate("0.04");
    let three = json!({"units": 3, "unit": "image"});
    assert_eq!(amount(&images, three.clone()).as_deref(), Some("0.12"));
    images.unit = Some("second".to_owned());
    assert_eq!(amount(&images, three), None);
    let seconds = json!({"units": 12.5, "unit": "second"});
    assert_eq!(amount(&images, seconds).as_deref(), Some("0.5"));
}

fn applied(
    book: &PriceBook,
    fields: serde_json::Value,
    moment: i64,
) -> (Option<String>, Option<String>) {
    let mut event = Event {
        id: String::new(),
        id_source: crate::event::IdSource::Sent,
        timestamp: Timestamp(moment),
        source: Arc::from(""),
        environment: None,
        workflow_id: None,
        workflow_name: None,
        workflow_version: None,
        user_id: None,
        metadata: None,
        kind: EventKind::Cost(cost(fields)),
    };
    book.apply(&mut event);
    match event.kind {
        EventKind::Cost(cost) => (
            cost.dollar_amount.map(|amount| amount.to_string()),
            cost.price.map(|id| id.to_string()),
        ),
        other => panic!("{other:?}"),
    }
}

#[test]
fn other_currencies_are_converted_at_the_rate_of_the_day() {
    use serde_json::json;
    let mut euro = price("euro", Some("small"), 0, ["10", "", ""]);
    euro.terms.currency = "EUR".to_owned();
    let exchange = |from: i64, dollars: &str| ExchangeRate {
        currency: "EUR".to_owned(),
        from: Timestamp(from),
        dollars: rate(dollars).unwrap(),
    };
    let book = PriceBook::new(vec![euro], vec![exchange(200, "1.2"), exchange(100, "1.1")]);
    let tokens = json!({"inputTokens": 1_000_000});
    let id = Some("euro".to_owned());
    assert_eq!(applied(&book, tokens.clone(), 99), (None, None));
    assert_eq!(
        applied(&book, tokens.clone(), 100),
        (Some("11".to_owned()), id.clone())
    );
    assert_eq!(applied(&book, tokens, 200), (Some("12".to_owned()), id));
    let own = json!({"amount": "-5", "currency": "eur", "inputTokens": 7});
    assert_eq!(
        applied(&book, own.clone(), 150),
        (Some("-5.5".to_owned()), None)
    );
    assert_eq!(applied(&book, own, 50), (None, None));
    let dollars = json!({"dollarAmount": "5", "currency": "USD"});
    assert_eq!(applied(&book, dollars, 50), (Some("5".to_owned()), None));
}

#[test]
fn the_newest_price_of_the_model_applies_or_else_that_of_the_provider() {
    let rates = ["1", "", ""];
    let book = PriceBook::new(
        vec![
            price("small-2", Some("small"), 200, rates),
            price("any", None, 50, rates),
            price("small-1", Some("small"), 100, rates),
        ],
        Vec::new(),
    );
    let at = |model: Option<&str>, moment: i64| {
        let found = book.price_at("openai", model, Timestamp(moment));
        found.map(|price| price.id.to_string())
    };
    assert_eq!(at(Some("small"), 49), None);
    assert_eq!(at(Some("small"), 50).as_deref(), Some("any"));
    assert_eq!(at(Some("small"), 199).as_deref(), Some("small-1"));
    assert_eq!(at(Some("small"), 200).as_deref(), Some("small-2"));
    assert_eq!(at(Some("large"), 200).as_deref(), Some("any"));
    assert_eq!(at(None, 200).as_deref(), Some("any"));
    assert_eq!(book.price_at("aws", None, Timestamp(200)), None);
    let spans: Vec<_> = book.spans().map(|s| (&*s.of.id, s.to)).collect();
    let expected = [
        ("any", None),
        ("small-1", Some(Timestamp(200))),
        ("small-2", None),
    ];
    assert_eq!(spans, expected);
}

#[test]
fn names_are_compared_ignoring_case() {
    let mut capitals = price("new", Some("GPT-4o"), 10, ["2", "", ""]);
    capitals.terms.provider = "OpenAI".to_owned();
    let other = price("other", Some("gpt-4o-mini"), 0, ["3", "", ""]);
    let old = price("old", Some("gpt-4o"), 0, ["1", "", ""]);
    let book = PriceBook::new(vec![capitals, other, old], Vec::new());
    let at = |provider: &str, model: &str, moment: i64| {
        let price = book.price_at(provider, Some(model), Timestamp(moment));
        price.map(|price| price.id.to_string())
    };
    assert_eq!(at("openai", "gpt-4O", 9).as_deref(), Some("old"));
    assert_eq!(at("OPENAI", "gpt-4o", 10).as_deref(), Some("new"));
    assert_eq!(at("openai", "gpt-4", 10), None);
    // Letters beyond ASCII are compared as they are, as in the store.
    assert_eq!(compared("ÄB"), "Äb");
    let spans: Vec<_> = book.spans().map(|span| (&*span.of.id, span.to)).collect();
    assert_eq!(
        spans,
        [("old", Some(Timestamp(10))), ("new", None), ("other", None)]
    );
}
