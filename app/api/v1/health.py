"""Does the service answer, and does its database?"""

from fastapi import APIRouter, Request

from app.api.auth import office_of
from app.schemas.law import Health

router = APIRouter(prefix="/api/v1", tags=["运行"])


@router.get("/health", summary="健康检查")
async def health(request: Request) -> Health:
    """服务与数据库均可用时返回 ok；不占用业务连接，繁忙时也能查询，不限次数。"""
    await request.app.state.pulse.feel()
    return Health(status="ok", sandbox=office_of(request).settings.sandbox)
