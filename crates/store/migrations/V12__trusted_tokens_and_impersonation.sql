-- Tokens with which somebody acts in a member's name, once.
CREATE TABLE impersonation_tokens (
    token_digest               TEXT PRIMARY KEY,
    project_id                 TEXT NOT NULL,
    organization_id            TEXT NOT NULL,
    member_id                  TEXT NOT NULL,
    impersonator_id            TEXT NOT NULL,
    impersonator_email_address TEXT NOT NULL,
    reason                     TEXT NOT NULL,
    created_at                 BIGINT NOT NULL,
    expires_at                 BIGINT NOT NULL,
    spent_at                   BIGINT,
    FOREIGN KEY (organization_id, member_id) REFERENCES members (organization_id, member_id)
);
CREATE INDEX impersonation_tokens_member ON impersonation_tokens (organization_id, member_id);
CREATE INDEX impersonation_tokens_expires_at ON impersonation_tokens (expires_at);

-- Issuers whose tokens are traded for sessions.
CREATE TABLE trusted_token_profiles (
    profile_id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (project_id),
    name       TEXT NOT NULL,
    rules      TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX trusted_token_profiles_project ON trusted_token_profiles (project_id, created_at);

-- Their tokens that were traded, until they expire by themselves.
CREATE TABLE spent_trusted_tokens (
    project_id   TEXT NOT NULL,
    token_digest TEXT NOT NULL,
    expires_at   BIGINT NOT NULL,
    PRIMARY KEY (project_id, token_digest)
);
CREATE INDEX spent_trusted_tokens_expires_at ON spent_trusted_tokens (expires_at);
