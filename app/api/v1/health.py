"""Does the service answer, and does its database?"""

from fastapi import APIRouter

from app.api.deps import Anybody
from app.schemas.law import Health
from app.services import reference

router = APIRouter(prefix="/api/v1", tags=["运行"])


@router.get("/health", summary="健康检查")
async def health(desk: Anybody) -> Health:
    """服务与数据库均可用时返回 ok，并说明审计记录的封存是否及时。"""
    return await reference.health(desk)
