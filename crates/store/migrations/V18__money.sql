-- Bounds on what text messages cost.

-- When the operator was told that a window is nearly used up.
ALTER TABLE send_counters ADD COLUMN warned_at BIGINT;

-- The credit of codes to a country that nobody entered yet, in thousandths of a code.
CREATE TABLE sms_credits (
    project_id      TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    country         TEXT NOT NULL,
    credit_left     BIGINT NOT NULL,
    credit_at       BIGINT NOT NULL,
    PRIMARY KEY (project_id, organization_id, country),
    FOREIGN KEY (organization_id, project_id) REFERENCES organizations (organization_id, project_id)
);

-- Budgets of organizations that are not the project's for all; millionths of
-- the price table's currency, null for no limit.
CREATE TABLE sms_budgets (
    project_id      TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    budget_day      BIGINT,
    budget_month    BIGINT,
    updated_at      BIGINT NOT NULL,
    PRIMARY KEY (project_id, organization_id),
    FOREIGN KEY (organization_id, project_id) REFERENCES organizations (organization_id, project_id)
);

-- Who else has a number, over a project.
CREATE INDEX members_project_phone ON members (project_id, phone_number)
    WHERE status <> 'deleted' AND phone_number IS NOT NULL;

-- Until when a new number of somebody who had a second factor before confirms no login.
ALTER TABLE members ADD COLUMN phone_held_until BIGINT;
ALTER TABLE members ADD COLUMN had_second_factor BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE members SET had_second_factor = TRUE
 WHERE totp_registration_id IS NOT NULL OR (phone_number IS NOT NULL AND phone_state = 'verified');
