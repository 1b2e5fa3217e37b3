-- Cases that await officers, claims :first to :last, and the notices of as many: all that the work
-- list and the public search read; the claims' own rows they never touch. Run by the superuser of a
-- throw-away server, in one transaction. A bureau has a tenth of them; the days of waiting, and those
-- on which notices are posted, do not grow with the cases: of a hundred times as many claims a
-- hundred times as many are posted in a week, and hang at the same time.
SET LOCAL session_replication_role = replica;

CREATE FUNCTION pg_temp.numbered(kind integer, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN (lpad(kind::text, 8, '0') || '-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid;

INSERT INTO worklist (case_id, kind, enterprise_id, bureau_code, receipt, measure, step, round,
    since, due_on, amount, signals, holder, holder_name, counted)
SELECT pg_temp.numbered(4, n), 'claim', e.id, e.bureau_code, 'SQ2020-' || n, 'hourly_sme',
    (ARRAY['approve_plan', 'review', 'approve', 'publish', 'pay', 'confirm_payment'])[1 + n % 6], 1,
    date '2020-03-02' + n * 71 % 120, date '2020-03-09' + n * 71 % 120,
    100 * (1 + n * 37 % 500), CASE WHEN n % 51 = 0 THEN 1 ELSE 0 END, h.holder,
    CASE WHEN h.holder IS NOT NULL THEN '经办' END, true
FROM generate_series(:first, :last) AS n
JOIN enterprises AS e ON e.id = pg_temp.numbered(1, 2 + n % 100),
    LATERAL (SELECT CASE WHEN n <= 3000 AND n % 7 = 0 THEN pg_temp.numbered(2, 2)
                         WHEN n % 23 = 0 THEN pg_temp.numbered(2, 4) END AS holder) AS h;

DELETE FROM worklist_counts;
INSERT INTO worklist_counts (bureau_code, step, since, due_on, cases)
SELECT bureau_code, step, since, due_on, count(*) FROM worklist GROUP BY 1, 2, 3, 4;

-- Over the last 500 days, the ids in their order. Twenty notices of twenty following days for each
-- name: 大连, two of 210 characters, a trade.
INSERT INTO notices
SELECT r.*
FROM generate_series(:first, :last) AS n
JOIN enterprises AS e ON e.id = pg_temp.numbered(1, 2 + n % 100),
    LATERAL (SELECT n / 20 * 7919 % 44100 AS name, current_date - 499 + n % 500 AS posted_on,
                    '鑫源盛达恒通华泰宏远瑞丰金诚信德昌隆兴旺顺和平安康健福禄寿喜财宝玉石山水木火土'
                    '日月星辰天地人和风云雷电春夏秋冬东南西北中上下左右前后里外高低长短大小多少新'
                    '旧红黄蓝绿青紫白黑一二三四五六七八九十百千万亿甲乙丙丁戊己庚辛壬癸子丑寅卯辰'
                    '巳午未申酉戌亥松竹梅兰菊荷桂柳杨槐榆桦枫杉柏龙凤虎鹤鹰马牛羊鹿象狮豹鱼燕雁'
                    '海洋江河湖泊溪泉潭波涛浪潮汐岛港湾岸滩沙洲田园林森草花果实禾谷麦稻豆米面油盐'
                    '酱醋茶酒糖蜜丝棉麻布帛锦绣绸缎铁铜银锡铝钢铸锻焊' AS signs) AS w,
    jsonb_populate_record(NULL::notices, jsonb_build_object(
        'id', pg_temp.numbered(8, (500 + w.posted_on - current_date) * 10000000::bigint + n),
        'bureau_code', e.bureau_code, 'receipt', 'GS2020-' || n, 'amount', 8640, 'claims', 1,
        'enterprise_name', '大连' || substr(w.signs, 1 + w.name % 210, 1)
            || substr(w.signs, 1 + w.name / 210, 1)
            || (ARRAY['机械', '精密铸造', '船舶配套', '电子科技'])[1 + w.name % 4] || '有限公司',
        'posted_on', w.posted_on, 'last_day', w.posted_on + 7,
        'posted_by', pg_temp.numbered(2, 2), 'content', '{}'::jsonb, 'sha256', '\x00',
        'created_at', now())) AS r;

CREATE TEMPORARY TABLE posted ON COMMIT DROP AS
SELECT o.*, n FROM generate_series(:first, :last) AS n JOIN notices AS o ON o.receipt = 'GS2020-' || n;

INSERT INTO notice_claims (notice_id, claim_id, enterprise_id, bureau_code, claim_receipt,
    enterprise_name, amount)
SELECT id, pg_temp.numbered(4, n), pg_temp.numbered(1, 2 + n % 100), bureau_code, 'SQ2020-' || n,
    enterprise_name, amount
FROM posted;

INSERT INTO notice_terms (term, last_day, notice_id)
SELECT term, last_day, id FROM posted, unnest(name_terms(enterprise_name)) AS term ORDER BY 1, 2, 3;
