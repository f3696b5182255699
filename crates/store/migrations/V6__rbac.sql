-- What the operator sets for a project; none until then.
CREATE TABLE project_policies (
    project_id TEXT PRIMARY KEY REFERENCES projects (project_id),
    policy     TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- The organization's own roles, beside the project's.
ALTER TABLE organizations ADD COLUMN custom_roles TEXT NOT NULL DEFAULT '[]';
