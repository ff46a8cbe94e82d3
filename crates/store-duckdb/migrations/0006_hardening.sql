-- The moment by which rollup rows have expired: every bucket that was kept then is whole. NULL until it
-- is known.
CREATE TABLE expiry_state (horizon BIGINT);
INSERT INTO expiry_state VALUES (NULL);

-- Which store this is. Control data knows the id of the store that it belongs to; `paired` says that it
-- has been told.
CREATE TABLE store_identity (id VARCHAR NOT NULL, paired BOOLEAN NOT NULL);
INSERT INTO store_identity VALUES (uuid()::VARCHAR, false);
