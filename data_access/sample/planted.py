"""What is hidden in the sample on purpose, so that tests and demonstrations can look for it."""

from dataclasses import dataclass

import numpy as np

from data_access.sample import figures


@dataclass(frozen=True, kw_only=True)
class Planted:
    """One truth about the area with code `area` of `level`.

    It holds from `first_back` to `last_back` months before the last month of the sample, both inclusive.
    """

    name: str
    says: str
    level: str
    area: str
    first_back: int
    last_back: int = 0

    def holds(self, back: int) -> bool:
        """Tell whether it holds in the month `back` months before the last."""
        return self.last_back <= back <= self.first_back

    def in_months(self, back: np.ndarray) -> np.ndarray:
        """Tell of each of many months whether it holds."""
        return (self.last_back <= back) & (back <= self.first_back)


LOST_SECTOR = Planted(
    name="lost_sector",
    says="a sector loses a further 30 % of its neighbourhood hours to response backfill",
    level="sector", area="WAL-05", first_back=2,
)  # fmt: skip
LOST_SHARE = 0.30

STEP_CHANGE = Planted(
    name="step_change",
    says="abstraction in one LPA steps up by about fifteen points and stays there",
    level="lpa", area=figures.COVENTRY, first_back=4,
)  # fmt: skip
STEP_SHARE = 0.20

RECORDING = Planted(
    name="recording_change",
    says="one LPA begins to close noise complaints as ASB: ASB rises by half, the calls do not",
    level="lpa", area=figures.WOLVERHAMPTON, first_back=8,
)  # fmt: skip
NOISE_SHARE = 0.5  # noise complaints as a share of the LPA's ASB

HOMICIDE = Planted(
    name="one_homicide_month",
    says="one homicide makes most of a quiet ward's harm for the month; its LPA has no other",
    level="neighbourhood", area="E05001293", first_back=1, last_back=1,
)  # fmt: skip

MISSED_WINDOW = Planted(
    name="missed_window",
    says="the patrols of one hotspot arrive when its window has ended",
    level="hotspot", area="STGP47", first_back=999,
)  # fmt: skip

RADIO_OUTAGE = Planted(
    name="radio_outage",
    says="one LPA's radios are silent for fifty minutes of every ninety: coverage falls below 60 %",
    level="lpa", area=figures.DUDLEY, first_back=3, last_back=3,
)  # fmt: skip

RADIO_IN_CAR = Planted(
    name="radio_in_car",
    says="a radio left in a parked car reports for three days off duty",
    level="officer", area="SAMPLE-00007", first_back=0,
)  # fmt: skip

IMPACT_FALL = Planted(
    name="impact_areas_safer",
    says="robbery and violence fall in Impact Areas, by a fifth, and not elsewhere",
    level="impact_area", area="SIA", first_back=6,
)  # fmt: skip
IMPACT_FALL_SHARE = 0.2

SECOND_WAVE = Planted(
    name="second_wave",
    says="every fourth violence hotspot is only patrolled from that month on, and loses three in ten street crimes",
    level="hotspot", area="STGP", first_back=11,
)  # fmt: skip
SECOND_WAVE_EVERY = 4
SECOND_WAVE_SHARE = 0.3

SLOW_RESPONSE = Planted(
    name="slow_response",
    says="the most urgent calls of one LPA wait half as long again",
    level="lpa", area=figures.SANDWELL, first_back=5,
)  # fmt: skip
SLOW_RESPONSE_FACTOR = 1.5

LONG_WAITS = Planted(
    name="long_waits",
    says="officers of one LPA wait twice as long for health staff to take over",
    level="lpa", area=figures.WALSALL, first_back=6,
)  # fmt: skip
LONG_WAITS_FACTOR = 2.0

FLAGGING = Planted(
    name="flagging",
    says="one LPA begins to flag hate crime: the flags double, the crimes do not",
    level="lpa", area=figures.SOLIHULL, first_back=7,
)  # fmt: skip

MORE_BREACHES = Planted(
    name="more_breaches",
    says="powers used in one LPA are breached more than twice as often",
    level="lpa", area=figures.COVENTRY, first_back=999,
)  # fmt: skip

LESS_CONFIDENT = Planted(
    name="less_confident",
    says="confidence in the police falls by fifteen points in one LPA",
    level="lpa", area=figures.BIRMINGHAM, first_back=6,
)  # fmt: skip
LESS_CONFIDENT_POINTS = 0.15

LATE_ACTIONS = Planted(
    name="late_actions",
    says="in one LPA most agreed actions are done late",
    level="lpa", area=figures.DUDLEY, first_back=999,
)  # fmt: skip

PLANTED = (
    LOST_SECTOR, STEP_CHANGE, RECORDING, HOMICIDE, MISSED_WINDOW, RADIO_OUTAGE, RADIO_IN_CAR, IMPACT_FALL,
    SECOND_WAVE, SLOW_RESPONSE, LONG_WAITS, FLAGGING, MORE_BREACHES, LESS_CONFIDENT, LATE_ACTIONS,
)  # fmt: skip
