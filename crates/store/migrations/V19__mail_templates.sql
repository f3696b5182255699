-- The looks and the words of mails, of a project or of one of its organizations.
CREATE TABLE mail_templates (
    project_id TEXT NOT NULL REFERENCES projects (project_id),
    organization_id TEXT NOT NULL, -- empty: the project's own
    template_id TEXT NOT NULL,
    locale TEXT NOT NULL, -- empty: for every language
    kind TEXT NOT NULL, -- empty: for every kind
    is_default BOOLEAN NOT NULL,
    content TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (project_id, organization_id, template_id, locale)
);

CREATE UNIQUE INDEX mail_templates_by_default ON mail_templates (project_id, organization_id, kind, locale)
    WHERE is_default;
