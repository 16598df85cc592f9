"""The numbers that the library answers with."""

from __future__ import annotations

from enum import IntEnum


class OpenEnum(IntEnum):
    """A number that only a newer library knows becomes a member too, `OTHER_<number>`."""

    @classmethod
    def _missing_(cls, value: object) -> OpenEnum:
        if type(value) is not int:
            raise ValueError(f"{cls.__name__} is a number")
        member = int.__new__(cls, value)
        member._name_ = f"OTHER_{value}"
        member._value_ = value
        return member


class Code(OpenEnum):
    """Why a call failed: `BOOTSTRAP_TOKEN_RESULT_*` of the header, where each is explained."""

    OK = 0
    NULL_POINTER = 1
    INVALID_UTF8 = 2
    INVALID_ARGUMENT = 3
    BUFFER_TOO_SMALL = 4
    PANIC = 5
    OTHER = 6
    TOKEN_EMPTY = 100
    TOKEN_LENGTH = 101
    TOKEN_MISSING_DOT = 102
    TOKEN_UPPER_CASE = 103
    TOKEN_WHITE_SPACE = 104
    TOKEN_CHARACTER = 105
    NO_RANDOMNESS = 110
    SECRET_NOT_JSON = 200
    SECRET_OTHER_KIND = 201
    SECRET_NOT_BASE64 = 202
    SECRET_MISSING_KEY = 203
    SECRET_WRONG_NAME = 204
    SECRET_MALFORMED_ID = 205
    SECRET_MALFORMED_SECRET = 206
    SECRET_MALFORMED_EXPIRATION = 207
    BAD_GROUP = 210
    UNKNOWN_USAGE = 211
    EXPIRATION_OUT_OF_RANGE = 212
    EXPIRED = 213
    JWS_NOT_DETACHED = 300
    JWS_OTHER_TOKEN = 301
    JWS_HEADER = 302
    JWS_SIGNATURE = 303
    JWS_EMPTY_KEY = 304
    PIN_MALFORMED = 310
    PIN_OF_NOTHING = 311
    NOT_PINNED = 312
    CERTIFICATE_MISSING = 320
    CERTIFICATE_NOT_PEM = 321
    CERTIFICATE_MALFORMED = 322
    CLUSTER_INFO_NOT_JSON = 330
    CLUSTER_INFO_NO_KUBECONFIG = 331
    CLUSTER_INFO_NOT_SIGNED = 332
    KUBECONFIG_MALFORMED = 340
    KUBECONFIG_OTHER_KIND = 341
    KUBECONFIG_NO_CLUSTER = 342
    KUBECONFIG_SEVERAL_CLUSTERS = 343
    KUBECONFIG_NOT_CURRENT = 344
    KUBECONFIG_SERVER = 345
    KUBECONFIG_NO_AUTHORITY = 346
    KUBECONFIG_AUTHORITY_NOT_BASE64 = 347
    AUTHORITY_EXPIRED = 350
    AUTHORITY_NOT_YET_VALID = 351


class Weakness(OpenEnum):
    """Why a token is easy to guess. `NONE`, which is false, is no proof of strength."""

    NONE = 0
    PUBLIC_EXAMPLE = 1
    REPETITION = 2
    SEQUENCE = 3
    FEW_CHARACTERS = 4
    OTHER = 5
