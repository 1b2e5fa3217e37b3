"""Into whose hands does the money go, and into nobody else's?"""

from app.policy.case import ClaimCase, LineCase
from app.policy.findings import PASSED, Answer, failed
from app.policy.kinds import Entity, Payee
from app.policy.parameters import Parameters

SCHOOLS = frozenset({Entity.TRAINING_SCHOOL, Entity.TECHNICAL_SCHOOL})


def payee_enterprise_or_employee(case: ClaimCase, _law: Parameters) -> Answer:
    """The enterprise or the employees are paid (DL-2.1-a)."""
    payee = case.claim.payee
    return PASSED if payee is not Payee.INSTITUTION else failed(payee=payee.value)


def certificate_paid_once(case: LineCase, _law: Parameters) -> Answer:
    """One certificate is paid to one of the two, never to both (DL-2.1-a)."""
    certificate = case.person.certificate
    paid_to = certificate.already_paid_to if certificate else None
    return failed(payee=paid_to.value) if paid_to else PASSED


def payee_is_the_entity(case: ClaimCase, _law: Parameters) -> Answer:
    """The money goes to the entity, not to persons (DL-2.2-d)."""
    payee = case.claim.payee
    return PASSED if payee is Payee.ENTERPRISE else failed(payee=payee.value)


def payee_is_who_trained(case: ClaimCase, _law: Parameters) -> Answer:
    """An institution is paid as an institution, a large enterprise as an enterprise (DL-4.4-a)."""
    school = case.claim.enterprise.entity in SCHOOLS
    right = Payee.INSTITUTION if school else Payee.ENTERPRISE
    payee = case.claim.payee
    return PASSED if payee is right else failed(payee=payee.value)


def payee_institution_or_enterprise(case: ClaimCase, _law: Parameters) -> Answer:
    """The institution or the enterprise is paid (DL-2.4-c)."""
    payee = case.claim.payee
    return PASSED if payee is not Payee.EMPLOYEE else failed(payee=payee.value)


def class_paid_once(case: ClaimCase, _law: Parameters) -> Answer:
    """One class is paid to one of the two, never to both (DL-2.4-c)."""
    other = case.claim.class_also_paid_to
    return failed(payee=other.value) if other else PASSED
