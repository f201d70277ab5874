"""A stand-in for VNPay's servers: its payment page, its notices, its answers, its faults.

It imports nothing of the package beside it but the tables of codes: both sides sign by code of
their own, so that a mistake in one is a signature that the other refuses.
"""

from integrations.payments.vnpay.simulator.app import simulate

__all__ = ["simulate"]
