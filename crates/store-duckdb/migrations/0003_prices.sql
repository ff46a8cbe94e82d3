-- Which price gave a cost its amount, by public id; null where the amount is the producer's own.
ALTER TABLE costs ADD COLUMN price VARCHAR;
