-- Subjects of rules are searched as people read them; the keys of internationalized emails are computed anew at the start.
UPDATE access_rules SET subject_key = '' WHERE subject LIKE '%xn--%';
