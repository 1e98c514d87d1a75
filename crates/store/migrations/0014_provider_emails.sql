-- Which emails an identity provider may assert, as JSON: any that it verified, unless it says more.
ALTER TABLE identity_providers ADD COLUMN emails {text} NOT NULL DEFAULT '{}';
