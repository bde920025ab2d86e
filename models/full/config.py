"""What is chosen before a fit: size of the model, prior spreads, stopping rule."""

from dataclasses import dataclass, field

from models.lanes import LANES

#: Prior standard deviations on the logit scale, and why.  A target without data takes the pooled
#: value; one with five responses moves by about a tenth of these.  Chosen on training folds.
SPREADS: dict[str, float] = {
    "start": 1.0,  # targets differ widely in what students bring along
    "guess": 0.7,
    "rise": 0.4,  # on log(rise): a factor of 1.5
    "learn": 0.8,
    "forget": 0.7,  # on log(forget): a factor of 2
    "difficulty": 0.8,
    "ability_target": 0.3,  # targets differ in how much general ability helps
}


@dataclass(frozen=True, slots=True)
class FullConfig:
    """Size and regularisation of a full model.

    ``levels`` = 2 is BKT.  ``nodes`` = 1 switches ability off; ``items``, ``forgetting`` False
    switch those terms off; empty rates switch recent performance off.  ``others`` = psi: 1 treats
    a response on several targets as testing one of them at random (exact marginal update), 0
    updates each target as if the response had tested it alone.
    """

    levels: int = 2
    nodes: int = 7
    items: bool = True
    forgetting: bool = True
    today_rates: tuple[float, ...] = (0.03, 0.2)
    local_rates: tuple[float, ...] = (0.3,)
    others: float = 0.0
    spreads: dict[str, float] = field(default_factory=lambda: dict(SPREADS))
    #: Centre and spread of general parameters where they differ from `layout.GENERAL`.
    beliefs: dict[str, tuple[float, float]] = field(default_factory=dict)
    #: The fit stops when five steps together improve the objective by less than this share.
    tolerance: float = 5e-6
    max_iterations: int = 150
    #: Students are summed in this many parts whatever the number of threads: same bits always.
    chunks: int = 8

    def __post_init__(self) -> None:
        faults = []
        if self.levels < 2:
            faults.append(f"levels is {self.levels}, at least 2 needed")
        if not 1 <= self.nodes <= LANES:
            faults.append(f"nodes is {self.nodes}, 1 to {LANES} are possible")
        if not 0.0 <= self.others <= 1.0:
            faults.append(f"others is {self.others}, outside [0, 1]")
        if not all(0.0 < rate < 1.0 for rate in self.today_rates + self.local_rates):
            faults.append("rates must lie strictly between 0 and 1")
        if set(self.spreads) != set(SPREADS) or min(self.spreads.values()) < 0.0:
            faults.append(f"spreads needs exactly {sorted(SPREADS)}, none negative")
        if faults:
            raise ValueError("; ".join(faults))
