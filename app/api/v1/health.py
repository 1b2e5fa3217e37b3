"""Does the service answer, and does its database?"""

from fastapi import APIRouter, Request

from app.schemas.law import Health
from app.services.pulse import Pulse

router = APIRouter(prefix="/api/v1", tags=["运行"])


@router.get("/health", summary="健康检查")
async def health(request: Request) -> Health:
    """服务与数据库均可用时返回 ok，并说明审计记录的封存是否及时；繁忙时也能查询，不限次数。"""
    pulse: Pulse = request.app.state.pulse
    return await pulse.feel()
