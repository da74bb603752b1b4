"""What the contract's schema can't say to a generator of requests: that records are signed and linked, and who exists.

Environment: DESK (name), DESK_KEY and DESK_CERTIFICATE (PEM files), KVNRS (numbers of insured people, by comma).
"""

import base64
import hashlib
import json
import os
import re

import schemathesis
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

DESK = os.environ["DESK"]
KVNRS = os.environ["KVNRS"].split(",")
with open(os.environ["DESK_KEY"], "rb") as file:
    KEY = serialization.load_pem_private_key(file.read(), password=None)
with open(os.environ["DESK_CERTIFICATE"], "rb") as file:
    CERTIFICATE = x509.load_pem_x509_certificate(file.read()).public_bytes(serialization.Encoding.DER)

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}")
# Form is looked at before anything else: whatever breaks it is refused with one of these.
MALFORMED = {"VALIDATION", "PAYLOAD_TOO_LARGE", "NOT_FOUND"}
# Where the schema's words can't say all of the form: days that exist, check symbols, requests for certificates, the number
# of a segment's entries, a last day that has passed, a deed of tomorrow.
FORM_BEYOND_SCHEMA = {
    "enrol", "renew", "lookUpSubject", "checkRepresentative", "registerRepresentative", "redeem", "deliverCode",
    "deliverRepresentation", "deliverSegment",
}


class Chain:
    """The desk's records so far: one that the service refuses leaves a gap, which it takes."""

    seq = 0
    last = bytes(32)


def base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def canonical(value):
    """JCS (RFC 8785) of what the contract lets records hold: whole numbers, and members with ASCII names."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signature(payload):
    x5c = [base64.b64encode(CERTIFICATE).decode()]
    header = json.dumps({"alg": "ES256", "typ": "identplatz-record", "x5c": x5c}, separators=(",", ":"))
    header = base64url(header.encode())
    der = KEY.sign(f"{header}.{base64url(payload)}".encode(), ec.ECDSA(hashes.SHA256()))
    r, s = utils.decode_dss_signature(der)
    return f"{header}..{base64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def whole(value):
    """Numbers as the contract wants them written: JSON Schema takes 3.0 for a whole one."""
    if isinstance(value, dict):
        return {name: whole(member) for name, member in value.items()}
    if isinstance(value, list):
        return [whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def is_negative(case):
    return case.meta is not None and case.meta.generation.mode.is_negative


@schemathesis.hook
def before_call(context, case, kwargs):
    body = case.body
    if not isinstance(body, dict):
        return
    if is_negative(case):
        # What is wrong stays wrong; what isn't shall not be the reason.
        if isinstance(body.get("desk"), str) and NAME.fullmatch(body["desk"]):
            body["desk"] = DESK
        if isinstance(body.get("id"), str) and ID.fullmatch(body["id"]):
            body["id"] = case.path_parameters.get("id", body["id"])
        return
    body = case.body = whole(body)
    for holder in (body, body.get("person", {})):
        # Three of four are somebody's; the others are nobody's, which is an answer too.
        digest = hashlib.sha256(holder.get("kvnr", "").encode()).digest()
        if "kvnr" in holder and digest[0] % 4:
            holder["kvnr"] = KVNRS[digest[1] % len(KVNRS)]
    if "secondOperator" in body and body["secondOperator"] == body["operator"]:
        body["secondOperator"] = "s-0815" if body["operator"] != "s-0815" else "s-4711"
    if case.method.upper() == "PUT":
        Chain.seq += 1
        body.pop("signature", None)
        body["id"] = case.path_parameters["id"]
        body["desk"] = DESK
        body["chain"] = {"seq": Chain.seq, "prev": base64url(Chain.last)}
        body["signature"] = signature(canonical(body))
        Chain.last = hashlib.sha256(canonical(body)).digest()


@schemathesis.check
def malformed_is_told_from_refused(ctx, response, case):
    """What breaks the schema is refused for its form, never for its signature or its content."""
    if is_negative(case) and response.status_code >= 400 and response.status_code != 405:
        code = response.json().get("code")
        assert code in MALFORMED, f"{code} for a request outside the schema"


@schemathesis.check
def the_schema_is_all_of_the_form(ctx, response, case):
    """What fits the schema is refused for its content at most, where the schema can say all of the form."""
    operation = case.operation.definition.raw.get("operationId")
    if not is_negative(case) and operation not in FORM_BEYOND_SCHEMA and response.status_code == 422:
        code = response.json().get("code")
        assert code != "VALIDATION", f"{code} for a request within the schema"


@schemathesis.check
def signed_records_are_taken_for_signed(ctx, response, case):
    """A record that the hook has signed is refused for its content at most."""
    if not is_negative(case) and case.method.upper() == "PUT" and response.status_code >= 400:
        code = response.json().get("code")
        assert code not in {"RECORD_SIGNATURE_INVALID", "RECORD_CHAIN_FORKED", "UNAUTHENTICATED"}, code
