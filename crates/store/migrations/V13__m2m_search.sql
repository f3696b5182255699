-- What clients are searched by.

CREATE INDEX m2m_clients_name ON m2m_clients (project_id, name, client_id);

-- The scopes of m2m_clients.scopes, one a row; gone with their client.
CREATE TABLE m2m_client_scopes (
    project_id TEXT NOT NULL,
    scope      TEXT NOT NULL,
    client_id  TEXT NOT NULL,
    PRIMARY KEY (project_id, scope, client_id),
    FOREIGN KEY (project_id, client_id) REFERENCES m2m_clients (project_id, client_id) ON DELETE CASCADE
);
CREATE INDEX m2m_client_scopes_client ON m2m_client_scopes (project_id, client_id);

-- Of the clients there are: a character at a time, for the two databases
-- share no function that splits a text.
INSERT INTO m2m_client_scopes (project_id, scope, client_id)
WITH RECURSIVE walked (project_id, client_id, word, rest) AS (
    SELECT project_id, client_id, CAST('' AS TEXT), CAST(scopes || ' ' AS TEXT) FROM m2m_clients
     UNION ALL
    SELECT project_id, client_id,
           CASE WHEN substr(rest, 1, 1) = ' ' THEN '' ELSE word || substr(rest, 1, 1) END,
           substr(rest, 2)
      FROM walked WHERE rest <> ''
)
SELECT project_id, word, client_id FROM walked WHERE word <> '' AND substr(rest, 1, 1) = ' ';
