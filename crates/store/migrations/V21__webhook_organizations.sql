-- Whose events they are, so that the erasure of an organization finds them:
-- a body holds whole objects. None of what no organization is concerned by.
ALTER TABLE webhook_events ADD COLUMN organization_id TEXT;
ALTER TABLE webhook_deliveries ADD COLUMN organization_id TEXT;
CREATE INDEX webhook_events_organization ON webhook_events (organization_id) WHERE organization_id IS NOT NULL;
CREATE INDEX webhook_deliveries_organization ON webhook_deliveries (organization_id) WHERE organization_id IS NOT NULL;
