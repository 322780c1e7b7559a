-- Back to a database without seals. The triggers of the tracked tables are written by that version's own migrate.
DROP TRIGGER IF EXISTS audit_close ON audit_change;
DROP TRIGGER IF EXISTS audit_seal ON audit_change;
DROP TRIGGER IF EXISTS audit_keep ON audit_change;
DROP TRIGGER IF EXISTS audit_keep ON audit_entry;
DROP FUNCTION IF EXISTS audit_close_change(), audit_seal_change(), audit_add_seal(bigint, smallint),
    audit_keep_audit_change(), audit_keep_audit_entry();
