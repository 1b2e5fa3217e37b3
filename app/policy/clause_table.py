"""Where does each of the 120 clauses act? Every use of it, and a table for people to read."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from app.policy import parameters, procedure
from app.policy.clauses import DOCUMENTS, Clause, all_clauses
from app.policy.commitments import COMMITMENTS
from app.policy.examples import of_clause
from app.policy.measures import MEASURES
from app.policy.rulebook import BY_NAME

_HEAD: Final = """# 条款一览

两份通知的全部 {count} 条：每条的含义、在系统中的落点和实例；没有落点的写明理由。
本表由 `app/policy/clause_table.py` 从条款、规则、参数和实例生成，请勿手改：
`python -m app.policy.clause_table > docs/clauses.md`。

落点：rule 规则，remark 记录，parameter 参数，paper 材料，measure 补贴项目，move 流程步骤，
commitment 承诺，table 数据表，field 事实，state 状态，page 接口，code 函数。
"""


def uses() -> dict[str, tuple[str, ...]]:
    """Return, by the clause's id, every place where it acts, such as ``rule:claimed_in_time``."""
    found: dict[str, list[str]] = defaultdict(list)
    for place, clause_id in chain(_cited(), _stated()):
        if place not in found[clause_id]:
            found[clause_id].append(place)
    return {clause_id: tuple(places) for clause_id, places in found.items()}


def _stated() -> Iterator[tuple[str, str]]:
    """Yield the places that the clauses name themselves."""
    for each in all_clauses():
        for place in each.used_by:
            yield place, each.id


def _cited() -> Iterator[tuple[str, str]]:
    """Yield every citation of a clause by the law, but for the A-numbers."""
    for place, cited in _citations():
        for clause_id in cited:
            if not clause_id.startswith("A-"):
                yield place, clause_id


def _citations() -> Iterator[tuple[str, Iterable[str]]]:
    for rule in BY_NAME.values():
        yield f"{'remark' if rule.scope == 'row' else 'rule'}:{rule.name}", rule.clauses
    for entry in parameters.all_entries():
        yield f"parameter:{entry.key}", entry.clause
    for measure in MEASURES.values():
        yield f"measure:{measure.code}", measure.clauses
        for demand in (*measure.papers.at_filing, *measure.papers.at_claim):
            yield f"paper:{demand.any_of[0].value}", demand.clauses
    for move in procedure.PLAN_MOVES:
        yield f"move:plan/{move.name}", (move.clause,)
    for move in procedure.CLAIM_MOVES:
        yield f"move:claim/{move.name}", (move.clause,)
    for commitment in COMMITMENTS:
        yield f"commitment:{commitment.number}", commitment.clauses


def markdown() -> str:
    """Return the table as it is committed in ``docs/clauses.md``."""
    found, clauses = uses(), all_clauses()
    parts = [_HEAD.format(count=len(clauses))]
    for key, number in DOCUMENTS.items():
        parts.append(
            f"\n## {number}\n\n| 条款 | 原文 | 含义 | 落点 | 实例 |\n|---|---|---|---|---|\n"
        )
        parts += [_row(each, found.get(each.id, ())) for each in clauses if each.document == key]
    return "".join(parts)


def _row(clause: Clause, places: Iterable[str]) -> str:
    where = "<br>".join(f"`{place}`" for place in places) or f"不入代码：{clause.not_code}"
    shown = of_clause(clause.id)
    examples = "<br>".join(each.title for each in shown[:3])
    more = f"<br>等 {len(shown)} 例" if shown[3:] else ""
    cells = (clause.id, clause.quote, clause.meaning_zh, where, examples + more)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


if __name__ == "__main__":
    print(markdown(), end="")  # noqa: T201  the table goes to the file that asks for it
