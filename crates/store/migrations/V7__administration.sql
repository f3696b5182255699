-- Whoever holds one administers every project over HTTP.
CREATE TABLE admin_tokens (
    token_digest TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    last_four    TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);
