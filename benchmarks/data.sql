-- What lies in the database while it is measured? Run by the superuser of a throw-away server, in
-- one transaction; :claims, :filings, :persons and :sessions are put in as numbers.
--
-- Triggers are off, so that a minute of foreign-key checks becomes seconds. Ids are in order, as the
-- service's own time-ordered ids are.
SET LOCAL session_replication_role = replica;

CREATE FUNCTION pg_temp.numbered(kind integer, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN (lpad(kind::text, 8, '0') || '-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid;

-- Enterprise 1 files; enterprises 2 to 101 have filed. They are spread over the ten districts.
INSERT INTO enterprises (id, uscc, name, legal_representative, contact, phone, address,
    district_code, bureau_code, legal_form, dispatch_company, industry, headcount, revenue_wan,
    assets_wan, insurance, bank_name, account_name, account_masked, account_sealed, account_digest,
    is_sme, size, size_explained, state, registered_on, entity, accepted, accepted_digest)
SELECT pg_temp.numbered(1, n), '91210202MA' || lpad(n::text, 8, '0'), '大连测速机械有限公司' || n,
    '张三', '李四', '0411-00000000', '大连市中山区测速路1号', bureau, bureau, 'legal_person', false,
    'INDUSTRY', 186, 7350.5, 5200, 'city', '测速银行大连分行', '大连测速机械有限公司' || n,
    '**** 4444', '\x00', sha256(n::text::bytea), true, 'medium', '中型', 'verified', '2020-03-02', 'enterprise',
    true, sha256(n::text::bytea)
FROM generate_series(1, 101) AS n,
    LATERAL (SELECT ('{210202,210203,210204,210211,210212,210213,210214,210224,210281,210283}'::text[])
                    [1 + n % 10] AS bureau) AS b;

INSERT INTO accounts (id, username, name, password_hash, role, enterprise_id, bureau_code, duties)
VALUES
    (pg_temp.numbered(2, 1), 'bench-enterprise', '测速企业', '-', 'enterprise',
     pg_temp.numbered(1, 1), NULL, '{}'),
    (pg_temp.numbered(2, 2), 'bench-officer', '测速经办', '-', 'district', NULL, '210202',
     '{review}'),
    (pg_temp.numbered(2, 3), 'bench-centre', '测速省中心', '-', 'centre', NULL, 'LN-PROV',
     '{review}');

-- Plans 1 to :filings await their claims, the further :claims have theirs.
INSERT INTO plans (id, enterprise_id, bureau_code, receipt, state, round, channel, received_on,
    title, project_key, occupation, level, main_business, mode, form, converted_from_offline,
    starts_on, ends_on, cost, platform_kind, platform_name, platform_address, approved_on,
    submitted_on, measure, tested)
SELECT pg_temp.numbered(3, n), e.id, e.bureau_code, 'BA2020-' || n, 'approved', 1, 'internet',
    '2020-03-02', '数控加工岗位技能提升线上培训', 'project-' || n, '车工', '四级',
    '企业主营机械零部件加工，课程针对数控车间一线岗位', 'online', 'off_the_job', false, '2020-03-09',
    '2020-03-27', 400 * :persons, 'listed', '中国职业培训在线', 'px.class.com.cn', '2020-03-03',
    '2020-03-02', 'hourly_sme', false
FROM generate_series(1, :filings + :claims) AS n
JOIN enterprises AS e
    ON e.id = pg_temp.numbered(1, CASE WHEN n <= :filings THEN 1 ELSE 2 + n % 100 END);

INSERT INTO claims (id, plan_id, enterprise_id, bureau_code, receipt, state, channel, filed_on,
    amount, persons, form, commitments_version, commitments_accepted, accepted_by, accepted_at,
    kind, measure, payee)
SELECT pg_temp.numbered(4, n), p.id, p.enterprise_id, p.bureau_code, 'SQ2020-' || n,
    'filed', 'internet', '2020-03-30', 8640, 24,
    jsonb_build_object(
        'enterprise_name', e.name, 'uscc', e.uscc, 'legal_representative', e.legal_representative,
        'contact', e.contact, 'phone', e.phone, 'address', e.address, 'bank_name', e.bank_name,
        'account_name', e.account_name, 'account_masked', e.account_masked,
        'industry', e.industry, 'headcount', e.headcount, 'revenue_wan', e.revenue_wan::text,
        'assets_wan', e.assets_wan::text, 'project', p.title, 'persons', 24,
        'occupation', p.occupation, 'class_hours', 36, 'mode', p.mode,
        'platform', p.platform_name),
    '2020', 7, pg_temp.numbered(2, 1), '2020-03-30 10:00+08', 'claim', 'hourly_sme',
    'enterprise'
FROM generate_series(1, :claims) AS n
JOIN plans AS p ON p.id = pg_temp.numbered(3, :filings + n)
JOIN enterprises AS e ON e.id = p.enterprise_id;

INSERT INTO plan_courses (plan_id, number, enterprise_id, bureau_code, name, category, mode,
    delivery, class_hours, explanation)
SELECT p.id, c.number, p.enterprise_id, p.bureau_code, c.name, c.category, 'online', 'recorded', 12, ''
FROM generate_series(1, :filings) AS n
JOIN plans AS p ON p.id = pg_temp.numbered(3, n),
    (VALUES (1, '数控机床安全操作规程', 'safety_skill'), (2, '机械制图与公差配合', 'job_skill'),
            (3, '班组质量管理', 'general_quality')) AS c (number, name, category);

INSERT INTO evidence (id, plan_id, enterprise_id, bureau_code, kind, filename, media_type, size,
    sha256, sealed, uploaded_by)
SELECT gen_random_uuid(), p.id, p.enterprise_id, p.bureau_code, kind, kind || '.pdf',
    'application/pdf', 1, sha256((kind || n)::bytea), false, pg_temp.numbered(2, 1)
FROM generate_series(1, :filings) AS n
JOIN plans AS p ON p.id = pg_temp.numbered(3, n),
    unnest(ARRAY['licence', 'sme_proof', 'teaching_plan', 'platform_screenshot', 'account_proof',
        'application_form', 'sign_in_registration', 'cumulative_hours', 'training_record']) AS kind;

-- Nobody stands on two rosters.
INSERT INTO persons (id, id_digest, id_sealed)
SELECT pg_temp.numbered(5, n), sha256(n::text::bytea), '\x00'
FROM generate_series(1, :filings * :persons) AS n;

INSERT INTO trainees (id, plan_id, enterprise_id, bureau_code, number, person_id, name, id_masked,
    post, employment, dispatch_company, dispatch_uscc, frontline, hired_on, phone)
SELECT pg_temp.numbered(6, (n - 1) * :persons + number), p.id, p.enterprise_id, p.bureau_code,
    number, pg_temp.numbered(5, (n - 1) * :persons + number), '测速员' || number,
    '210202********1234', '数控车工', 'contract', '', '', true, '2015-01-01', ''
FROM generate_series(1, :filings) AS n
JOIN plans AS p ON p.id = pg_temp.numbered(3, n), generate_series(1, :persons) AS number;

INSERT INTO enrolments (person_id, plan_id, period)
SELECT t.person_id, t.plan_id, daterange('2020-03-09', '2020-03-27', '[]') FROM trainees AS t;

INSERT INTO learning_batches (id, plan_id, enterprise_id, bureau_code, filename, sha256, rows,
    rows_with_findings, imported_by)
SELECT pg_temp.numbered(7, n), p.id, p.enterprise_id, p.bureau_code, '学习记录.xlsx', sha256(('batch' || n)::bytea),
    :persons * :sessions, 0, pg_temp.numbered(2, 1)
FROM generate_series(1, :filings) AS n JOIN plans AS p ON p.id = pg_temp.numbered(3, n);

-- Hours of learning, two a day: about 08:00 and 10:00 in Dalian, nobody quite when another does, so
-- that it is ordinary training and raises no signal.
INSERT INTO learning_records (batch_id, plan_id, enterprise_id, bureau_code, row, trainee_id, name,
    id_masked, course_number, course, started_at, ended_at, stated_seconds, device, address)
SELECT pg_temp.numbered(7, (t.id_number - 1) / :persons + 1), t.plan_id, t.enterprise_id,
    t.bureau_code, (t.number - 1) * :sessions + s, t.id, t.name, t.id_masked,
    1 + (s - 1) * 3 / :sessions, '课程', began, began + interval '1 hour', 3600, 'PC', ''
FROM (SELECT *, row_number() OVER (ORDER BY id) AS id_number FROM trainees) AS t,
    generate_series(1, :sessions) AS s,
    LATERAL (SELECT timestamptz '2020-03-09 08:00+08' + (s - 1) / 2 * interval '1 day'
                    + (s - 1) % 2 * interval '2 hours'
                    + (t.id_number * 37 + s * 61) % 1800 * interval '1 second' AS began) AS b
ORDER BY t.id, s;
