-- More of what costs say, and trees of costs. Counts include their parts: input those of the cache, output
-- those of reasoning.

ALTER TABLE costs ADD COLUMN cache_read_tokens BIGINT;
ALTER TABLE costs ADD COLUMN cache_write_tokens BIGINT;
ALTER TABLE costs ADD COLUMN reasoning_tokens BIGINT;
ALTER TABLE costs ADD COLUMN units BIGINT;
ALTER TABLE costs ADD COLUMN unit VARCHAR;
-- The producer's own money where it is not in US dollars; `amount` follows from it.
ALTER TABLE costs ADD COLUMN foreign_amount BIGINT;
ALTER TABLE costs ADD COLUMN currency VARCHAR;
-- The id of the cost that this one is a part of.
ALTER TABLE costs ADD COLUMN part_of VARCHAR;
ALTER TABLE costs ADD COLUMN part_of_hash UBIGINT;
-- How long the longest chain of parts below is, and what the parts of a sum come to; null where there are
-- none. They follow from the other rows.
ALTER TABLE costs ADD COLUMN height BIGINT;
ALTER TABLE costs ADD COLUMN covered_amount BIGINT;
ALTER TABLE costs ADD COLUMN covered_credits BIGINT;
ALTER TABLE costs ADD COLUMN covered_api_calls BIGINT;
ALTER TABLE costs ADD COLUMN covered_input_tokens BIGINT;
ALTER TABLE costs ADD COLUMN covered_output_tokens BIGINT;
ALTER TABLE costs ADD COLUMN covered_cache_read_tokens BIGINT;
ALTER TABLE costs ADD COLUMN covered_cache_write_tokens BIGINT;
ALTER TABLE costs ADD COLUMN covered_reasoning_tokens BIGINT;
ALTER TABLE costs ADD COLUMN covered_units BIGINT;
