-- Programs with a secret of their own. Of secrets there are keyed digests only.

CREATE TABLE m2m_clients (
    project_id            TEXT NOT NULL REFERENCES projects (project_id),
    client_id             TEXT NOT NULL,
    name                  TEXT NOT NULL,
    description           TEXT NOT NULL,
    status                TEXT NOT NULL,       -- active or inactive
    scopes                TEXT NOT NULL,       -- separated by spaces
    trusted_metadata      TEXT NOT NULL,
    secret_digest         TEXT NOT NULL,
    secret_last_four      TEXT NOT NULL,
    secret_is_imported    BOOLEAN NOT NULL,
    next_secret_digest    TEXT,                -- while the secret is being rotated
    next_secret_last_four TEXT,
    created_at            BIGINT NOT NULL,
    updated_at            BIGINT NOT NULL,
    PRIMARY KEY (project_id, client_id)
);
CREATE INDEX m2m_clients_created_at ON m2m_clients (project_id, created_at, client_id);
