-- A factor names the member who proved it, not the organization alone.
UPDATE sessions
   SET bag = replace(bag, '"organization_id":"' || organization_id || '"',
                     '"member":{"organization_id":"' || organization_id || '","member_id":"' || member_id || '"}');

-- An intermediate session can begin with an address, before an organization is
-- chosen. The old ones live ten minutes: whoever is between the doors while the
-- server is upgraded begins again.
DROP TABLE intermediate_sessions;
CREATE TABLE intermediate_sessions (
    token_digest    TEXT PRIMARY KEY,
    project_id      TEXT NOT NULL,
    organization_id TEXT,                      -- none before one is chosen
    member_id       TEXT,
    email_address   TEXT NOT NULL,             -- canonical
    bag             TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    consumed_at     BIGINT,
    FOREIGN KEY (organization_id, member_id) REFERENCES members (organization_id, member_id)
);
CREATE INDEX intermediate_sessions_member ON intermediate_sessions (organization_id, member_id, created_at);
CREATE INDEX intermediate_sessions_email ON intermediate_sessions (project_id, email_address, created_at);
CREATE INDEX intermediate_sessions_expires_at ON intermediate_sessions (expires_at);

-- Who has an address, in any organization of the project.
CREATE INDEX email_claims_email ON email_claims (project_id, email_canonical);
