"""A calibration as it is stored."""

from pydantic import BaseModel, Field

from retrieval.meaning.loading import WORDS


class CalibrationRecord(BaseModel):
    """The threshold for the documents at a path and a reader; both of these are for people who look
    at the file."""

    knowledge: str
    threshold: float = Field(ge=0, le=1)
    reader: str = WORDS
