-- Who may come in: users, roles, sessions, tokens, API keys, signing keys.
-- Secrets stand here only as hashes (passwords, tokens, keys, recovery codes) or sealed (TOTP secrets, signing keys).
-- dotmac_platform reads across tenants to find out who a caller is before his tenant is known; it may change only what a sign-in changes.

CREATE TABLE users (
    tenant_id            uuid NOT NULL REFERENCES tenants,
    id                   uuid NOT NULL,
    email                text NOT NULL CONSTRAINT users_email_key UNIQUE CHECK (email = lower(email)),  -- of the whole platform: it finds the tenant
    full_name            text NOT NULL,
    password_hash        text NOT NULL,
    is_active            boolean NOT NULL DEFAULT true,
    is_platform_admin    boolean NOT NULL DEFAULT false,
    must_change_password boolean NOT NULL DEFAULT false,
    failed_sign_ins      int NOT NULL DEFAULT 0,
    locked_until         timestamptz,
    totp_secret          bytea,                       -- sealed
    totp_enabled         boolean NOT NULL DEFAULT false,
    totp_last_step       bigint NOT NULL DEFAULT 0,   -- the newest 30 s step whose code was used: none is taken twice
    last_login_at        timestamptz,
    created_at           timestamptz NOT NULL DEFAULT now(),
    version              int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CALL isolate('users');
CALL open_across_tenants('users', 'dotmac_platform');
-- No tenant can make a platform administrator: that column is not the application role's to write.
GRANT SELECT, DELETE,
    INSERT (tenant_id, id, email, full_name, password_hash, is_active, must_change_password, failed_sign_ins, locked_until,
            totp_secret, totp_enabled, totp_last_step, last_login_at, created_at, version),
    UPDATE (full_name, password_hash, is_active, must_change_password, failed_sign_ins, locked_until,
            totp_secret, totp_enabled, totp_last_step, last_login_at, version)
    ON users TO dotmac_app;
GRANT SELECT, INSERT,
    UPDATE (password_hash, is_platform_admin, failed_sign_ins, locked_until, totp_last_step, last_login_at)
    ON users TO dotmac_platform;

CREATE TABLE roles (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    name        text NOT NULL,
    description text NOT NULL DEFAULT '',
    is_system   boolean NOT NULL DEFAULT false,       -- comes with the platform; cannot be edited or deleted
    created_at  timestamptz NOT NULL DEFAULT now(),
    version     int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX roles_name_key ON roles (tenant_id, lower(name));
CALL isolate('roles');
CALL open_across_tenants('roles', 'dotmac_platform');
GRANT SELECT, INSERT, UPDATE (name, description, version), DELETE ON roles TO dotmac_app;
GRANT SELECT, INSERT, UPDATE (description, version) ON roles TO dotmac_platform;

CREATE TABLE role_permissions (
    tenant_id  uuid NOT NULL,
    role_id    uuid NOT NULL,
    permission text NOT NULL,
    PRIMARY KEY (tenant_id, role_id, permission),
    FOREIGN KEY (tenant_id, role_id) REFERENCES roles ON DELETE CASCADE
);
CALL isolate('role_permissions');
CALL open_across_tenants('role_permissions', 'dotmac_platform');
GRANT SELECT, INSERT, DELETE ON role_permissions TO dotmac_app, dotmac_platform;

CREATE TABLE user_roles (
    tenant_id  uuid NOT NULL,
    user_id    uuid NOT NULL,
    role_id    uuid NOT NULL,
    expires_at timestamptz,                           -- null: until taken away
    granted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, user_id, role_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE,
    CONSTRAINT user_roles_role_fkey FOREIGN KEY (tenant_id, role_id) REFERENCES roles
);
CREATE INDEX user_roles_role ON user_roles (tenant_id, role_id);
CALL isolate('user_roles');
CALL open_across_tenants('user_roles', 'dotmac_platform');
GRANT SELECT, INSERT, UPDATE (expires_at), DELETE ON user_roles TO dotmac_app;
GRANT SELECT, INSERT ON user_roles TO dotmac_platform;

-- One sign-in: a browser's (token_hash of its cookie) or an API client's (a family of refresh tokens).
CREATE TABLE user_sessions (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL CONSTRAINT user_sessions_id_key UNIQUE,
    user_id       uuid NOT NULL,
    token_hash    bytea CONSTRAINT user_sessions_token_hash_key UNIQUE,
    created_at    timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,               -- the end, however often it is used
    ip            text,
    user_agent    text,
    revoked_at    timestamptz,
    revoked_for   text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
);
CREATE INDEX user_sessions_user ON user_sessions (tenant_id, user_id, created_at DESC);
CREATE INDEX user_sessions_end ON user_sessions (expires_at);
CALL isolate('user_sessions');
CALL open_across_tenants('user_sessions', 'dotmac_platform');
GRANT SELECT, UPDATE (revoked_at, revoked_for) ON user_sessions TO dotmac_app;
GRANT SELECT, INSERT, UPDATE (last_seen_at, expires_at, revoked_at, revoked_for), DELETE ON user_sessions TO dotmac_platform;

CREATE TABLE refresh_tokens (
    tenant_id  uuid NOT NULL,
    hash       bytea NOT NULL CONSTRAINT refresh_tokens_hash_key UNIQUE,
    session_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,                           -- set once; a second use means that it was stolen
    PRIMARY KEY (tenant_id, hash),
    FOREIGN KEY (tenant_id, session_id) REFERENCES user_sessions ON DELETE CASCADE
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (tenant_id, session_id);
CALL isolate('refresh_tokens');
CALL open_across_tenants('refresh_tokens', 'dotmac_platform');
GRANT SELECT, INSERT, UPDATE (used_at), DELETE ON refresh_tokens TO dotmac_platform;

CREATE TABLE recovery_codes (
    tenant_id uuid NOT NULL,
    user_id   uuid NOT NULL,
    hash      bytea NOT NULL,
    used_at   timestamptz,
    PRIMARY KEY (tenant_id, user_id, hash),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
);
CALL isolate('recovery_codes');
CALL open_across_tenants('recovery_codes', 'dotmac_platform');
GRANT SELECT, INSERT, DELETE ON recovery_codes TO dotmac_app;
GRANT SELECT, UPDATE (used_at) ON recovery_codes TO dotmac_platform;

CREATE TABLE api_keys (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    id           uuid NOT NULL,
    name         text NOT NULL,
    prefix       text NOT NULL CONSTRAINT api_keys_prefix_key UNIQUE,
    hash         bytea NOT NULL,
    permissions  text[] NOT NULL,
    created_by   text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    last_used_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX api_keys_name_key ON api_keys (tenant_id, lower(name));
CALL isolate('api_keys');
CALL open_across_tenants('api_keys', 'dotmac_platform');
GRANT SELECT, INSERT, DELETE ON api_keys TO dotmac_app;
GRANT SELECT, UPDATE (last_used_at) ON api_keys TO dotmac_platform;

-- RS256 keys that sign access tokens, for the whole platform: no tenant. The private half is sealed.
CREATE TABLE signing_keys (
    kid         text PRIMARY KEY,
    private_key bytea NOT NULL,
    public_key  bytea NOT NULL,                       -- SubjectPublicKeyInfo, DER
    created_at  timestamptz NOT NULL,
    retired_at  timestamptz                           -- no longer signs; verifies until the last token it signed has expired
);
GRANT SELECT, INSERT, UPDATE (retired_at) ON signing_keys TO dotmac_platform;
