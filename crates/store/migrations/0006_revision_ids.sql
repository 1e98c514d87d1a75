-- The random id of each revision: a database that went back gives its numbers again, but not its ids. All rows of a
-- revision have the same one. 0 is what an older version writes that still runs beside this one.
ALTER TABLE changes ADD COLUMN id BIGINT NOT NULL DEFAULT 0;
UPDATE changes SET id = {random} WHERE place = 0;
UPDATE changes SET id = (SELECT f.id FROM changes f WHERE f.revision = changes.revision AND f.place = 0)
    WHERE place > 0;

-- What is written to find out whether a database can be written again that could not. Empty otherwise.
CREATE TABLE write_probe (
    only_one BIGINT PRIMARY KEY CHECK (only_one = 1),
    filler {bytes} NOT NULL
);
