"""In which words does a case sheet speak, and which codes of the API are they?"""

from typing import Final

MEASURES: Final = {
    "中小微企业职工培训": "hourly_sme",
    "岗位技能提升培训": "skill_upgrade",
    "企业新型学徒制培训": "apprenticeship",
    "以工代训": "work_for_training",
    "其他劳动者线上培训": "other_workers",
    "企校订单培训": "order_training",
}
MODES: Final = {"线上": "online", "线下": "offline", "线上线下结合": "mixed"}
FORMS: Final = {
    "脱产培训": "off_the_job",
    "业余培训": "spare_time",
    "以工代训": "work_for_training",
    "边生产边培训": "while_producing",
}
CATEGORIES: Final = {
    "岗位技能": "job_skill",
    "安全技能": "safety_skill",
    "工伤预防": "injury_prevention",
    "健康卫生及疫情防控": "health_and_epidemic",
    "通用职业素质": "general_quality",
}
DELIVERIES: Final = {
    "在线直播": "live",
    "视频录播": "recorded",
    "互问互答": "questions_and_answers",
    "考核测试": "test",
    "实训": "practice",
    "课堂": "classroom",
}
PLATFORMS: Final = {"名单内平台": "listed", "自建网站": "own", "其他平台": "other"}
INDUSTRIES: Final = {"工业": "INDUSTRY", "其他未列明行业": "OTHER"}
ENTITIES: Final = {
    "企业": "enterprise",
    "农民专业合作社": "cooperative",
    "扶贫车间": "poverty_alleviation_workshop",
    "民办职业培训学校": "private_training_school",
    "技工院校": "technical_school",
}
INSURANCE: Final = {"市本级": "city", "省本级": "province", "未参保": "none"}
LEVELS: Final = {
    "初级": "junior",
    "中级": "intermediate",
    "高级": "senior",
    "技师": "technician",
    "高级技师": "senior_technician",
}
JOINED: Final = {"新招用": "newly_hired", "复工": "resumed"}
PERSON_CATEGORIES: Final = {
    "就业困难人员": "hard_to_employ",
    "零就业家庭成员": "zero_employment_family",
    "建档立卡贫困劳动力": "poor_labourer",
}
PAPERS: Final = {
    "营业执照": "licence",
    "中小微企业凭证": "sme_proof",
    "教学计划": "teaching_plan",
    "线上平台截图": "platform_screenshot",
    "基本账户证明": "account_proof",
    "劳务派遣协议": "dispatch_agreement",
    "防疫安全声明": "safety_declaration",
    "委托培训合同": "commission_contract",
    "学徒培训协议": "apprenticeship_agreement",
    "订单培训协议": "order_agreement",
    "补贴资金申请表": "application_form",
    "签到注册信息": "sign_in_registration",
    "累计课时截图": "cumulative_hours",
    "培训记录": "training_record",
    "证书复印件": "certificate_copy",
    "人员身份类别证明": "person_category_proof",
    "工资发放凭证": "wage_slips",
}
