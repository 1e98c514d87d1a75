-- Names are compared in their compatibility form; the keys of all others than ASCII ones are computed anew at the start.
UPDATE nodes SET name_key = '' WHERE octet_length(name) <> length(name);
UPDATE access_rules SET subject_key = '' WHERE octet_length(subject) <> length(subject);
UPDATE roles SET name_key = '' WHERE octet_length(name) <> length(name);
