-- What was kept before in the library's logs and in history goes into the security trail, in the order it happened.
INSERT INTO audit_securityrecord (at, event, person_id, username, name, organisation, address, request, about, detail)
SELECT * FROM (
    SELECT l.attempt_time AS at, 'session.sign_in' AS event, u.id, left(coalesce(l.username, ''), 150) AS username,
           coalesce(u.name, ''), left(coalesce(o.name, ''), 200), l.ip_address, '', '', '{"from": "axes"}'::jsonb
    FROM axes_accesslog l LEFT JOIN organisations_user u ON u.username = l.username
    LEFT JOIN organisations_organisation o ON o.id = u.organisation_id
    UNION ALL
    SELECT l.logout_time, 'session.sign_out', u.id, left(coalesce(l.username, ''), 150), coalesce(u.name, ''),
           left(coalesce(o.name, ''), 200), l.ip_address, '', '', '{"from": "axes"}'::jsonb
    FROM axes_accesslog l LEFT JOIN organisations_user u ON u.username = l.username
    LEFT JOIN organisations_organisation o ON o.id = u.organisation_id
    WHERE l.logout_time IS NOT NULL
    UNION ALL
    SELECT f.attempt_time, 'session.failure', NULL, left(coalesce(f.username, ''), 150), '', '', f.ip_address, '', '',
           jsonb_build_object('from', 'axes', 'locked', f.locked_out)
    FROM axes_accessfailurelog f
    UNION ALL
    SELECT c.at, e.event, c.actor_id, coalesce(u.username, ''), c.actor_name, c.actor_organisation, NULL, c.request,
           e.subject_label, e.detail || '{"from": "history"}'
    FROM audit_entry e JOIN audit_change c ON c.id = e.change_id
    LEFT JOIN organisations_user u ON u.id = c.actor_id
    WHERE e.event LIKE 'user.%' OR e.event LIKE 'role.%' OR e.event LIKE '%.export'
) before ORDER BY at;
