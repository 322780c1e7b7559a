"""How telephone numbers and addresses of mail are shown: masked, unless somebody asks for them on purpose."""

from dataclasses import dataclass

MASK = "****"


@dataclass(frozen=True)
class ContactDetails:
    """What a person or an organisation can be reached by, in full."""

    phone: str
    email: str = ""


def masked_phone(phone: str) -> str:
    """Return 138****1234 for a number; of a short one the ends alone; nothing where there is none."""
    digits = "".join(character for character in phone if character.isdecimal())
    if not phone:
        return ""
    ends = (3, 4) if len(digits) >= 11 else (2, 2) if len(digits) >= 7 else (0, 0)
    return digits[: ends[0]] + MASK + (digits[-ends[1] :] if ends[1] else "")


def masked_mail(address: str) -> str:
    """Return a***@example.org."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}***@{host}" if name else "***" if address else ""
