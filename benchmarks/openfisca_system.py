"""The subsidy of a person as OpenFisca would compute it; run by OpenFisca's own web API.

Only the formula: 10 yuan a class hour up to what is left of 1000 in the year, three times at most.
"""

from pathlib import Path

from numpy import minimum
from openfisca_core.entities import Entity, GroupEntity
from openfisca_core.periods import YEAR
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

Person = Entity(key="person", plural="persons", label="person", doc="A person.")
Enterprise = GroupEntity(
    key="enterprise",
    plural="enterprises",
    label="enterprise",
    doc="An enterprise.",
    roles=[{"key": "employee", "plural": "employees", "label": "employees", "doc": "Staff."}],
)


class class_hours(Variable):  # noqa: N801  OpenFisca's names are classes'
    """Class hours of the project."""

    value_type = int
    entity = Person
    definition_period = YEAR


class used(Variable):  # noqa: N801  as above
    """Yuan received in the year."""

    value_type = float
    entity = Person
    definition_period = YEAR


class counted(Variable):  # noqa: N801  as above
    """Subsidies received."""

    value_type = int
    entity = Person
    definition_period = YEAR


class subsidy(Variable):  # noqa: N801  as above
    """Yuan payable."""

    value_type = float
    entity = Person
    definition_period = YEAR

    def formula(person, period, parameters):  # noqa: ANN001, ANN201, N805  OpenFisca's form
        """Return what is payable."""
        law = parameters(period)
        gross = person("class_hours", period) * law.rate
        left = law.cap - person("used", period)
        return (person("counted", period) < law.times) * minimum(gross, left)


class System(TaxBenefitSystem):
    """The tax and benefit system of one subsidy."""

    def __init__(self) -> None:
        super().__init__([Person, Enterprise])
        self.load_parameters(str(Path(__file__).with_name("openfisca_parameters")))
        self.add_variables(class_hours, used, counted, subsidy)
