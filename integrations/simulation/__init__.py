"""What simulators of providers share: reaching them without a socket."""

from integrations.simulation.transport import session_to

__all__ = ["session_to"]
