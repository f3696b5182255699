-- What members and organizations are looked up by. The folded columns are
-- null in rows from before; the server fills them when it brings the schema up to date.

ALTER TABLE members ADD COLUMN email_canonical TEXT;
ALTER TABLE members ADD COLUMN email_domain TEXT;
ALTER TABLE organizations ADD COLUMN name_folded TEXT;

-- In the order of creation; pages and totals without a filter end here. What
-- other filters ask is told from the index alone.
CREATE INDEX members_listing ON members
    (organization_id, created_at, member_id, status, is_breakglass, password_id, totp_registration_id);
CREATE INDEX members_status ON members (organization_id, status, created_at, member_id);
-- Both sides of each yes-or-no filter, in the same order. What is asked for is
-- in the index, so that SQLite counts without looking at the rows.
CREATE INDEX members_breakglass ON members (organization_id, created_at, member_id, status)
    WHERE is_breakglass = TRUE;
CREATE INDEX members_not_breakglass ON members (organization_id, created_at, member_id, status)
    WHERE is_breakglass = FALSE;
CREATE INDEX members_with_password ON members (organization_id, created_at, member_id, status, password_id)
    WHERE password_id IS NOT NULL;
CREATE INDEX members_without_password ON members (organization_id, created_at, member_id, status, password_id)
    WHERE password_id IS NULL;
CREATE INDEX members_with_totp ON members (organization_id, created_at, member_id, status, totp_registration_id)
    WHERE totp_registration_id IS NOT NULL;
CREATE INDEX members_without_totp ON members (organization_id, created_at, member_id, status, totp_registration_id)
    WHERE totp_registration_id IS NULL;

-- Passwords are found by their id as before; begun with the organization, this
-- index would be taken for those of who has a password at all.
DROP INDEX members_password_id;
CREATE INDEX members_password_id ON members (password_id, organization_id) WHERE password_id IS NOT NULL;

CREATE INDEX members_email ON members (project_id, email_canonical, organization_id);
CREATE INDEX members_email_domain ON members (organization_id, email_domain);
CREATE INDEX members_any_phone_number ON members (organization_id, phone_number);
CREATE INDEX members_any_external_id ON members (organization_id, external_id);
CREATE INDEX members_to_fold ON members (organization_id, member_id) WHERE email_canonical IS NULL;

-- The roles of members.roles, one a row.
CREATE TABLE member_roles (
    organization_id TEXT NOT NULL,
    role_id         TEXT NOT NULL,
    member_id       TEXT NOT NULL,
    project_id      TEXT NOT NULL,
    PRIMARY KEY (organization_id, role_id, member_id),
    FOREIGN KEY (organization_id, member_id) REFERENCES members (organization_id, member_id)
);
CREATE INDEX member_roles_member ON member_roles (organization_id, member_id);

-- The email_allowed_domains of the settings, one a row.
CREATE TABLE allowed_domains (
    organization_id TEXT NOT NULL,
    project_id      TEXT NOT NULL,
    domain          TEXT NOT NULL,
    PRIMARY KEY (organization_id, domain),
    FOREIGN KEY (organization_id, project_id) REFERENCES organizations (organization_id, project_id)
);
CREATE INDEX allowed_domains_domain ON allowed_domains (project_id, domain);

CREATE INDEX organizations_listing ON organizations (project_id, created_at, organization_id)
    WHERE deleted_at IS NULL;
CREATE INDEX organizations_to_fold ON organizations (organization_id) WHERE name_folded IS NULL;
