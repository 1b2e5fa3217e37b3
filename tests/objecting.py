"""Who objects to the sample case, and what comes of it? Lodged with a file, and rejected."""

from typing import Final

from tests.world import World

REASON: Final = "经查社保缴费和学习记录，所述情况不实"


async def objected(case: World) -> dict[str, str]:
    """Lodge an anonymous objection to the published notice with a file, and have it rejected.

    Return the ids and the token.
    """
    notice = await case.get("enterprise", f"/claims/{case.claim['id']}/notice")
    body = {"grounds": "other", "text": "情况说明"}
    lodged = await case.post(None, f"/notices/{notice['id']}/objections", body)
    path, token = f"/objections/{lodged['id']}", {"Objection-Token": lodged["token"]}
    letter = (case.examples / "licence.jpg").read_bytes()
    sent = await case.call(
        None, "POST", f"{path}/attachments",
        content=letter, params={"filename": "信函.jpg"}, headers=token,
    )  # fmt: skip
    assert sent.status_code == 201, sent.text
    decision = {"outcome": "rejected", "reason": REASON}
    decided = await case.post("officer3", f"{path}/decide", decision)
    (file,) = decided["files"]
    return {
        "objection_id": lodged["id"],
        "attachment_id": file["id"],
        "objection_token": lodged["token"],
    }
