-- Mailed links that set a password. A link belongs to one member and the
-- address it was mailed to.
CREATE TABLE password_resets (
    token_digest    TEXT PRIMARY KEY,
    project_id      TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    member_id       TEXT NOT NULL,
    email_id        TEXT NOT NULL,
    pkce_challenge  TEXT,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    spent_at        BIGINT,
    FOREIGN KEY (organization_id, member_id) REFERENCES members (organization_id, member_id)
);
CREATE INDEX password_resets_member ON password_resets (organization_id, member_id);
CREATE INDEX password_resets_expires_at ON password_resets (expires_at);
