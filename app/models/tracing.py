"""By what are learning records found again, however many there are?"""

from typing import Final

from sqlalchemy import Index

from app.models.learning import LearningBatch, LearningRecord

# The pages of one plan, in the order of arrival. Then a bureau's days, page by page: an enterprise
# is found by its plans, which are few, a person by his roster entries and
# ix_learning_records_plan_id, a batch by ix_learning_records_batch_id. Last the batches of a plan,
# replaced ones included, which uq_learning_batches_file leaves out.
FOUND_BY: Final = (
    Index("ix_learning_records_plan_id_id", LearningRecord.plan_id, LearningRecord.id),
    Index(
        "ix_learning_records_bureau_code_started_at",
        LearningRecord.bureau_code,
        LearningRecord.started_at,
        LearningRecord.id,
    ),
    Index("ix_learning_batches_plan_id", LearningBatch.plan_id, LearningBatch.id),
)
