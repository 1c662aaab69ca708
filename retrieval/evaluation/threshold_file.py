"""A calibration as it is stored."""

from pydantic import BaseModel, Field


class CalibrationRecord(BaseModel):
    """The threshold for the documents at a path; the path is for people who look at the file."""

    knowledge: str
    threshold: float = Field(ge=0, le=1)
