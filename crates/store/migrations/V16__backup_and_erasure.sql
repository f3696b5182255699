-- When this database was last put back from a backup; what was issued before
-- then and works once is not believed any more. 0: never.
ALTER TABLE installation ADD COLUMN restored_at BIGINT NOT NULL DEFAULT 0;

-- Since when nothing of an organization is kept but that it was.
ALTER TABLE organizations ADD COLUMN erased_at BIGINT;

-- The keys of organizations, where they are kept in the database. Never in a
-- backup of it. A key that was destroyed leaves its row, which says when.
CREATE TABLE organization_keys (
    organization_id TEXT PRIMARY KEY,          -- refers to nothing: it is there before and after the organization
    project_id      TEXT NOT NULL,
    sealed_key      TEXT,                      -- under the server key; none once destroyed
    created_at      BIGINT NOT NULL,
    destroyed_at    BIGINT
);
CREATE INDEX organization_keys_project ON organization_keys (project_id, organization_id);
