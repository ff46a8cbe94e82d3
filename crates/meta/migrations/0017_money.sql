-- Prices for cached and reasoning tokens, for units and for long prompts, in any currency, and what a
-- currency is worth. Rates are in billionths of the price's currency.
ALTER TABLE prices ADD COLUMN currency TEXT NOT NULL DEFAULT 'USD';
ALTER TABLE prices ADD COLUMN cache_read_per_million INTEGER;
ALTER TABLE prices ADD COLUMN cache_write_per_million INTEGER;
ALTER TABLE prices ADD COLUMN reasoning_per_million INTEGER;
ALTER TABLE prices ADD COLUMN per_unit INTEGER;
ALTER TABLE prices ADD COLUMN unit TEXT;

-- Rates for calls with more input tokens than `above`; a rate that is null is the price's own.
CREATE TABLE price_tiers (
    price_id                TEXT    NOT NULL REFERENCES prices (id) ON DELETE CASCADE,
    above                   INTEGER NOT NULL,
    input_per_million       INTEGER,
    output_per_million      INTEGER,
    cache_read_per_million  INTEGER,
    cache_write_per_million INTEGER,
    reasoning_per_million   INTEGER,
    PRIMARY KEY (price_id, above)
) STRICT;

-- Billionths of a US dollar for one of a currency, from a moment on.
CREATE TABLE exchange_rates (
    project_key    INTEGER NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    currency       TEXT    NOT NULL,
    effective_from INTEGER NOT NULL,
    dollars        INTEGER NOT NULL,
    PRIMARY KEY (project_key, currency, effective_from)
) STRICT;
