"""What do those send who mean harm? One list of texts for every test that tries them.

Where one is obeyed, ``MARK`` comes out: no text holds it, the product of its two factors does.
"""

from typing import Final

MARK: Final = "1787569"
"""1337 times 1337: who finds it in an answer knows that something was computed."""

SQL: Final = (
    "' OR '1'='1",
    "'; DROP TABLE accounts; --",
    "'||(SELECT 1337*1337)||'",
    "1); UPDATE claims SET amount = 0; --",
    "\\'; SELECT pg_sleep(30); --",
    "$$; COPY accounts TO '/tmp/x'; $$",
    "%' UNION SELECT password_hash FROM accounts --",
    "_%",
)
TEMPLATES: Final = (
    "{{1337*1337}}",
    "${1337*1337}",
    "#{1337*1337}",
    "<%= 1337*1337 %>",
    "{0.__class__.__init__.__globals__}",
    "%(password)s %n%s",
    "${jndi:ldap://127.0.0.1/a}",
)
PATHS: Final = (
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "....//....//etc/passwd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "/etc/passwd",
    "C:\\boot.ini",
    "file:///etc/passwd",
    "\\\\127.0.0.1\\share",
    "evidence/../../incoming",
)
FORMULAS: Final = (
    "=1337*1337",
    '=HYPERLINK("http://127.0.0.1/?"&A1,"x")',
    "+1337*1337",
    "-1337*1337",
    "@SUM(1337*1337)",
    "=cmd|' /C calc'!A0",
    "＝1337*1337",
    '"=1337*1337',
    "x;=1337*1337",
)
MARKUP: Final = (
    "<script>alert(1337*1337)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "]]><![CDATA[x",
    '{"role": "centre"}',
)
CUT_LINES: Final = (
    "甲\r\nSet-Cookie: role=centre",
    "甲\n2,编号,申请,乙,银行,6222,99999.00,用途",
    "甲\r乙",
    "甲\t=1337*1337",
    "甲\u2028乙",
    "甲\u2029乙",
    "甲\u0085乙",
    "甲\x0b乙",
)
"""What ends a line, or a cell, for some reader."""
UNSEEN: Final = (
    "甲\0乙",
    "甲\u202e乙",
    "甲\u2066乙\u2069",
    "甲\u200b乙",
    "甲\u200d乙",
    "甲\u00ad乙",
    "\ufeff甲",
    "甲\U000e0041乙",
    "甲\u034f乙",
    "甲\u3164乙",
    "\u115f\u1160",
    "甲\uffa0乙",
    "甲\ufe0f乙",
    "甲\U000e0100乙",
    "甲\x7f乙",
    "甲\x1b[2J乙",
    "甲\ufffe乙",
    "甲\ud800乙",
)
"""What nobody sees, or what turns round what he sees."""
LOOKALIKES: Final = (
    "大连示例机械制造有限公司\u0430",  # a Cyrillic a
    "оfficer1",  # a Cyrillic o
    "ｏｆｆｉｃｅｒ１",
    "𝐨𝐟𝐟𝐢𝐜𝐞𝐫",
    "e\u0301" * 40,
    "甲" + "\u0300" * 90,
    "１２３４５６",
    "٣",
)
LONG: Final = ("甲" * 2000,)

PLAIN: Final = SQL + TEMPLATES + PATHS + FORMULAS + MARKUP
"""Texts of ordinary signs: who wrote them may have meant no harm, so they are kept as they are."""
BROKEN: Final = CUT_LINES + UNSEEN
"""What is no line of a name: it is refused wherever one line is asked for."""
EVERYTHING: Final = PLAIN + BROKEN + LOOKALIKES + LONG
SOME: Final = (SQL[2], TEMPLATES[0], PATHS[0], FORMULAS[1], MARKUP[0], *CUT_LINES[:2], UNSEEN[0],
               UNSEEN[-1], LOOKALIKES[6])  # fmt: skip
"""One of each kind, for what can only be a number, a day or a word of a list."""
