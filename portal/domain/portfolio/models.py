"""The weeks whose contracts to look at were chosen, account by account."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.base import Base
from portal.kernel.columns import moment


class PortfolioWeek(Base):
    """One account, one week (its Monday), once: whatever falls, nobody is told twice."""

    __tablename__ = "portfolio_week"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    week: Mapped[date] = mapped_column(Date, primary_key=True)
    at: Mapped[moment]
