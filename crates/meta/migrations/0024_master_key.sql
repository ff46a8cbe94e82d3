-- A text that everybody knows, sealed with the master key: a start tells by it whether the key is the one
-- that belongs to this control data, also where nothing else is sealed.
CREATE TABLE master_key_probe (
    id     TEXT PRIMARY KEY NOT NULL CHECK (id = 'probe'),
    sealed BLOB NOT NULL
) STRICT;

-- Set where the secret that Weir shows a provider was let go of with a lost master key: it has to be given again.
ALTER TABLE identity_providers ADD COLUMN secret_lost INTEGER NOT NULL DEFAULT 0 CHECK (secret_lost IN (0, 1));
