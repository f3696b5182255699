-- Keys and secrets that follow one another.

-- A signing key is published at once, signs from activates_at until a younger
-- one does, and is listed until retires_at.
ALTER TABLE signing_keys ADD COLUMN activates_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE signing_keys ADD COLUMN retires_at BIGINT;
UPDATE signing_keys SET activates_at = created_at;
CREATE INDEX signing_keys_retires_at ON signing_keys (retires_at) WHERE retires_at IS NOT NULL;

-- For people who must tell one secret from another; empty for older ones.
ALTER TABLE project_secrets ADD COLUMN last_four TEXT NOT NULL DEFAULT '';
ALTER TABLE project_secrets ADD COLUMN expires_at BIGINT;
CREATE INDEX project_secrets_project ON project_secrets (project_id, created_at);
CREATE INDEX project_secrets_expires_at ON project_secrets (expires_at) WHERE expires_at IS NOT NULL;

-- Since when the key version that key_check names seals everything new.
ALTER TABLE installation ADD COLUMN sealing_since BIGINT NOT NULL DEFAULT 0;
