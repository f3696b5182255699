-- Passwords of an address, in projects where one password serves every
-- organization. The counter of wrong guesses is the address's, too.
CREATE TABLE address_passwords (
    project_id      TEXT NOT NULL REFERENCES projects (project_id),
    email_canonical TEXT NOT NULL,
    password_id     TEXT NOT NULL,
    hash            TEXT NOT NULL,
    must_reset      BOOLEAN NOT NULL,
    failures        BIGINT NOT NULL,
    locked_at       BIGINT,
    locked_until    BIGINT,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (project_id, email_canonical)
);

-- Mailed links that set such a password, before an organization is chosen.
CREATE TABLE address_password_resets (
    token_digest    TEXT PRIMARY KEY,
    project_id      TEXT NOT NULL REFERENCES projects (project_id),
    email_canonical TEXT NOT NULL,
    pkce_challenge  TEXT,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    spent_at        BIGINT
);
CREATE INDEX address_password_resets_email ON address_password_resets (project_id, email_canonical);
CREATE INDEX address_password_resets_expires_at ON address_password_resets (expires_at);

-- Whether a project has passwords at all.
CREATE INDEX passwords_project ON passwords (project_id);
