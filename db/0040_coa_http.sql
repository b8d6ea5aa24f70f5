-- A tenant's NAS may be asked through an HTTP proxy of its own (CoaTransport.Http): where it is, and the token it knows us by.
ALTER TABLE coa_settings
    ADD COLUMN proxy_url   text,
    ADD COLUMN proxy_token bytea,                     -- sealed (SecretPurpose.CoaProxyToken)
    ADD COLUMN tested_at   timestamptz,               -- when the proxy last answered a test
    ADD CONSTRAINT coa_settings_proxy CHECK (transport <> 2 OR (proxy_url IS NOT NULL AND proxy_token IS NOT NULL));
