-- Each server looks at the newest session several times a second, so that it notices when the database has lost one.
CREATE INDEX sessions_created ON sessions (created_at);
