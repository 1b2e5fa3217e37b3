"""How are bodies sent that schemathesis does not know? As the bytes they are."""

from typing import Any

import schemathesis


@schemathesis.serializer("application/offset+octet-stream")
def offset_octets(_: Any, value: Any) -> Any:  # noqa: ANN401  schemathesis's own interface
    """Send a segment of a resumable upload."""
    return value if isinstance(value, bytes) else str(value).encode()
