"""Every setting, read from the environment once; the defaults suit one office PC."""

import secrets
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from shop.network import is_address, is_loopback, is_open_plainly, own_url


class AddressUnreadable(ValueError):
    """`DACSAN_PUBLIC_URL` is no address; `url` is what it says."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url} is no address")
        self.url = url


class Settings(BaseSettings):
    """What the installation is told from outside: variables named `DACSAN_...`."""

    model_config = SettingsConfigDict(env_prefix="DACSAN_", frozen=False, extra="ignore")

    host: str = "127.0.0.1"
    """Address the web process listens on."""
    port: int = Field(default=8000, ge=1, le=65535)
    """Port the web process listens on."""
    var: Path = Path("var")
    """Folder of the database, photos, labels, mail and the secret of this installation."""
    public_url: str = ""
    """What buyers type and labels carry; empty means this machine's own address."""
    database_url: str = ""
    """SQLAlchemy address; empty means SQLite in `var`."""
    redis_url: str = ""
    """Redis for job wake-ups and rate limits on several hosts; empty means in this process."""
    mail_url: str = ""
    """`smtp://user:password@host:port`; empty puts letters as files into `var/mail`."""
    mail_from: str = "dac-san@localhost"
    """Sender of the letters."""
    secret_key: SecretStr = SecretStr("")
    """Master key; empty means one made at the first start and kept in `var/secret.key`."""
    allow_http: bool = False
    """Allow plain http on a local network; cookies are then not `Secure`."""
    threads: int = Field(default=8, ge=2, le=64)
    """Threads of the web process."""
    workers: int = Field(default=1, ge=1, le=64)
    """Web processes; more than one needs PostgreSQL."""
    demo: bool = False
    """Load the demo at start when the database is empty."""
    metrics_token: SecretStr = SecretStr("")
    """Who sends it as a bearer token sees `/metrics`; empty means this machine alone."""
    rate_limits: bool = True
    """Limit how often one address may ask; off only behind a proxy that limits."""

    @property
    def base_url(self) -> str:
        """Return the public address without a slash at its end, or raise `AddressUnreadable`."""
        url = (self.public_url or own_url(self.host, self.port)).rstrip("/")
        if not is_address(url):
            raise AddressUnreadable(url)
        return url

    def require_address(self) -> None:
        """Raise `AddressUnreadable` before any work is begun that needs the public address."""
        _ = self.base_url

    @property
    def is_open_plainly(self) -> bool:
        """Return whether buyers would reach the shop unencrypted and nobody allowed that."""
        return is_open_plainly(self.base_url, allowed=self.allow_http)

    @property
    def is_seen_from_outside(self) -> bool:
        """Return whether the public address leads here from other machines."""
        return not is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def is_reachable(self) -> bool:
        """Return whether the servers of others, gateways among them, can call this shop."""
        return self.is_https and self.is_seen_from_outside

    @property
    def is_https(self) -> bool:
        """Return whether buyers reach the shop over https."""
        return self.base_url.startswith("https://")

    @property
    def database(self) -> str:
        """Return the SQLAlchemy address in force."""
        if self.database_url:
            return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
        return f"sqlite:///{(self.var / 'dacsan.sqlite').resolve()}"

    @cached_property
    def master_key(self) -> str:
        """Return the secret that signs and encrypts; it is made once when none is set."""
        given = self.secret_key.get_secret_value()
        if given:
            return given
        path = self.var / "secret.key"
        self.var.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            temporary = path.with_name(f"secret.{secrets.token_hex(4)}")
            temporary.touch(mode=0o600)
            temporary.write_text(secrets.token_hex(32), encoding="ascii")
            try:
                path.hardlink_to(temporary)
            except FileExistsError:
                pass
            finally:
                temporary.unlink()
        return path.read_text(encoding="ascii").strip()
