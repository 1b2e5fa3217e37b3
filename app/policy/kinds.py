"""Which words may a fact be told in? Every closed list of the notices, as codes."""

from enum import StrEnum


class Mode(StrEnum):
    """How training is given (DL-1-e)."""

    ONLINE = "online"
    OFFLINE = "offline"
    MIXED = "mixed"


class Employment(StrEnum):
    """How a trainee works at the enterprise (DL-1-d)."""

    CONTRACT = "contract"
    DISPATCHED = "dispatched"


class InsuranceLevel(StrEnum):
    """Where the enterprise pays unemployment insurance (LN-1.2-d)."""

    CITY = "city"
    PROVINCE = "province"
    NONE = "none"


class LegalForm(StrEnum):
    """Whether the entity is a legal person of its own (LN-1.4-a, A-31)."""

    LEGAL_PERSON = "legal_person"
    BRANCH = "branch"
    PARTNERSHIP = "partnership"
    SOLE_PROPRIETORSHIP = "sole_proprietorship"
    INDIVIDUAL_BUSINESS = "individual_business"
    COOPERATIVE = "cooperative"


class Category(StrEnum):
    """Content of a course (DL-2.3-b)."""

    JOB_SKILL = "job_skill"
    SAFETY_SKILL = "safety_skill"
    INJURY_PREVENTION = "injury_prevention"
    HEALTH_AND_EPIDEMIC = "health_and_epidemic"
    GENERAL_QUALITY = "general_quality"
    OTHER = "other"


class PlatformKind(StrEnum):
    """Where online training runs (DL-3.2-a)."""

    LISTED = "listed"
    OWN = "own"
    OTHER = "other"


class Material(StrEnum):
    """Kinds of evidence a filing or a claim rests on (DL-4.2-b..e, DL-4.3-c..e)."""

    LICENCE = "licence"
    SME_PROOF = "sme_proof"
    ACCOUNT_PROOF = "account_proof"
    TEACHING_PLAN = "teaching_plan"
    PLATFORM_SCREENSHOT = "platform_screenshot"
    DISPATCH_AGREEMENT = "dispatch_agreement"
    SAFETY_DECLARATION = "safety_declaration"
    ROSTER = "roster"
    LEARNING_EXPORT = "learning_export"
    APPLICATION_FORM = "application_form"
    SIGN_IN_REGISTRATION = "sign_in_registration"
    CUMULATIVE_HOURS = "cumulative_hours"
    TRAINING_RECORD = "training_record"
    COURSEWARE = "courseware"
    TRAINING_VIDEO = "training_video"
    ATTENDANCE_SHEET = "attendance_sheet"
    PAPER_ORIGINAL = "paper_original"
    COMMISSION_CONTRACT = "commission_contract"
    CERTIFICATE_COPY = "certificate_copy"
    APPRENTICESHIP_AGREEMENT = "apprenticeship_agreement"
    PERSON_CATEGORY_PROOF = "person_category_proof"
    WAGE_SLIPS = "wage_slips"
    INSURANCE_RECORD = "insurance_record"
    ORDER_AGREEMENT = "order_agreement"
    OTHER = "other"


class Scan(StrEnum):
    """What the scanner said of a file; ``not_scanned`` where there is none, which is not clean."""

    PENDING = "pending"
    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNABLE = "unscannable"
    NOT_SCANNED = "not_scanned"


class Entity(StrEnum):
    """What kind of applicant it is (DL-2.2-b, DL-3.4-a, LN-2-b)."""

    ENTERPRISE = "enterprise"
    COOPERATIVE = "cooperative"
    WORKSHOP = "poverty_alleviation_workshop"
    TRAINING_SCHOOL = "private_training_school"
    TECHNICAL_SCHOOL = "technical_school"


class Payee(StrEnum):
    """Into whose hands a subsidy goes (DL-2.1-a, DL-2.2-d, DL-2.4-c)."""

    ENTERPRISE = "enterprise"
    EMPLOYEE = "employee"
    INSTITUTION = "institution"


class Purpose(StrEnum):
    """What is applied for: the subsidy itself, or a part of it in advance (DL-2.1-c)."""

    CLAIM = "claim"
    ADVANCE = "advance"


class Ruling(StrEnum):
    """What an officer decides on one line; ``LIFT`` takes back what was decided before."""

    EXCLUDE = "exclude"
    REDUCE = "reduce"
    LIFT = "lift"


class Level(StrEnum):
    """Level of a trade, from the bottom (LN-1.2-a)."""

    JUNIOR = "junior"
    INTERMEDIATE = "intermediate"
    SENIOR = "senior"
    TECHNICIAN = "technician"
    SENIOR_TECHNICIAN = "senior_technician"


class OrganisationForm(StrEnum):
    """How training is organised beside work (DL-3.2-d)."""

    OFF_THE_JOB = "off_the_job"
    SPARE_TIME = "spare_time"
    WORK_FOR_TRAINING = "work_for_training"
    WHILE_PRODUCING = "while_producing"


class Honour(StrEnum):
    """Honours of a teacher that the province names (LN-1.1-e)."""

    CHINA_SKILLS_AWARD = "china_skills_award"
    NATIONAL_EXPERT = "national_expert"
    LIAONING_CRAFTSMAN = "liaoning_craftsman"
    MERITORIOUS_TALENT = "meritorious_talent"
    OUTSTANDING_TALENT = "outstanding_talent"
    PROVINCIAL_EXPERT = "provincial_expert"


class Joined(StrEnum):
    """Why an employee may be trained up (DL-2.1-b)."""

    NEWLY_HIRED = "newly_hired"
    RESUMED = "resumed"


class PersonCategory(StrEnum):
    """Whom work-for-training is for (DL-2.2-a, DL-2.2-b)."""

    HARD_TO_EMPLOY = "hard_to_employ"
    ZERO_EMPLOYMENT_FAMILY = "zero_employment_family"
    POOR_LABOURER = "poor_labourer"


class Certainty(StrEnum):
    """How well an entry is known; what is not verified is for an officer to check."""

    VERIFIED = "verified"
    FROM_MEMORY = "from_memory"
    UNCERTAIN = "uncertain"
    SAMPLE = "sample"
