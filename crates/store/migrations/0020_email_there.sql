-- What the identity provider called a user at their last sign-in, where that is another email than theirs here.
ALTER TABLE users ADD COLUMN email_there {text};
-- They are few, and an administrator looks for them.
CREATE INDEX users_email_there ON users (email) WHERE email_there IS NOT NULL;
